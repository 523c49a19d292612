#!/bin/sh
# Among people who answer strangely: who is recorded as alive is exactly who
# could answer; what is forged, misaddressed, broken, late or said twice changes
# nothing and is counted.
. "$(dirname "$0")/lab.sh"
lab_country_up "$LAB_HERE/replies.country"

lab_probe replies --targets 198.18.0.0/22 --methods icmp,tcp --tcp-ports 80 --rate 5000 \
	--full-interval 3s --wait 800ms --retries 300ms --count 3
is "the watch ends well" $? 0
lab_country_down

of() { look "$1" "s=$LAB/replies.log" "hosts=$LAB/truth/hosts.csv" "cells=$LAB/replies.db"; }
answered() # METHOD BLOCK: the least and the most in any sweep
{
	of "'%d %d' % (min(n), max(n)) if (n := [c['answered'] for c in cells
		if c['method'] == '$1' and c['block'] == '198.18.$2.0/24']) else '0 0'"
}
sane=$(of "sum(block(h['address']) == '198.18.0.0/24' for h in hosts)")
is "all sane hosts answer pings" "$(answered icmp 0)" "$sane $sane"
is "all sane hosts answer SYNs" "$(answered tcp 0)" "$sane $sane"
is "of the ill-mannered only those who repeat themselves count (icmp)" "$(answered icmp 1)" "20 20"
is "of the ill-mannered only those who repeat themselves count (tcp)" "$(answered tcp 1)" "20 20"
is "forged echo replies make nobody live" "$(answered icmp 2)" "0 0"
is "forged SYN-ACKs and RSTs make nobody live" "$(answered tcp 2)" "0 0"
is "who filters TCP is found by pings" "$(answered icmp 3)" "100 100"
is "who filters ICMP is found by SYNs, half-open peers too" "$(answered tcp 3)" "100 100"

played() { look "sum(int(x['count']) for x in c if x['counter'] == '$1')" \
	"c=$LAB/truth/counters.csv"; }
for what in duplicate:duplicated wrong_source:wrong_source bad_checksum:bad_checksum \
	half_open:bare_acks; do
	is "${what%:*} is counted, as often as it was played" \
		"$(of "sum(x['${what%:*}'] for x in s)")" "$(played "${what#*:}")"
done
holds "forged packets are counted" \
	test "$(of "sum(x['wrong_identity'] for x in s)")" -gt 1500
holds "late replies are counted when they come" test "$(of "sum(x['late'] for x in s)")" -ge 20
is "the capture lost nothing" "$(of "sum(x['dropped'] for x in s)")" 0
lab_done
