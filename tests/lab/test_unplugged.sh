#!/bin/sh
# What the network does to a watch with its watch tier: the default route goes
# and comes, the interface flaps, our address changes. It never ends, nothing is
# called silent, let alone down, and it goes on by itself from the new address.
. "$(dirname "$0")/lab.sh"
lab_kernel_up
# Here everything is reached by the default route; this network has no way out of it.
lab_in vp ip route del 198.18.0.0/15
lab_in vp ip route add default via $LAB_UPSTREAM

of() { look "$1" "s=$LAB/unplugged.log"; }
sweeps() { grep -c '"sweep":' "$LAB/unplugged.log" 2>/dev/null || true; }
lab_wait() # N: for N more sweeps
{
	lab_await_lines "$LAB/unplugged.log" $(($(sweeps) + $1)) '"sweep":'
}

lab_in vp sh -c 'echo $$ >"$1"; shift; exec "$@"' - "$LAB/pid" \
	"$LAB_BUILD/lightsout-prober" --progress json --store "$LAB/unplugged.db" \
	--targets 198.18.0.0/28 --methods icmp --rate 1000 --per-block-rate 0 --full-interval 3s \
	--watch-interval 500ms --path-interval 1s --wait 150ms --retries 80ms 2>"$LAB/unplugged.log" &
watch=$!
lab_await "$LAB/pid"
lab_wait 12 # the watch tier is there

lab_in vp ip route del default
lab_wait 7 # a full sweep that had begun may end among the first four
gone=$(sweeps)
lab_in vp ip route add default via $LAB_UPSTREAM
lab_wait 4

for flap in 1 2 3 4 5; do
	lab_in vp ip link set out0 down
	sleep 0.2
	lab_in vp ip link set out0 up
	lab_in vp ip route replace default via $LAB_UPSTREAM
	sleep 0.3
done
lab_wait 4

# Another address, as from another lease; the old one is gone.
lab_in vp ip address del $LAB_VANTAGE/24 dev out0
lab_in vp ip address add 203.0.113.77/24 dev out0
lab_in vp ip route replace default via $LAB_UPSTREAM
lab_wait 10
kill -TERM "$(cat "$LAB/pid")"
wait $watch
is "the watch never ends before it is told to, then well" $? 0
grep -v '"type":"sweep"' "$LAB/unplugged.log" | sed 's/^/# /'

holds "there was a watch tier" test "$(of "sum(x['tier'] == 'watch' for x in s)")" -ge 20
is "every sweep is stored" "$(of "[x['stored'] for x in s].count(False)")" 0
is "without a route all is unsent" "$(of "{str(x['answered']) for x in s[$gone - 3:$gone]}")" 0
is "no address is ever called silent" "$(of "sum(x['silent'] for x in s)")" 0
of "[(x['tier'],x['planned'],x['path'],x['answered'],x['errors'],x['unsent'],x['flags']) for x in s[-4:]]" | sed 's/^/# /'
is "in the end all answer again" "$(of "all(x['answered'] == x['planned'] == 16 for x in s[-3:])")" True
"$LAB_BUILD/lightsout" export -s "$LAB/unplugged.db" "$LAB/unplugged" 2>/dev/null
is "the last sweeps come from the new address" \
	"$(look "{x['source'] for x in d[-3:]}" "d=$LAB/unplugged/sweeps.csv")" 203.0.113.77
"$LAB_BUILD/lightsout" timeline -s "$LAB/unplugged.db" --scale 120 -o "csv:$LAB/timeline.csv"
is "the timeline never says down, nor degraded" \
	"$(look "{x['state'] for x in t} & {'down', 'degraded'}" "t=$LAB/timeline.csv")" none
sed 's/^/# /' "$LAB/timeline.csv"
lab_done
