#!/bin/sh
# A series whose targets change: a check into its store, a smaller list, somebody
# who asks to be left out. Who is not asked is unknown, never down. Then our own
# provider's line goes: its router says unreachable, and nothing is down either.
. "$(dirname "$0")/lab.sh"
lab_kernel_up
both="198.18.0.0/24 198.18.1.0/24"
watch() # STORE OPTION... TARGET...
{
	store=$1
	shift
	lab_in vp "$LAB_BUILD/lightsout-prober" -q --store "$LAB/$store.db" --methods icmp --rate 5000 \
		--per-block-rate 0 --wait 300ms --retries 200ms --full-interval 1s \
		--watch-interval 30d --path-interval 0s "$@"
}
states() # STORE BLOCK: which, in order
{
	"$LAB_BUILD/lightsout" timeline -s "$LAB/$1.db" --scale 660 -o "csv:$LAB/timeline.csv"
	column "$LAB/timeline.csv" state "c(\"block\") == \"$2\"" | tr '\n' ' ' | sed 's/ $//'
}

watch checked --count 6 $both
for time in first second third; do
	lab_in vp "$LAB_BUILD/lightsout" check -q --methods icmp --per-block-rate 0 --wait 300ms \
		--store "$LAB/checked.db" -o "csv:$LAB/$time.csv" 198.18.0.1
done
watch checked --count 3 $both
is "a check of one address says nothing of the others" \
	"$(states checked 198.18.1.0/24 | grep -c down)" 0
"$LAB_BUILD/lightsout" export -s "$LAB/checked.db" "$LAB/checked" 2>/dev/null
is "... and is told as a watch sweep" "$(rows "$LAB/checked/sweeps.csv" 'c("tier") == "watch"')" 3
is "... the list is the series' still" "$(rows "$LAB/checked/targets.csv")" 2

watch smaller --count 5 198.18.0.0/23
watch smaller --count 5 198.18.0.0/24
watch smaller --count 3 198.18.0.0/23
is "who is left out for a while is unknown for a while" "$(states smaller 198.18.1.0/24)" \
	"unknown up unknown up"
is "... and the others are up all the time" "$(states smaller 198.18.0.0/24)" "unknown up"

echo "198.18.1.0/24 asked us to stop" >"$LAB/blocklist"
watch blocked --count 5 198.18.0.0/23
watch blocked --count 5 --blocklist "$LAB/blocklist" 198.18.0.0/23
is "who asked to be left out is unknown from then on" "$(states blocked 198.18.1.0/24)" \
	"unknown up unknown"

# One of a block asked to be left out, and sorts first: the others are judged as ever.
echo "198.18.0.0 asked us to stop" >"$LAB/blocklist"
watch first --count 6 --blocklist "$LAB/blocklist" 198.18.0.0/23
lab_silence 198.18.0.0/24
watch first --count 8 --blocklist "$LAB/blocklist" 198.18.0.0/23
lab_speak 198.18.0.0/24
is "a block goes dark whose first address is blocked: it is down" \
	"$(states first 198.18.0.0/24)" "unknown up down"
is "... and its neighbour is up" "$(states first 198.18.1.0/24)" "unknown up"

# A list in the store that somebody changed: one line, and nothing is sent.
python3 - "$LAB/first.db" <<-'END'
	import sqlite3, sys
	store = sqlite3.connect(sys.argv[1])
	store.execute("UPDATE target SET len = 0, base = 0")
	store.commit()
END
watch first --count 1 198.18.0.0/23 2>"$LAB/damaged"
is "a damaged target list is refused: status" $? 2
is "... in one line" "$(sed 's/.*the store/the store/' "$LAB/damaged")" \
	"the store's targets: they are damaged: their checksum does not hold"

# The router of our own provider loses its way out, and says so.
watch line --count 6 198.18.0.0/23
lab_withdraw
watch line --count 6 198.18.0.0/23
is "unreachable by a router nobody named: nothing is down" \
	"$(states line 198.18.0.0/24 | grep -c down)" 0
lab_announce
lab_in vp ip route add 198.51.100.0/30 via $LAB_UPSTREAM
watch anchored --count 6 --anchors $LAB_BORDER 198.18.0.0/23
lab_in up ip route del 198.51.100.0/30
watch anchored --count 6 --anchors $LAB_BORDER 198.18.0.0/23
is "with an anchor that is gone too: nothing is down" \
	"$(states anchored 198.18.0.0/24 | grep -c down)" 0
lab_done
