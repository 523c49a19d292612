#!/bin/sh
# The disk fills up while a watch runs, twice, and is emptied again; then another program
# holds a lock on the store. It is said once each time, probing goes on, what ends
# meanwhile waits in memory and is stored when it can be: no sweep is missing. At an end
# while the disk is full the rest is told as lost, with a number and exit status 2.
. "$(dirname "$0")/lab.sh"
lab_country_up "$LAB_HERE/service.country"
mkdir "$LAB/small"
mount -t tmpfs -o size=2m small "$LAB/small"

of() { look "$1" "s=$LAB/disk.log"; }
more() # N: wait until so many more sweeps were stored
{
	more_until=$(($(grep -c '"stored":true' "$LAB/disk.log") + $1))
	lab_await_lines "$LAB/disk.log" $more_until '"stored":true'
}
fill() { cat /dev/zero >"$LAB/small/filler" 2>/dev/null; }
waits() { lab_await_lines "$LAB/disk.log" "$1" 'waits in memory'; }
again() { lab_await_lines "$LAB/disk.log" "$1" 'stored again'; }
# Two full sweeps and what is between them: the loop goes on.
sweeps_go_on() { lab_await_sent tun0 4096; }

begin()
{
	lab_in vp sh -c 'echo $$ >"$1"; shift; exec "$@"' - "$LAB/pid" \
		"$LAB_BUILD/lightsout-prober" --progress json --store "$LAB/small/disk.db" \
		--targets 198.18.0.0/23 --tcp-ports 80 --rate 10000 --per-block-rate 0 \
		--full-interval 2s --watch-interval 500ms --path-interval 0s --wait 150ms \
		--retries 80ms 2>"$LAB/disk.log" &
	watch=$!
	lab_await "$LAB/disk.log"
	pid=$(cat "$LAB/pid")
}

begin
more 8
for time in 1 2; do
	fill
	waits $time
	sweeps_go_on
	rm "$LAB/small/filler"
	again $time
	more 8
done
# Somebody's tool, in the middle of something.
mkfifo "$LAB/hold"
python3 -c 'import sqlite3, sys
store = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=20)
store.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
sys.stdin.read()' "$LAB/small/disk.db" >"$LAB/locked" <"$LAB/hold" &
exec 3>"$LAB/hold"
lab_await "$LAB/locked"
waits 3
sweeps_go_on
exec 3>&-
again 3
more 8
holds "the prober never ended" kill -0 "$pid"
kill -TERM "$pid"
wait $watch
is "... and ends well" $? 0
grep -v '"type":"sweep"' "$LAB/disk.log" | sed 's/^/# /'

is "trouble is said once each time" "$(grep -c 'waits in memory' "$LAB/disk.log")" 3
is "... a full disk" "$(grep -c 'waits in memory.*full' "$LAB/disk.log")" 2
is "... a lock" "$(grep -c 'waits in memory.*locked' "$LAB/disk.log")" 1
is "... and that it is over" "$(grep -c 'stored again; lost=0' "$LAB/disk.log")" 3
is "probing went on all the time" "$(of "min(x['answered'] for x in s[2:] if x['tier'] == 'full')")" 70
is "no sweep is lost" "$(of "all(x['stored'] for x in s)")" True
# Of the last few one may have been open at the end.
is "... and none is passed over: numbers have no gap" \
	"$(of "set(range(1, len(s) - 2)) <= {x['sweep'] for x in s}")" True
holds "the store is whole" "$LAB_BUILD/lightsout" store check -s "$LAB/small/disk.db"
"$LAB_BUILD/lightsout" export -s "$LAB/small/disk.db" "$LAB/disk" 2>/dev/null
is "it holds every sweep" \
	"$(look "sorted(x['sweep'] for x in s) == sorted(int(x['sweep']) for x in d)" \
		"s=$LAB/disk.log" "d=$LAB/disk/sweeps.csv")" True
"$LAB_BUILD/lightsout" timeline -s "$LAB/small/disk.db" --scale 120 -o "csv:$LAB/timeline.csv"
line() { look "$1" "t=$LAB/timeline.csv"; }
is "the timeline never says down, nor degraded" \
	"$(line "{x['state'] for x in t} & {'down', 'degraded'}")" none
is "... and has no gap" "$(line "{x['block'] for x in t if x['reason'] == 'no_sweep'}")" none
sed 's/^/# /' "$LAB/timeline.csv"

: >"$LAB/disk.log"
begin
more 2
fill
waits 1
sweeps_go_on
kill -TERM "$pid"
wait $watch
is "an end while the disk is full: what is lost is a matter of status 2" $? 2
is "... and a line with their number and why" \
	"$(sed -n 's/.*"text":"lightsout: \([0-9]*\) sweeps* .*not stored: .*full.*/\1/p' "$LAB/disk.log")" \
	"$(of "sum(not x['stored'] for x in s)")"
rm "$LAB/small/filler"
holds "... and the store is whole" "$LAB_BUILD/lightsout" store check -s "$LAB/small/disk.db"

# A log that nobody reads, its pipe full before the first line.
mkfifo "$LAB/unread"
exec 4<>"$LAB/unread"
dd if=/dev/zero of="$LAB/unread" bs=4096 count=16 oflag=nonblock 2>/dev/null
lab_in vp sh -c 'echo $$ >"$1"; shift; exec "$@"' - "$LAB/pid2" \
	"$LAB_BUILD/lightsout-prober" --progress json --store "$LAB/unread.db" \
	--targets 198.18.0.0/23 --tcp-ports 80 --rate 10000 --per-block-rate 0 \
	--full-interval 1s --watch-interval 1d --wait 150ms --retries 80ms 2>"$LAB/unread" &
watch=$!
lab_await "$LAB/pid2"
lab_until "no sweep was stored" sh -c \
	'"$1" store check -s "$2" 2>/dev/null | grep -q "ok: [1-9]"' - "$LAB_BUILD/lightsout" "$LAB/unread.db"
kill -TERM "$(cat "$LAB/pid2")"
wait $watch
is "a log that nobody reads stops neither the sweeps nor the end" $? 0
holds "... and they are stored" "$LAB_BUILD/lightsout" store check -s "$LAB/unread.db"
lab_done
