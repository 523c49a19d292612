#!/bin/sh
# Half a minute of history, a cut line and a power failure, watched once in half
# a second: the timeline says down where it was down and nowhere else; the
# dataset shows who reported the cut, and whose clocks began anew.
. "$(dirname "$0")/lab.sh"
lab_country_up "$LAB_HERE/history.country"
lab_probe history --targets 198.18.0.0/22 --upstream $LAB_UPSTREAM --methods icmp,tcp --tcp-ports 80 --rate 10000 \
	--full-interval 500ms --wait 150ms --retries 80ms --count 60
is "the watch ends well" $? 0
lab_country_down
"$LAB_BUILD/lightsout" export -s "$LAB/history.db" "$LAB/history" 2>/dev/null
"$LAB_BUILD/lightsout" timeline -s "$LAB/history.db" --scale 120 -o "csv:$LAB/timeline.csv"
python3 "$LAB_HERE/beside.py" "$LAB/truth" "$LAB" >"$LAB/beside"
sed 's/^/# /' "$LAB/beside"

of() { look "$1" "seen=$LAB/timeline.csv" "truth=$LAB/truth/timeline.csv" \
	"o=$LAB/history/observations.csv" "hosts=$LAB/truth/hosts.csv"; }
# Rows of a tenth of a second and less are the first sweep finding out.
for block in 0 1 2 3; do
	is "198.18.$block.0/24 has the states it had, in their order" \
		"$(of "[x['state'] for x in seen if x['block'] == '198.18.$block.0/24' and float(x['duration_s']) > 0.1]")" \
		"$(of "[x['state'] for x in truth if x['block'] == '198.18.$block.0/24']")"
done
holds "... for 97 % of the time or more" test "$(awk '/the same for/ { print int($4) }' "$LAB/beside")" -ge 97
is "the cut is told by the upstream router, network unreachable" "$(of "
	{' '.join((x['responder'], x['icmp_type'], x['icmp_code'])) for x in o
		if x['outcome'] == 'unreachable'}")" "$LAB_UPSTREAM 3 0"

# When its clock was zero, by a host's own ticks at 1,000 a second, in whole seconds.
clock="int(float(x['probed_at']) - int(x['tcp_ts']) / 1000 + 0.5)"
clocks() # FIRST LAST: how many clocks each of these hosts has shown
{
	of "{str(1 + sum(b - a > 2 for a, b in zip(boots, boots[1:])))
		for host in addresses('$1', '$2')
		for boots in [sorted($clock for x in o if x['address'] == host and x['tcp_ts'])]}"
}
is "hosts that lost power come back with a new clock" "$(clocks 198.18.0.1 198.18.0.40)" 2
is "hosts that did not run through the cut with the old one" "$(clocks 198.18.3.1 198.18.3.5)" 1
lab_done
