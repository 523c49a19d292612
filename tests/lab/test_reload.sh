#!/bin/sh
# SIGHUP while sweeps are open: settings, targets and blocklist are read again. Who is
# blocked by then gets no packet from the moment the log says so; what cannot be read
# changes nothing; a check, and whoever talked to a terminal that is gone, ends.
. "$(dirname "$0")/lab.sh"
lab_kernel_up
: >"$LAB/packets"
lab_in vp python3 "$LAB_HERE/sniff.py" out0 >"$LAB/packets" &

settings() # TARGETS STORE
{
	cat >"$LAB/watch.yaml" <<-END
		targets: [$1]
		store: $LAB/$2.db
		blocklist: $LAB/blocklist
		methods: [icmp, tcp]
		tcp_ports: [80]
		full_interval: 3s
		watch_interval: 1s
		path_interval: 1s
		per_block_rate: 0
		wait: 300ms
		retries: [200ms]
	END
}
start() # LOG COMMAND...: its pid is $pid. Whoever runs the tests under nohup ignores SIGHUP.
{
	start_log=$LAB/$1
	shift
	rm -f "$LAB/pid"
	lab_in vp sh -c 'echo $$ >"$1"; shift; exec env --default-signal=HUP "$@"' \
		- "$LAB/pid" "$@" >"$start_log.out" 2>"$start_log" &
	job=$!
	lab_await "$LAB/pid"
	pid=$(cat "$LAB/pid")
}
reload() # LOG N PATTERN: the Nth line that says so
{
	kill -HUP "$pid"
	lab_await_lines "$LAB/$1" "$2" "$3"
	date +%s.%N >"$LAB/told"
}
sent() # PATTERN [since told]
{
	awk -v since="${2:+$(cat "$LAB/told")}" '$1 > since && $2 ~ /'"$1"'/ { n++ } END { print n + 0 }' \
		"$LAB/packets"
}

# ---- a watch
echo "# nobody yet" >"$LAB/blocklist"
echo "203.0.113.77 not here" >>"$LAB/blocklist"
settings 198.18.0.0/24 watch
start watch.log "$LAB_BUILD/lightsout" watch -C "$LAB/watch.yaml"
lab_until "it does not begin" grep -q lightsout-probe "/proc/$pid/comm"
kill -HUP "$pid" # before it can read anything
lab_await_lines "$LAB/watch.log" 3 'sweep: [0-9]* watch'
is "a signal before it is ready does not end it" "$(kill -0 "$pid" 2>&1)" ""
before=$(sent '^198\.18\.0\.[0-3]$')
holds "the four are asked" test "$before" -gt 8

echo "198.18.0.0/30 asked us to stop" >>"$LAB/blocklist"
reload watch.log 1 'reload: addresses=252 refused=4'
sweeps=$(grep -c 'sweep: [0-9]* full' "$LAB/watch.log")
lab_await_lines "$LAB/watch.log" $((sweeps + 3)) 'sweep: [0-9]* full'
is "not one packet leaves for them once the log says so" "$(sent '^198\.18\.0\.[0-3]$' told)" 0
holds "... and many leave for the others" test "$(sent '^198\.18\.0\.' told)" -gt 1000

echo "198.18.0.4 asked us to stop" >>"$LAB/blocklist"
echo "198.18.0.300 asked too" >>"$LAB/blocklist"
reload watch.log 1 "reload: $LAB/blocklist:5: "
lab_await_lines "$LAB/watch.log" $((sweeps + 5)) 'sweep: [0-9]* full'
is "a list that cannot be read is told in one line" "$(grep -c blocklist:5 "$LAB/watch.log")" 1
is "... who was blocked stays blocked" "$(sent '^198\.18\.0\.[0-3]$' told)" 0
holds "... and all else goes on as it was" test "$(sent '^198\.18\.0\.4$' told)" -gt 2
sed -i '$d' "$LAB/blocklist"
# A file that somebody is just writing unblocks nobody.
keeps() # SENTENCE PATTERN
{
	reload watch.log 1 "reload: $2.*all goes on as it was"
	sweeps=$(grep -c 'sweep: [0-9]* full' "$LAB/watch.log")
	lab_await_lines "$LAB/watch.log" $((sweeps + 2)) 'sweep: [0-9]* full'
	is "$1: who was blocked stays blocked" "$(sent '^198\.18\.0\.[0-3]$' told)" 0
}
cp "$LAB/blocklist" "$LAB/whole"
: >"$LAB/blocklist"
keeps "an emptied list" "$LAB/blocklist: the blocklist is empty now and had 5 addresses"
printf '203.0.113.77\n198.18.0.0/3' >"$LAB/blocklist"
keeps "a list cut in a line" "$LAB/blocklist:2: "
printf '203.0.113.77\n198.18.0.4 asked us' >"$LAB/blocklist"
keeps "a list cut in a reason" "$LAB/blocklist: the blocklist lacks 4 addresses that it had, and"
cp "$LAB/whole" "$LAB/blocklist"
grep -v blocklist "$LAB/watch.yaml" >"$LAB/cut.yaml"
cp "$LAB/watch.yaml" "$LAB/whole.yaml"
cp "$LAB/cut.yaml" "$LAB/watch.yaml"
keeps "settings cut short" "$LAB/watch.yaml: the blocklist \"$LAB/blocklist\" is named no more"
cp "$LAB/whole.yaml" "$LAB/watch.yaml"
mv "$LAB/watch.yaml" "$LAB/away.yaml"
reload watch.log 1 "reload: $LAB/watch.yaml cannot be read"
rm "$LAB/away.yaml"

settings '198.18.0.0/24, 198.18.1.0/30' other
reload watch.log 1 'reload: store: a restart is needed'
is "other targets are taken" "$(grep -c 'reload: addresses=255 refused=5' "$LAB/watch.log")" 1
sweeps=$(grep -c 'sweep: [0-9]* full' "$LAB/watch.log")
lab_await_lines "$LAB/watch.log" $((sweeps + 3)) 'sweep: [0-9]* full'
holds "... and asked" test "$(sent '^198\.18\.1\.[0-3]$' told)" -gt 4
is "... but the new one on the list is not" "$(sent '^198\.18\.0\.[0-4]$' told)" 0
is "... and the store is the one it was" "$(ls "$LAB"/other.db 2>&1 | grep -c 'No such')" 1

settings '198.18.0.0/24' watch
sed -i 's/^blocklist: .*/blocklist: ""/' "$LAB/watch.yaml"
reload watch.log 1 'reload: 6 addresses are blocked no more'
lab_await_lines "$LAB/watch.log" $((sweeps + 6)) 'sweep: [0-9]* full'
holds "a list that is expressly none is lifted" test "$(sent '^198\.18\.0\.[0-3]$' told)" -gt 4
settings '198.18.0.0/24' watch
echo '198.18.0.0/16 all of it' >>"$LAB/blocklist"
reload watch.log 1 'reload: addresses=0'
sweeps=$(grep -c 'sweep: [0-9]* full' "$LAB/watch.log")
lab_await_lines "$LAB/watch.log" $((sweeps + 2)) 'sweep: [0-9]* full' 2>/dev/null || :
is "all may ask to be left out" "$(sent '^198\.18\.' told)" 0
is "... which is no fault of our line" "$(grep -c 'to=.*interface_down' "$LAB/watch.log")" 0
kill -TERM "$pid"
wait $job
is "it ends well" $? 0
"$LAB_BUILD/lightsout" export -s "$LAB/watch.db" "$LAB/watch" 2>/dev/null
is "the series' list has all that were ever asked" \
	"$(column "$LAB/watch/targets.csv" prefix 'c("role") == "target"' | sort | tr '\n' ' ')" \
	"198.18.0.0/24 198.18.1.0/30 "
last=$(column "$LAB/watch/sweeps.csv" sweep 'c("tier") == "full"' | tail -n 1)
is "who was left out is unsent" \
	"$(column "$LAB/watch/observations.csv" outcome \
		"c(\"sweep\") == $last && c(\"address\") == \"198.18.0.2\"" | sort -u)" unsent
holds "the store is whole" "$LAB_BUILD/lightsout" store check -s "$LAB/watch.db"

# ---- a list that cannot be read twice says what it said
start piped.log sh -c 'printf "198.18.0.9 by a pipe\n" |
	exec "$1/lightsout-prober" --store "$2/piped.db" --blocklist /dev/stdin --methods icmp \
		--per-block-rate 0 --full-interval 1s --watch-interval 30d --wait 200ms \
		--retries 100ms 198.18.0.0/28' - "$LAB_BUILD" "$LAB"
lab_await_lines "$LAB/piped.log" 1 'sweep: [0-9]* full'
pid=$(pgrep -x lightsout-probe)
reload piped.log 1 'reload: addresses=15 refused=1'
lab_await_lines "$LAB/piped.log" 3 'sweep: [0-9]* full'
is "a list from a pipe is still in force" "$(sent '^198\.18\.0\.9$' told)" 0
kill -TERM "$pid"
wait $job

# ---- a check
check() # NAME SIGNAL
{
	start "$1.log" "$LAB_BUILD/lightsout" check -q --methods icmp --rate 50 --wait 300ms \
		--per-block-rate 0 -o csv:- 198.18.0.0/24
	lab_await_sent out0 60
	kill "-$2" "$pid"
	wait $job
	echo $? >"$LAB/$1.status"
}
check term TERM
check hup HUP
is "SIGHUP ends a check as SIGTERM does" "$(cat "$LAB/hup.status")" "$(cat "$LAB/term.status")"

# ---- a terminal that is closed
cat >"$LAB/terminal.py" <<'END'
import os, pty, sys, time
pid, terminal = pty.fork()
if pid == 0:
    os.execv(sys.argv[1], sys.argv[1:])
said = b""
while b" full took=" not in said:
    said += os.read(terminal, 4096)
os.close(terminal)  # the kernel sends SIGHUP
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
END
lab_in vp timeout 30 python3 "$LAB/terminal.py" "$LAB_BUILD/lightsout-prober" --store "$LAB/terminal.db" \
	--methods icmp --per-block-rate 0 --full-interval 1s --watch-interval 30d --wait 200ms \
	198.18.0.0/28 >"$LAB/terminal.out"
is "a watch whose terminal is closed ends well" "$(cat "$LAB/terminal.out")" 0
lab_done
