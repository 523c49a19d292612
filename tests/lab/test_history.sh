#!/bin/sh
# Half a minute of history, a cut line and a power failure, watched once in half
# a second: the timeline says down where it was down and nowhere else; the
# dataset shows who reported the cut, and whose clocks began anew.
. "$(dirname "$0")/lab.sh"
lab_country_up "$LAB_HERE/history.country"
lab_probe history --targets 198.18.0.0/22 --methods icmp,tcp --tcp-ports 80 --rate 10000 \
	--full-interval 500ms --wait 150ms --retries 80ms --count 60
is "the watch ends well" $? 0
lab_country_down
"$LAB_BUILD/lightsout" export -s "$LAB/history.db" "$LAB/history" 2>/dev/null
"$LAB_BUILD/lightsout" timeline -s "$LAB/history.db" --scale 120 -o "csv:$LAB/timeline.csv"
python3 "$LAB_HERE/beside.py" "$LAB/truth/timeline.csv" "$LAB/timeline.csv" >"$LAB/beside"
sed 's/^/# /' "$LAB/beside"
