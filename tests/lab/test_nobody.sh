#!/bin/sh
# What answers and is nobody's word: a peer that still holds the connection of a run before,
# where our resets are filtered as scanners are told to do, and a box that answers for a
# whole block. Nobody comes out as silent for the one, and nobody as alive for the other.
. "$(dirname "$0")/lab.sh"
lab_kernel_up
lab_listen 80
lab_in vp nft -f - <<'END' || lab_skip "no nftables here"
table ip quiet {
	chain out {
		type filter hook output priority 0
		tcp flags & rst == rst drop
	}
}
END
outcomes() # NAME: how often each
{
	column "$LAB/$1/observations.csv" outcome | sort | uniq -c | awk '{ printf "%s=%s ", $2, $1 }'
}

# ---- a restart with half-open peers
for run in first second; do
	lab_probe $run --once --methods tcp --tcp-ports 80 --wait 500ms --retries 300ms 198.18.0.0/28
	"$LAB_BUILD/lightsout" export -q -s "$LAB/$run.db" "$LAB/$run"
done
is "the first run hears them all" "$(outcomes first)" "syn_ack=16 "
is "they hold its connections" \
	"$(lab_in co ss -Htn state syn-recv 2>/dev/null | grep -c '203.0.113.10:61013')" 16
is "to the next run nobody of them is silent: what may be life is unsent" \
	"$(outcomes second)" "unsent=16 "
lab_in vp nft delete table ip quiet

# ---- a box in the path of a watch: all of a block, on one port, and hardly an echo
lab_in co nft -f - <<'END'
table ip box {
	chain in {
		type filter hook input priority 0
		ip daddr 198.18.1.0/24 icmp type echo-request drop
	}
}
END
cat >"$LAB/watch.yaml" <<END
targets: [198.18.0.0/28, 198.18.1.0/24]
store: $LAB/box.db
tcp_ports: [80]
full_interval: 4s
watch_interval: 1s
path_interval: 0s
per_block_rate: 0
wait: 300ms
retries: []
count: 5
END
lab_in vp "$LAB_BUILD/lightsout" watch -C "$LAB/watch.yaml" 2>"$LAB/box.log"
is "the watch ends well" $? 0
is "it tells of the box, once" \
	"$(grep -c 'Z box: 198.18.1.0/24: .*a box may answer for them, and they count as nobody' "$LAB/box.log")" 1
"$LAB_BUILD/lightsout" export -q -s "$LAB/box.db" "$LAB/box"
watches=$(column "$LAB/box/sweeps.csv" sweep 'c("tier") == "watch"' | tr '\n' ' ')
watched() # PATTERN: rows of watch sweeps
{
	awk -F, -v watches=" $watches" "$lab_csv"'
		index(watches, " " c("sweep") " ") && c("address") ~ /'"$1"'/ { n++ }
		END { print n + 0 }' "$LAB/box/observations.csv"
}
holds "hosts beside it are watched" test "$(watched '^198\.18\.0\.')" -gt 15
is "nobody is watched whom the box answered for" "$(watched '^198\.18\.1\.')" 0
"$LAB_BUILD/lightsout" timeline -s "$LAB/box.db" --scale 160 -o "csv:$LAB/timeline.csv" 2>/dev/null
is "and its block is never up" \
	"$(rows "$LAB/timeline.csv" 'c("block") == "198.18.1.0/24" && c("state") != "unknown"')" 0
holds "... as the other is" test \
	"$(rows "$LAB/timeline.csv" 'c("block") == "198.18.0.0/24" && c("state") == "up"')" -gt 0
lab_done
