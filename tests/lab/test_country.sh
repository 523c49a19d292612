#!/bin/sh
# The simulated country, asked by a third party: every trait and every event
# does what tests/lab/README.md says, and the truth says so too.
. "$(dirname "$0")/lab.sh"

begin=$(date +%s%N)
lab_country_up "$LAB_HERE/country.country"
lab_at() # SECONDS since the beginning
{
	sleep "$(echo "$1 $begin $(date +%s%N)" |
		awk '{ left = $1 - ($3 - $2) / 1e9; print (left > 0 ? left : 0) }')"
}
ask() { lab_in vp python3 "$LAB_HERE/ask.py" "$@" >"$LAB/said"; }
said() { grep -cE "$1" "$LAB/said"; }

ask 0.9 echo:198.18.0.1 syn:198.18.0.1:80 syn:198.18.0.1:81 echo:198.18.0.2 syn:198.18.0.2:80 \
	echo:198.18.0.3 syn:198.18.0.3:80 echo:198.18.0.4 echo:198.18.0.6 echo:198.18.0.8 \
	syn:198.18.0.8:80 echo:198.18.0.9 syn:198.18.0.10:80 syn:198.18.0.10:80 \
	syn:198.18.0.11:80 echo:198.18.0.12 echo:198.18.0.99 \
	echo:198.18.0.1:ttl=1 echo:198.18.0.1:ttl=2 echo:198.18.0.1:ttl=3 \
	echo:203.0.113.1 echo:198.51.100.1 syn:198.18.2.1:80
sed 's/^/# /' "$LAB/said"
is "a host answers an echo request after its rtt, with its ttl and id" \
	"$(said '^198.18.0.1 echo-reply 1 ([5-9][0-9]|[1-9][0-9][0-9])\.. ttl=47 id=0 checksum=good')" 1
is "an open port answers SYN-ACK, with timestamps" \
	"$(said '^198.18.0.1 syn-ack 2 .* ts=[0-9]+ checksum=good')" 1
is "a closed port answers RST" "$(said '^198.18.0.1 rst 3 .* checksum=good')" 1
is "who filters other ports answers echo requests only" "$(said '^198.18.0.2 ')" 1
is "who filters ICMP answers SYNs only; its clock is 1,000 s old at 100 Hz" \
	"$(said '^198.18.0.3 ')/$(said '^198.18.0.3 syn-ack 7 .* ts=100[0-9][0-9][0-9] ')" 1/1
is "who repeats himself does so once" "$(said '^198.18.0.4 echo-reply 8 ')" 2
is "the wrong source is the neighbour's" "$(said '^198.18.0.7 echo-reply 9 ')/$(said '^198.18.0.6 ')" 1/0
is "checksums are bad where they should be" "$(said '^198.18.0.8 .* checksum=bad')" 2
is "a late host is late" "$(said '^198.18.0.9 echo-reply 12 [6-9][0-9][0-9]')" 1
is "a half-open peer acknowledges the older SYN" \
	"$(said '^198.18.0.10 syn-ack 13 ')/$(said '^198.18.0.10 ack 13 ')" 1/1
is "who has no timestamps sends none" "$(said '^198.18.0.11 syn-ack 15 .* id=[0-9]+ checksum')" 1
is "all is lost on the way to one" "$(said '^198.18.0.12 ')" 0
is "the border says nobody is there" "$(said '^198.51.100.1 unreachable-1 17 ')" 1
is "a path has three hops" "$(said '^203.0.113.1 ttl-exceeded 18 [1-9]')/$(
	said '^198.51.100.1 ttl-exceeded 19 [3-9]')/$(said '^198.18.0.1 echo-reply 20 [5-9]')" 1/1/1
is "routers answer" "$(said '^203.0.113.1 echo-reply 21 ')/$(
	said '^198.51.100.1 echo-reply 22 ')" 1/1

ask 0.3 echo:198.18.1.1 echo:198.18.1.2 echo:198.18.1.3 echo:198.18.1.4 echo:198.18.1.5
is "a limit of three a second is one" "$(said '^198.18.1.')" 3

lab_at 3.2
ask 0.3 echo:198.18.3.1 syn:198.18.2.1:80 echo:198.18.0.1
is "behind a cut line the upstream says so" "$(said '^203.0.113.1 unreachable-1 1 ')" 1
is "without power there is silence, elsewhere there is not" \
	"$(said '^198.51.100.1 unreachable-1 2 ')/$(said '^198.18.2.1 ')/$(said '^198.18.0.1 ')" 1/0/1
lab_at 5.6
ask 0.3 syn:198.18.2.1:80
is "after it the clock is young" "$(said '^198.18.2.1 syn-ack 1 .* ts=[0-9]{1,3} ')" 1
lab_at 7.2
ask 0.3 echo:198.18.3.1 echo:198.51.100.1
is "behind the border line the border says so" \
	"$(said '^198.51.100.1 unreachable-0 1 ')/$(said '^198.51.100.1 echo-reply 2 ')" 1/1
lab_at 9.1
ask 1 syn:198.18.0.1:80
holds "forged packets come in the name of the silent" \
	test "$(said '^198\.18\.0\.(1[3-9]|2)[0-9]* (echo-reply|syn-ack|rst) \?')" -gt 30
lab_at 11.2
wait "$LAB_COUNTRY_PID"
is "it ends at the end of the scenario" $? 0

truth() { look "$1" "t=$LAB/truth/timeline.csv" "o=$LAB/truth/outages.csv" \
	"h=$LAB/truth/hosts.csv" "c=$LAB/truth/counters.csv"; }
is "truth: the block on site A is up, down, and up until the border is cut" \
	"$(truth "[(x['state'], x['duration_s'][:3], x['cause']) for x in t
		if x['block'] == '198.18.2.0/24']")" \
	"[('up', '3.0', ''), ('down', '2.4', 'power_loss'), ('up', '1.6', ''), ('down', '4.0', 'upstream_disconnect')]"
is "truth: the host there lives twice" "$(truth "sum(x['address'] == '198.18.2.1' for x in h)")" 2
is "truth: two outages, the second of everything" \
	"$(truth "[(x['extent'], x['cause'], x['machines_affected']) for x in o][1:]")" \
	"[('country', 'upstream_disconnect', '21')]"
is "truth: one packet was lost" "$(truth "[x['count'] for x in c if x['counter'] == 'lost']")" "['1']"
lab_done
