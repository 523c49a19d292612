#!/bin/sh
# The disk fills up while a watch runs, twice, and is emptied again. It is said
# once each time, probing goes on, what was lost is a gap and nothing is down,
# storing goes on by itself, and nothing that was committed is lost.
. "$(dirname "$0")/lab.sh"
lab_country_up "$LAB_HERE/service.country"
mkdir "$LAB/small"
mount -t tmpfs -o size=2m small "$LAB/small"

of() { look "$1" "s=$LAB/disk.log"; }
# N: wait until so many more sweeps were (or were not) stored.
more() # true|false N
{
	more_until=$(($(grep -c "\"stored\":$1" "$LAB/disk.log") + $2))
	lab_await_lines "$LAB/disk.log" $more_until "\"stored\":$1"
}
fill() { cat /dev/zero >"$LAB/small/filler" 2>/dev/null; }

lab_in vp sh -c 'echo $$ >"$1"; shift; exec "$@"' - "$LAB/pid" \
	"$LAB_BUILD/lightsout-prober" --progress json --store "$LAB/small/disk.db" \
	--targets 198.18.0.0/23 --tcp-ports 80 --rate 10000 --per-block-rate 0 --full-interval 2s \
	--watch-interval 500ms --path-interval 0s --wait 150ms --retries 80ms 2>"$LAB/disk.log" &
watch=$!
lab_await "$LAB/disk.log"
more true 8
for time in first second; do
	fill
	more false 8
	rm "$LAB/small/filler"
	more true 8
done
holds "the prober never ended" kill -0 "$(cat "$LAB/pid")"
kill -TERM "$(cat "$LAB/pid")"
wait $watch
is "... and ends well" $? 0
grep -v '"type":"sweep"' "$LAB/disk.log" | sed 's/^/# /'

is "a full disk is said once each time" "$(grep -c 'is not kept' "$LAB/disk.log")" 2
is "... and that it is over" "$(grep -c 'is kept again' "$LAB/disk.log")" 2
is "probing went on all the time" "$(of "min(x['answered'] for x in s[2:] if x['tier'] == 'full')")" 70
holds "the store is whole" "$LAB_BUILD/lightsout" store check -s "$LAB/small/disk.db"
"$LAB_BUILD/lightsout" export -s "$LAB/small/disk.db" "$LAB/disk" 2>/dev/null
is "it holds every sweep that was stored, and no other" \
	"$(look "sorted(x['sweep'] for x in s if x['stored']) == sorted(int(x['sweep']) for x in d)" \
		"s=$LAB/disk.log" "d=$LAB/disk/sweeps.csv")" True
"$LAB_BUILD/lightsout" timeline -s "$LAB/small/disk.db" --scale 120 -o "csv:$LAB/timeline.csv"
line() { look "$1" "t=$LAB/timeline.csv"; }
is "the timeline never says down, nor degraded" \
	"$(line "{x['state'] for x in t} & {'down', 'degraded'}")" none
is "it has two gaps, for want of sweeps" \
	"$(line "{x['block'] + ' ' + str(sum(y['block'] == x['block'] and y['reason'] == 'no_sweep' for y in t)) for x in t}")" \
	"198.18.0.0/24 2 198.18.1.0/24 2"
sed 's/^/# /' "$LAB/timeline.csv"
lab_done
