#!/bin/sh
# An hour of the schedule at sixty times its speed (a day with LIGHTSOUT_SOAK=1):
# a full sweep each 11 s, a watch sweep each second. No sweep is missed or late
# without saying so, memory and descriptors stay what they were, and on the wire
# the ceilings hold and the phases are even.
. "$(dirname "$0")/lab.sh"
seconds=60
[ -z "${LIGHTSOUT_SOAK:-}" ] || seconds=1440
lab_country_up "$LAB_HERE/../bench/idle.country"
# What the address sanitizer keeps of freed memory is not the prober's growth.
ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}quarantine_size_mb=0:thread_local_quarantine_size_kb=0"
export ASAN_OPTIONS

run() # OPTION...
{
	lab_in vp sh -c 'echo $$ >"$1"; shift; exec "$@"' - "$LAB/pid" \
		"$LAB_BUILD/lightsout-prober" --progress json --store "$LAB/schedule.db" \
		--targets $LAB_COUNTRY --tcp-ports 80 --wait 300ms --retries 250ms "$@"
}
run --full-interval 2s --count 2 --rate 4000 --per-block-rate 0 2>"$LAB/before.log" # whom to watch
rm "$LAB/pid"
run --full-interval 11s --watch-interval 1s --path-interval 10s --per-block-rate 60 2>"$LAB/schedule.log" &
watch=$!
lab_await "$LAB/pid"
pid=$(cat "$LAB/pid")

field() { awk -v name="$1:" '$1 == name { print $2 }' "/proc/$pid/status"; }
descriptors() { find "/proc/$pid/fd" -mindepth 1 | wc -l; }
lab_await_lines "$LAB/schedule.log" 1 '"tier":"full"' # all are known
lab_await_lines "$LAB/schedule.log" 8 '"tier":"watch"'
lab_in vp python3 "$LAB_HERE/wire.py" tun0 "$seconds" 11 1 >"$LAB/wire.log" &
wire=$!
open=$(descriptors)
sleep $((seconds / 2))
resident=$(field VmRSS) # the pages that SQLite keeps are a megabyte, and most are there by now
sleep $((seconds / 2))
grown=$(($(field VmRSS) - resident))
more=$(($(descriptors) - open))
wait "$wire"
kill -TERM "$pid"
wait "$watch"
is "the watch ends well" $? 0
grep -v '"type":"sweep"' "$LAB/schedule.log" | sed 's/^/# /'
echo "# $resident kB resident, grown by $grown kB; $open descriptors"

"$LAB_BUILD/lightsout" export -s "$LAB/schedule.db" "$LAB/schedule" 2>/dev/null
# Sweeps on the grid of the run that counts.
cat >"$LAB/grid.py" <<'END'
"""Of each tier: how many sweeps, how many late without saying so, how many numbers of the
grid without a sweep, and how many of these were counted as missed."""
import csv, json, sys
first = min(json.loads(line)["sweep"] for line in open(sys.argv[2]) if '"sweep":' in line)
missed = {json.loads(line)["sweep"]: json.loads(line)["missed"] for line in open(sys.argv[2]) if '"sweep":' in line}
rows = [row for row in csv.DictReader(open(sys.argv[1])) if int(row["sweep"]) >= first
        and "zoom" not in row["flags"]]
for tier, interval in (("full", 11), ("watch", 1)):
    tiers = sorted((row for row in rows if row["tier"] == tier), key=lambda row: float(row["start"]))
    slots = [int(float(row["start"]) // interval) for row in tiers]
    late = sum(float(row["start"]) % interval > 0.05 and "late" not in row["flags"] for row in tiers)
    gaps = sum(b - a - 1 for a, b in zip(slots, slots[1:]))
    told = sum(missed.get(int(row["sweep"]), 0) for row in tiers[1:])
    print(f"{tier} {len(tiers)} {late} {gaps} {told} {len(slots) - len(set(slots))}")
END
python3 "$LAB/grid.py" "$LAB/schedule/sweeps.csv" "$LAB/schedule.log" >"$LAB/grid"
while read -r tier count late gaps told twice; do
	echo "# $tier: $count sweeps, $late late and silent about it, $gaps missing, $told told as missed"
	interval=1
	[ "$tier" = watch ] || interval=11
	holds "$tier sweeps were made" test "$count" -ge $((seconds / interval - 1))
	is "no $tier sweep is late by more than 50 ms without saying so" "$late" 0
	is "no $tier sweep is missing that was not counted as missed" "$gaps" "$told"
	is "no $tier sweep is made twice" "$twice" 0
done <"$LAB/grid"
holds "memory is flat" test "$grown" -le 1024
is "no descriptor is left open" "$more" 0

wire() { look "$1" "w=$LAB/wire.log"; }
wire "'%d probes on the wire, %s' % (sum(w[0]['total'].values()), w[0]['most'])" | sed 's/^/# /'
holds "on the wire no block and kind gets more than 660 in 11 s" \
	test "$(wire "max(w[0]['most'].values())")" -le 660
# The watch tier by the wire: each address and kind has one phase, and the full sweeps others.
cat >"$LAB/phases.py" <<'END'
import json, sys
phases = json.load(open(sys.argv[1]))["phases"]
kept = []
worst = 1
for key, times in phases.items():
    if len(times) < int(sys.argv[2]):
        continue # full sweeps only
    near = lambda a, b, width: min((a - b) % 1, (b - a) % 1) < width
    mode = max(times, key=lambda t: sum(near(t, u, 0.005) for u in times))
    # Path probes may hold others up for as long as the rate says.
    worst = min(worst, sum(near(mode, t, 0.06) for t in times) / len(times))
    kept.append(mode)
kept.sort()
gaps = [(b - a) % 1 for a, b in zip(kept, kept[1:] + kept[:1])]
print(len(kept), round(worst, 3), round(max(gaps) * len(kept), 2))
END
python3 "$LAB/phases.py" "$LAB/wire.log" $((seconds / 2)) >"$LAB/phases"
read -r watched worst widest <"$LAB/phases"
echo "# $watched phases, at least $worst of the probes at theirs, the widest gap $widest times the mean"
holds "there is a phase for each machine and kind" test "$watched" -ge 45
holds "each keeps its phase" test "$(echo "$worst" | tr -d .)" -ge 800
# A machine that answers one kind only leaves the place of the other empty.
holds "phases are even: no gap is 2.5 times the mean" \
	test "$(awk -v gap="$widest" 'BEGIN { print gap < 2.5 }')" = 1
lab_done
