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
"$LAB_BUILD/lightsout" export -s "$LAB/replies.db" "$LAB/replies" 2>/dev/null
is "the store is exported" $? 0

of() { look "$1" "s=$LAB/replies.log" "hosts=$LAB/truth/hosts.csv" "o=$LAB/replies/observations.csv"; }

# Who could answer, from the truth; the mutes of replies.country taken out.
mutes="addresses('198.18.1.21', '198.18.1.40') | addresses('198.18.1.61', '198.18.1.100')"
could_icmp="{h['address'] for h in hosts if h['icmp'] == 'yes'} - ($mutes)"
could_tcp="{h['address'] for h in hosts if '80' in h['open'].split(';') or h['other'] == 'closed'} - ($mutes)"
alive="('echo_reply', 'syn_ack', 'rst')"
for sweep in 1 2 3; do
	is "sweep $sweep: who answers pings is who could" "$(of "
		{x['address'] for x in o if x['sweep'] == '$sweep' and x['method'] == 'icmp'
			and x['outcome'] in $alive} == $could_icmp")" True
	is "sweep $sweep: who answers SYNs is who could" "$(of "
		{x['address'] for x in o if x['sweep'] == '$sweep' and x['method'] == 'tcp:80'
			and x['outcome'] in $alive} == $could_tcp")" True
done
holds "they are many, by each method" \
	test "$(of "min(len($could_icmp), len($could_tcp))")" -gt 250
is "nobody is made live by 200 forged replies a second" "$(of "
	{x['address'] for x in o if x['outcome'] in $alive} - {h['address'] for h in hosts}")" none
is "the responder is the address that was asked" "$(of "
	all(x['responder'] == x['address'] for x in o if x['outcome'] in $alive)")" True
is "timestamps are recorded where there are any" "$(of "
	{x['address'] for x in o if x['outcome'] == 'syn_ack' and not x['tcp_ts']}
	== addresses('198.18.3.101', '198.18.3.120')")" True

played() { look "sum(int(x['count']) for x in c if x['counter'] == '$1')" \
	"c=$LAB/truth/counters.csv"; }
for what in duplicate:duplicated wrong_source:wrong_source bad_checksum:bad_checksum \
	half_open:bare_acks; do
	is "${what%:*} is counted, as often as it was played" \
		"$(of "sum(x['${what%:*}'] for x in s)")" "$(played "${what#*:}")"
done
holds "forged packets are counted" \
	test "$(of "sum(x['wrong_identity'] for x in s)")" -gt 1000
holds "late replies are counted when they come" test "$(of "sum(x['late'] for x in s)")" -ge 20
is "the capture lost nothing" "$(of "sum(x['dropped'] for x in s)")" 0
lab_done
