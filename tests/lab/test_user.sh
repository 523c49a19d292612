#!/bin/sh
# An ordinary user with CAP_NET_RAW and nothing else is enough; at work there is
# no capability left and the filter of system calls is on. Without it the
# program says how to get it.
. "$(dirname "$0")/lab.sh"
lab_country_up "$LAB_HERE/service.country"
command -v setpriv >/dev/null || lab_skip "no setpriv here"
mkdir "$LAB/own"
chmod 755 "$LAB"
# In a namespace of one user's making there is no other user; then it is this one.
user=
if chown 65534:65534 "$LAB/own" 2>/dev/null; then
	user="--reuid 65534 --regid 65534 --clear-groups"
fi
prober() # CAPABILITIES
{
	lab_caps=$1
	shift
	# shellcheck disable=SC2086
	lab_in vp setpriv $user --inh-caps="$lab_caps" --ambient-caps="$lab_caps" \
		--bounding-set="$lab_caps" --no-new-privs "$LAB_BUILD/lightsout-prober" \
		--targets 198.18.0.0/24 --methods icmp --store "$LAB/own/user.db" \
		--per-block-rate 0 "$@"
}

prober -all --once 2>"$LAB/without"
is "without CAP_NET_RAW: status 2" $? 2
is "... and one line" "$(wc -l <"$LAB/without")" 1
holds "... that names it" grep -q "CAP_NET_RAW is missing" "$LAB/without"
is "... and no store is made" "$(ls "$LAB/own")" ""

# Outside the bounding set no remedy of ours helps: neither what has no capability of its
# own, nor a file that gives it, which the kernel does not start, says otherwise.
unbound() { lab_in vp setpriv --bounding-set=-net_raw "$1/lightsout" check -M icmp 198.18.0.1; }
unbound "$LAB_BUILD" 2>"$LAB/unbound"
is "outside the bounding set: status 2" $? 2
holds "... which is said, with the remedy" grep -q "outside the bounding set.*--cap-add" "$LAB/unbound"
is "... in one line" "$(wc -l <"$LAB/unbound")" 1
mkdir "$LAB/given"
cp "$LAB_BUILD/lightsout" "$LAB_BUILD/lightsout-prober" "$LAB/given"
if setcap cap_net_raw=ep "$LAB/given/lightsout-prober" 2>/dev/null; then
	unbound "$LAB/given" 2>"$LAB/unbound"
	is "a file that gives it: status 2" $? 2
	is "... and the same one line" \
		"$(grep -c "outside the bounding set.*--cap-add" "$LAB/unbound") $(wc -l <"$LAB/unbound")" "1 1"
fi

# A filesystem that gives no file a capability: the remedy is not setcap.
# shellcheck disable=SC2016
lab_in vp unshare -m sh -c 'mount -t tmpfs -o nosuid none "$1/given" && cp "$2/lightsout-prober" "$1/given" &&
	exec setpriv --inh-caps=-all --ambient-caps=-all --bounding-set=+net_raw $3 \
	"$1/given/lightsout-prober" --once --targets 198.18.0.1 --methods icmp --store "$1/own/user.db"' \
	- "$LAB" "$LAB_BUILD" "$user" 2>"$LAB/nosuid"
is "on a filesystem mounted nosuid: status 2" $? 2
holds "... which is said" grep -q "CAP_NET_RAW is missing: .*mounted nosuid" "$LAB/nosuid"

prober -all,+net_raw --full-interval 1s --count 5 --wait 200ms --retries 80ms \
	--progress json 2>"$LAB/user.log" &
job=$!
lab_await_lines "$LAB/user.log" 1 '"sweep":'
pid=$(pgrep -x lightsout-probe)
status() { awk -v name="$1:" '$1 == name { print $2 }' "/proc/$pid/status"; }
is "at work it has no capability" "$(status CapEff) $(status CapPrm) $(status CapAmb)" \
	"0000000000000000 0000000000000000 0000000000000000"
is "... can gain no privilege" "$(status NoNewPrivs)" 1
filtered=2
! grep -q __asan_init "$LAB_BUILD/lightsout-prober" || filtered=0 # a sanitizer needs more calls
is "... and its system calls are filtered" "$(status Seccomp)" $filtered
wait $job
is "it ends well" $? 0
is "it saw who is there" "$(look "{str(x['answered']) for x in s}" "s=$LAB/user.log")" 30
lab_done
