#!/bin/sh
# A cut line and a power failure, by the watch tier: what tells one from the
# other is in the exported dataset. Boot epochs run through the first and begin
# anew after the second; unreachables name the router that sent them; the path
# stops where it was cut.
. "$(dirname "$0")/lab.sh"
lab_country_up "$LAB_HERE/causes.country"
watch()
{
	lab_probe "$@" --targets 198.18.0.0/23 --upstream $LAB_UPSTREAM --tcp-ports 80 \
		--rate 10000 --watch-interval 1s --path-interval 2s --wait 300ms --retries 100ms
}
watch causes --full-interval 2s --count 2 # whom to watch
watch causes --full-interval 8s --count 4
is "the watch ends well" $? 0
lab_country_down
"$LAB_BUILD/lightsout" export -s "$LAB/causes.db" "$LAB/causes" 2>/dev/null

# What happened lies between these sweeps: by the truth, and a second and a half to settle.
cat >"$LAB/when.py" <<'END'
import csv, datetime, sys
for row in csv.DictReader(open(sys.argv[1])):
    at = datetime.datetime.fromisoformat(row["time"].replace("Z", "+00:00")).timestamp()
    print("_".join(row["event"].split()[:2]) + "=%.3f" % at)
END
python3 "$LAB/when.py" "$LAB/truth/events.csv" >"$LAB/when"
sed 's/^/# /' "$LAB/when"
. "$LAB/when"
of() { look "$1" "s=$LAB/causes/sweeps.csv" "o=$LAB/causes/observations.csv" \
	"p=$LAB/causes/paths.csv"; }
# Conditions on a row x.
cut="$cut_upstream < float(x['probed_at']) < $restore_upstream - 0.2"
dark="$power_off < float(x['probed_at']) < $power_on - 0.2"
machine="block(x['address']) in ('198.18.0.0/24', '198.18.1.0/24')"

holds "watch sweeps saw both" test "$(of "min(sum(x['tier'] == 'watch' and a < float(x['start']) < b for x in s)
	for a, b in (($cut_upstream, $restore_upstream), ($power_off, $power_on)))")" -ge 4
is "no machine answers while the line is cut" \
	"$(of "{x['outcome'] for x in o if $cut and $machine} - {'silent', 'unreachable'}")" none
is "... unreachables come, all by the upstream router, network unreachable" \
	"$(of "{' '.join((x['responder'], x['icmp_type'], x['icmp_code'])) for x in o
		if $cut and x['outcome'] == 'unreachable'}")" "$LAB_UPSTREAM 3 0"
is "... for each machine" "$(of "len({x['address'] for x in o if $cut and x['outcome'] == 'unreachable'
	and $machine and 0 < int(x['address'].split('.')[3]) <= (12 if '.0.' in x['address'] else 6)})")" 18
is "while the power is off there is silence" \
	"$(of "{x['outcome'] for x in o if $dark and $machine}")" silent
is "the upstream router answers all the time" \
	"$(of "{x['outcome'] for x in o if x['address'] == '$LAB_UPSTREAM' and x['method'].startswith('icmp')}")" echo_reply

# The farthest router each path shows, and whether it arrives.
path() # CONDITION
{
	of "{' '.join([x['responder'] for x in sorted(rows, key=lambda x: int(x['ttl']))
			if x['outcome'] != 'echo_reply' and x['responder']][-1:] +
			(['target'] if any(x['outcome'] == 'echo_reply' for x in rows) else []))
		for key in {(x['sweep'], x['address']) for x in p if $1}
		for rows in [[x for x in p if (x['sweep'], x['address']) == key]]}"
}
is "the path leads through the border router to the targets" \
	"$(path "float(x['probed_at']) < $cut_upstream - 1")" "$LAB_BORDER target"
is "it stops at the upstream router while the line is cut" "$(path "$cut")" "$LAB_UPSTREAM"
is "it stops behind the border router while the power is off" "$(path "$dark")" "$LAB_BORDER"

# When its clock was zero, by a host's own ticks: 1,000 a second in one block,
# 250 in the other.
epoch="float(x['probed_at']) - int(x['tcp_ts']) / (1000 if '18.0.' in x['address'] else 250)"
jumps() # FROM TO END: hosts whose boot epoch before and after differs by more than a second
{
	of "sum(abs(median(after) - median(before)) > 1
		for host in {x['address'] for x in o if x['tcp_ts']}
		for before in [[$epoch for x in o if x['address'] == host and x['tcp_ts'] and float(x['probed_at']) < $1]]
		for after in [[$epoch for x in o if x['address'] == host and x['tcp_ts'] and $2 < float(x['probed_at']) < $3]])"
}
is "boot epochs run through the cut" "$(jumps "$cut_upstream" "$restore_upstream" "$power_off")" 0
is "boot epochs begin anew after the power failure" "$(jumps "$power_off" "$power_on" inf)" 18
lab_done
