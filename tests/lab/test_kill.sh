#!/bin/sh
# A watch is killed at moments of chance, after none to four sweeps, and started again,
# over and over (20 times, 200 with LIGHTSOUT_SOAK=1): every sweep it had said was stored is there,
# whole and unchanged, no other is, and the watch tier goes on at once. Then it
# is ended properly, in the middle of a sweep, and stopped and continued.
. "$(dirname "$0")/lab.sh"
lab_country_up "$LAB_HERE/service.country"
kills=20
[ -z "${LIGHTSOUT_SOAK:-}" ] || kills=200

# begin NAME OPTION...: in the background, its pid in $pid.
begin()
{
	begin_name=$1
	shift
	rm -f "$LAB/pid"
	lab_in vp sh -c 'echo $$ >"$1"; shift; exec "$@"' - "$LAB/pid" \
		"$LAB_BUILD/lightsout-prober" --progress json --store "$LAB/kill.db" \
		--targets 198.18.0.0/23 --tcp-ports 80 --rate 10000 --per-block-rate 0 \
		--watch-interval 200ms --path-interval 600ms --wait 100ms --retries 50ms "$@" \
		2>"$LAB/$begin_name.log" &
	job=$!
	lab_await "$LAB/pid"
	pid=$(cat "$LAB/pid")
}
stored() { look "sum(x['stored'] for x in s)" "s=$LAB/$1.log"; }
check() { "$LAB_BUILD/lightsout" store check -s "$LAB/kill.db" 2>/dev/null >"$LAB/checked"; }

broken=0
missing=0
changed=0
odd=0
: >"$LAB/all.log"
for n in $(seq $kills); do
	begin "run$n" --full-interval 800ms
	# From the first instant on; commits are every 0.2 s.
	lab_await_lines "$LAB/run$n.log" $((n % 5)) '"stored":true'
	sleep "$(awk -v n="$n" 'BEGIN { srand(n); printf "%.3f", 0.5 * rand() }')"
	kill -KILL "$pid"
	wait "$job" 2>/dev/null
	cat "$LAB/run$n.log" >>"$LAB/all.log"
	check || broken=$((broken + 1))
	"$LAB_BUILD/lightsout" export -s "$LAB/kill.db" "$LAB/export$n" 2>/dev/null
	last=$((n - 1))
	# What was there is there still, each byte, under a header that stays.
	if [ -e "$LAB/export$last" ]; then
		for file in sweeps observations paths; do
			python3 - "$LAB/export$last/$file.csv" "$LAB/export$n/$file.csv" <<-'END' || changed=$((changed + 1))
				import sys
				before, after = (open(name).readlines() for name in sys.argv[1:])
				sys.exit(not set(before) <= set(after))
			END
		done
		rm -r "$LAB/export$last"
	fi
	look "({x['sweep'] for x in s if x['stored']} - {int(x['sweep']) for x in d}, \
		len({int(x['sweep']) for x in d} - {x['sweep'] for x in s if x['stored']}))" \
		"s=$LAB/all.log" "d=$LAB/export$n/sweeps.csv" >"$LAB/compared"
	case $(cat "$LAB/compared") in
	"(set(), 0)") ;;
	"(set(), "*) odd=$(sed 's/.*, \(.*\))/\1/' "$LAB/compared") ;; # so far
	*) missing=$((missing + 1)) ;;
	esac
done
of() { look "$1" "s=$LAB/all.log" "d=$LAB/export$kills/sweeps.csv" "o=$LAB/export$kills/observations.csv"; }
echo "# $kills kills, $(of "len(d)") sweeps, $(of "len(o)") observations, $odd committed and not yet told"
holds "there was something to lose" test "$(of "len(d)")" -gt $kills
is "the store is whole after each kill" $broken 0
is "every sweep told as stored is there" $missing 0
is "what was stored never changes" $changed 0
# Killed between the commit and the line that tells of it: at most once a kill.
holds "no other sweep is there" test "$odd" -le "$kills"
is "each number is given once" "$(of "len(d) == len({x['sweep'] for x in d})")" True
is "no sweep is half there" "$(of "{x['sweep'] for x in d if int(x['received']) != \
	sum(y['sweep'] == x['sweep'] and y['outcome'] not in ('silent', 'unsent') for y in o)} |
	{x['sweep'] for x in d if x['tier'] == 'full' and int(x['probed']) != 1024}")" none

# No full sweep for an hour: whom to watch is known from the store.
begin learned --full-interval 3600s
lab_await_lines "$LAB/learned.log" 8 '"stored":true'
kill -TERM "$pid"
wait "$job"
is "SIGTERM ends it well" $? 0
holds "what was learned is known at once: the watch goes on" test "$(stored learned)" -ge 6
is "... and watches all 40 machines" \
	"$(look "{str(x['answered']) for x in s if not x['path']}" "s=$LAB/learned.log")" 70

# A full sweep takes its time at 1,024 probes with a rate of 1,500: ended in its middle.
begin term --full-interval 2s --rate 1500
lab_await_lines "$LAB/term.log" 1 '"tier":"full"'
lab_await_sent tun0 500
told=$(stored term)
before=$(grep -c . "$LAB/export$kills/sweeps.csv")
kill -TERM "$pid"
wait "$job"
is "ended in the middle of a full sweep" $? 0
check
is "... the store is whole" $? 0
"$LAB_BUILD/lightsout" export -s "$LAB/kill.db" "$LAB/export" 2>/dev/null
holds "... and holds what had ended" \
	test "$(grep -c . "$LAB/export/sweeps.csv")" -ge $((before + told))

# Stopped for three seconds, as a machine that sleeps, and continued.
mv "$LAB/kill.db" "$LAB/killed.db"
rm -f "$LAB"/kill.db-*
begin stop --full-interval 800ms
lab_await_lines "$LAB/stop.log" 15 '"stored":true'
kill -STOP "$pid"
sleep 3
kill -CONT "$pid"
lab_await_lines "$LAB/stop.log" $(($(grep -c '"stored":true' "$LAB/stop.log") + 12)) '"stored":true'
kill -TERM "$pid"
wait "$job"
is "stopped and continued, it goes on and ends well" $? 0
stop() { look "$1" "s=$LAB/stop.log"; }
holds "... a sweep says that we were stopped" \
	test "$(stop "sum('suspended' in x['flags'] for x in s)")" -ge 1
holds "... and what passed unused is counted" test "$(stop "sum(x['missed'] for x in s)")" -ge 10
"$LAB_BUILD/lightsout" timeline -s "$LAB/kill.db" --scale 300 -o "csv:$LAB/timeline.csv"
is "... nothing is called down or degraded" \
	"$(look "{x['state'] for x in t} & {'down', 'degraded'}" "t=$LAB/timeline.csv")" none
is "... and the time is a gap, of three seconds or a little more" "$(look "{x['block'] for x in t
	if x['reason'] == 'no_sweep' and 2.5 < float(x['duration_s']) < 8}" "t=$LAB/timeline.csv")" \
	"198.18.0.0/24 198.18.1.0/24"
sed 's/^/# /' "$LAB/timeline.csv"
lab_done
