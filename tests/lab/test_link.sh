#!/bin/sh
# Our own link is cut in the middle of a sweep and mended; then the interface
# goes for good, and another takes its name, with another address. What did not
# leave is unsent, nothing is taken for silence, sweeps end in time, the watch
# goes on.
. "$(dirname "$0")/lab.sh"
lab_kernel_up

of() { look "$1" "s=$LAB/link.log"; }
lab_sweeps_done() { lab_await_lines "$LAB/link.log" "$1" '"sweep":'; }

# 1,024 probes are paced over most of a second and a half, every two seconds.
lab_probe link --targets $LAB_COUNTRY --methods icmp --rate 1000 --full-interval 2s \
	--wait 300ms --retries 200ms --count 8 &
watch=$!
lab_sweeps_done 1
lab_await_sent out0 300 # into the second
lab_link_down
lab_sweeps_done 2
lab_sweeps_done 3 # all of the third without a link
lab_link_up
lab_sweeps_done 4
lab_await_sent out0 300 # into the fifth
lab_link_delete
lab_sweeps_done 6
LAB_VANTAGE=203.0.113.11
lab_vantage_wire
wait $watch
is "the watch goes on to its end" $? 0
sed 's/^/# /' "$LAB/link.log"

is "every sweep is stored" "$(of "[x['stored'] for x in s].count(True)")" 8
is "the first recorded every address" "$(of "s[0]['answered']")" 1024
for sweep in 2 5; do
	n=$((sweep - 1))
	holds "sweep $sweep, cut in the middle, has both: answered, and unsent" \
		test "$(of "s[$n]['answered'] > 0 and s[$n]['unsent'] > 0")" = True
done
is "sweep 3, without a link, is all unsent" "$(of "s[2]['unsent']")" 1024
is "sweep 6, without an interface, too" "$(of "s[5]['unsent']")" 1024
is "no address is ever called silent" "$(of "sum(x['silent'] for x in s)")" 0
is "each address is accounted for" \
	"$(of "all(x['answered'] + x['unsent'] == 1024 for x in s)")" True
is "every sweep ends before the next is due" "$(of "all(x['end'] - x['start'] < 2 for x in s)")" True
"$LAB_BUILD/lightsout" export -s "$LAB/link.db" "$LAB/link" 2>/dev/null
is "sweeps name the address they came from, none where there was none" \
	"$(look "[x['source'] for x in w]" "w=$LAB/link/sweeps.csv")" \
	"['203.0.113.10', '203.0.113.10', '', '203.0.113.10', '203.0.113.10', '', '203.0.113.11', '203.0.113.11']"
"$LAB_BUILD/lightsout" timeline -s "$LAB/link.db" --scale 330 -o "csv:$LAB/timeline.csv"
line() { look "$1" "t=$LAB/timeline.csv"; }
is "the timeline never says down, nor degraded" \
	"$(line "{x['state'] for x in t} & {'down', 'degraded'}")" none
is "each block has two gaps, unknown because unsent" \
	"$(line "sorted((b, sum(x['block'] == b and x['reason'] == 'unsent' for x in t))
		for b in {x['block'] for x in t})")" \
	"[('198.18.0.0/24', 2), ('198.18.1.0/24', 2), ('198.18.2.0/24', 2), ('198.18.3.0/24', 2)]"
is "over the new interface all answer again" "$(of "(s[7]['answered'], s[7]['left'])")" "(1024, 1024)"
lab_done
