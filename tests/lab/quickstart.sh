#!/bin/sh
# quickstart.sh DIRECTORY: the stage of scripts/quickstart. Plays
# quickstart.country, lets the real prober watch it, and leaves timeline.csv,
# outages.csv and quickstart.svg in DIRECTORY. With QUICKSTART_LIVE=STORE the watch writes that one. With LAB_KEEP=DIR all that was made is copied to DIR before it vanishes.
set -eu
. "$(dirname "$0")/lab.sh"
out=$1
store=${QUICKSTART_LIVE:-$LAB/quickstart.db} # one that is looked at meanwhile lies outside

lab_country_up "$LAB_HERE/quickstart.country"
echo "a minute of history begins, an hour of life played 60 times as fast;" >&2
echo "lightsout sweeps all 1,024 addresses once a second, and judges afterwards" >&2
# What a scan over months does in minutes is done in seconds here: the same
# program, every interval divided by the country's time scale.
lab_in vp "$LAB_BUILD/lightsout" watch --targets 198.18.0.0/22 --upstream $LAB_UPSTREAM --store "$store" \
	--methods icmp,tcp --tcp-ports 80 --rate 8000 --per-block-rate 0 \
	--full-interval 1s --watch-interval 30d --wait 300ms --retries 200ms --count 60 2>"$LAB/watch.log" || {
	cat "$LAB/watch.log" >&2
	echo "quickstart: the watch failed" >&2
	exit 1
}
lab_country_down

# The judgement is told how much faster than life the country was.
mkdir "$LAB/seen"
for what in timeline outages; do
	"$LAB_BUILD/lightsout" "$what" -s "$store" --scale 60 \
		-o "csv:$LAB/seen/$what.csv"
	cp "$LAB/seen/$what.csv" "$out"
done
"$LAB_BUILD/lightsout" timeline -s "$store" --scale 60 -o "svg:$LAB/seen/quickstart.svg" \
	--caption "A minute of made-up history, an hour of life played 60 times as fast."
cp "$LAB/seen/quickstart.svg" "$out"
python3 "$LAB_HERE/beside.py" "$LAB/truth" "$LAB/seen"
[ -z "${LAB_KEEP:-}" ] || cp -r "$LAB" "$LAB_KEEP"
echo
[ "$store" = "$out/quickstart.db" ] || cp "$store" "$out"
first=$(column "$LAB/seen/outages.csv" outage | head -n 1)
echo "left in $out: $(cd "$LAB/seen" && echo *) quickstart.db"
[ -z "$first" ] || echo "why it says so: $LAB_BUILD/lightsout outages -s quickstart.db --scale 60 --explain $first"
