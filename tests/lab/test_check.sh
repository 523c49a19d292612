#!/bin/sh
# lightsout check: its four exit statuses, and what it says about a route that
# was withdrawn and about our own cut link.
. "$(dirname "$0")/lab.sh"
lab_kernel_up

# check NAME ARGUMENT...: status in $status, observations in $LAB/NAME.csv
check()
{
	name=$1
	shift
	lab_in vp "$LAB_BUILD/lightsout" check -q -M icmp --rate 10000 --per-block-rate 0 \
		--wait 200ms --retries 100ms -o "csv:$LAB/$name.csv" "$@" 2>"$LAB/$name.err"
	status=$?
	sed 's/^/# /' "$LAB/$name.err"
	return $status
}
of() { look "$1" "o=$LAB/$name.csv"; }
count() { of "sum(x['outcome'] == '$1' for x in o)"; }

check all $LAB_COUNTRY
is "all answer: status 0" $status 0
is "all answer: 1,024 echo replies" "$(count echo_reply)" 1024

lab_silence 198.18.1.0/24
check silent $LAB_COUNTRY
is "one block of four is silent, the one TARGET has answers: status 0" $status 0
is "one block is silent: 768 echo replies" "$(count echo_reply)" 768
check two 198.18.0.0/24 198.18.1.0/24
is "one of two TARGETs has no answer: status 1" $status 1
lab_speak 198.18.1.0/24

lab_withdraw
check withdrawn $LAB_COUNTRY
is "the route is withdrawn: no answer" "$(count echo_reply)" 0
holds "some addresses are recorded unreachable" test "$(count unreachable)" -gt 0
is "all by the upstream router, network unreachable" \
	"$(of "{x['responder'] + ' ' + x['icmp_type'] + '/' + x['icmp_code'] for x in o
		if x['outcome'] == 'unreachable'}")" "$LAB_UPSTREAM 3/0"
is "an error from a router nobody named proves nothing: status 3" $status 3
check withdrawn --upstream $LAB_UPSTREAM $LAB_COUNTRY
is "the named router answers, so the silence is theirs: status 1" $status 1
lab_announce

check usage 198.18.0.0/33
is "what is no target: status 2" $status 2
is "... and nothing was sent, one line says why" "$(wc -l <"$LAB/usage.err")" 1

# At 500/s the sweep takes two seconds; the link goes in the middle of it.
check cut $LAB_COUNTRY --rate 500 &
cut=$!
lab_await_sent out0 300
lab_link_down
wait $cut
is "our own link was cut in the middle of the sweep: status 3" $? 3
name=cut
is "our own link was cut: what did not leave is unsent" \
	"$(of "(sum(x['outcome'] == 'echo_reply' for x in o) + sum(x['outcome'] == 'unsent' for x in o), any(x['outcome'] == 'unsent' for x in o), any(x['outcome'] == 'silent' for x in o))")" \
	"(1024, True, False)"
check nolink $LAB_COUNTRY
is "without a link from the start: status 3" $status 3
lab_link_up
check again $LAB_COUNTRY
is "the link is back: status 0" $status 0

# Port 80 is answered for a whole block, while a router knows eight of its addresses only.
lab_in co ip rule add pref 20 lookup local
lab_in co ip rule del pref 0
for part in 8/29 16/28 32/27 64/26 128/25; do
	lab_in co ip rule add pref 10 iif co-bd ipproto icmp to 198.18.0.$part unreachable
done
check box -M icmp,tcp -p 80 198.18.0.0/24
is "a box answers for a block: status 3" $status 3
is "all of it answers port 80" "$(of "sum(x['outcome'] == 'rst' for x in o)")" 256
holds "... which is told" grep -q "198.18.0.0/24: all 256 addresses answer tcp:80 .*: a box may answer for them" \
	"$LAB/box.err"
holds "... and judges nobody" grep -q "248 of 256 addresses were not measured" "$LAB/box.err"
while lab_in co ip rule del pref 10 2>/dev/null; do :; done
check full -M icmp,tcp -p 80 198.18.0.0/24
is "a block full of hosts: status 0" $status 0
is "a block full of hosts: nothing is said of a box" "$(cat "$LAB/full.err")" ""
lab_done
