# shellcheck shell=sh
#
# A laboratory of network namespaces, for shell scripts to source first thing:
#
#	. "$(dirname "$0")/lab.sh"
#
# Sourcing starts the script once more inside fresh namespaces (user, when not
# root; network, mount, process), where it is process 1: when it ends, however
# it ends, the kernel takes everything away with it. Nothing ever runs in the
# network the script was started from, and nothing runs at all where there is
# a way out. Addresses are 198.18.0.0/15 and the TEST-NETs.
#
#	vp (vantage) --- up (upstream router) --- bd (border) --- co (country)     kernels
#	vp (vantage) --- tun0, behind it tests/lab/country                        simulated
#
# $LAB is a scratch directory that vanishes too. $LAB_BUILD is where programs were
# built. `lab_in vp COMMAND...` runs something at the vantage point.

# A test that cannot be made here is skipped; with LAB_MUST set that is a failure.
lab_skip()
{
	if [ -n "${LAB_MUST:-}" ]; then
		echo "lab: $*" >&2
		exit 1
	fi
	echo "1..0 # SKIP $*"
	exit 0
}

lab_die()
{
	echo "lab: $*" >&2
	exit 99
}

if [ $$ != 1 ] || [ -z "${LAB_OUTSIDE:-}" ]; then
	LAB_OUTSIDE=$(readlink /proc/self/ns/net) || lab_die "no /proc/self/ns/net"
	export LAB_OUTSIDE
	lab_user=
	[ "$(id -u)" = 0 ] || lab_user=-Ur
	# shellcheck disable=SC2086
	lab_why=$(unshare $lab_user -nmpf true 2>&1) ||
		lab_skip "no namespaces here: $lab_why"
	# shellcheck disable=SC2086
	exec unshare $lab_user -nmpf --kill-child --mount-proc sh "$0" "$@"
fi

trap 'exit 130' INT TERM
PATH=$PATH:/usr/sbin:/sbin

# The guard: another network than where we came from, and no way out of it.
[ "$(readlink /proc/self/ns/net)" != "$LAB_OUTSIDE" ] || lab_die "still in the network we came from"
lab_guard()
{
	for lab_family in -4 -6; do
		! ip "$lab_family" route show table all default 2>/dev/null |
			grep -qv '^unreachable' || lab_die "a default route leads out"
	done
}
lab_guard
unset LAB_OUTSIDE

mount -t tmpfs lab /run || lab_die "cannot mount a scratch directory"
mkdir -p /run/netns /run/lab
LAB=/run/lab
LAB_HERE=$(cd "$(dirname "$0")" && pwd)
LAB_SOURCE=${LAB_SOURCE:-$(cd "$LAB_HERE" && git rev-parse --show-toplevel 2>/dev/null ||
	(cd ../.. && pwd))}
LAB_BUILD=${LAB_BUILD:-$LAB_SOURCE/build}
export LAB LAB_SOURCE LAB_BUILD
ip link set lo up

# ---- namespaces

lab_in()
{
	lab_ns=$1
	shift
	nsenter --net="/run/netns/$lab_ns" -- "$@"
}

lab_ns_add()
{
	ip netns add "$1"
	lab_in "$1" ip link set lo up
	lab_in "$1" sh -c '
		for set in ip_forward=1 icmp_ratelimit=0 icmp_ratemask=0 icmp_msgs_per_sec=1000000 \
			icmp_msgs_burst=1000000 conf.all.rp_filter=0 conf.default.rp_filter=0; do
			name=${set%%=*}
			echo "${set#*=}" >"/proc/sys/net/ipv4/$(echo "$name" | tr . /)"
		done' 2>/dev/null || true
}

# lab_wire A DEVICE ADDRESS/LEN B DEVICE ADDRESS/LEN
lab_wire()
{
	ip link add "$2" netns "$1" type veth peer name "$5" netns "$4"
	lab_in "$1" ip address add "$3" dev "$2"
	lab_in "$4" ip address add "$6" dev "$5"
	lab_in "$1" ip link set "$2" txqueuelen 4096 up
	lab_in "$4" ip link set "$5" txqueuelen 4096 up
}

# ---- the real kernels

LAB_COUNTRY=198.18.0.0/22
LAB_VANTAGE=203.0.113.10
LAB_UPSTREAM=203.0.113.1
LAB_BORDER=198.51.100.1

lab_kernel_up()
{
	for lab_name in vp up bd co; do
		lab_ns_add "$lab_name"
	done
	lab_vantage_wire
	lab_wire up up-bd 198.51.100.2/30 bd bd-up $LAB_BORDER/30
	lab_wire bd bd-co 198.51.100.5/30 co co-bd 198.51.100.6/30
	lab_announce
	lab_in bd ip route add 203.0.113.0/24 via 198.51.100.2
	lab_in bd ip route add $LAB_COUNTRY via 198.51.100.6
	lab_in co ip route add 203.0.113.0/24 via 198.51.100.5
	lab_in co ip route add local $LAB_COUNTRY dev lo # every address answers
}

# Our own link: made, deleted, made again.
lab_vantage_wire()
{
	lab_wire vp out0 $LAB_VANTAGE/24 up up-vp $LAB_UPSTREAM/24
	lab_vantage_route
}
lab_vantage_route() { lab_in vp ip route replace 198.18.0.0/15 via $LAB_UPSTREAM; }
lab_link_delete() { lab_in vp ip link delete out0; }
lab_link_down() { lab_in vp ip link set out0 down; }
lab_link_up()
{
	lab_in vp ip link set out0 up
	lab_vantage_route
}
# The far end goes: our interface stays up and loses its carrier.
lab_carrier_down() { lab_in up ip link set up-vp down; }
lab_carrier_up() { lab_in up ip link set up-vp up; }

# The upstream's route to the country: without it, "network unreachable" comes back.
lab_announce() { lab_in up ip route replace $LAB_COUNTRY via $LAB_BORDER; }
lab_withdraw() { lab_in up ip route delete $LAB_COUNTRY; }

# A part of the country goes dark without a word.
lab_silence() { lab_in bd ip route add blackhole "$1"; }
lab_speak() { lab_in bd ip route delete blackhole "$1"; }

# Somebody listens on a TCP port, at every address.
lab_listen()
{
	nsenter --net=/run/netns/co -- python3 -c '
import socket, sys, time
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("0.0.0.0", int(sys.argv[1])))
s.listen(4096)
print("ready", flush=True)
time.sleep(3600)' "$1" >"$LAB/listen.$1" &
	lab_await "$LAB/listen.$1"
}

# ---- the simulated country

# lab_country_up SCENARIO [TRUTH]: it has begun when this returns.
lab_country_up()
{
	lab_truth=${2:-$LAB/truth}
	mkdir -p "$lab_truth"
	[ -e /run/netns/vp ] || lab_ns_add vp
	lab_in vp ip tuntap add dev tun0 mode tun 2>/dev/null || lab_skip "no tun devices here"
	lab_in vp ip address add $LAB_VANTAGE/24 dev tun0
	lab_in vp ip link set tun0 txqueuelen 4096 up
	lab_in vp ip route add 198.18.0.0/15 dev tun0
	lab_in vp ip route add 198.51.100.0/24 dev tun0
	: >"$LAB/country.out"
	nsenter --net=/run/netns/vp -- "$LAB_BUILD/tests/lab/country" -i tun0 -t "$lab_truth" "$1" >"$LAB/country.out" &
	LAB_COUNTRY_PID=$!
	lab_await "$LAB/country.out"
}

# Ends it, if it has not ended by itself; its counters are written then.
lab_country_down()
{
	kill -TERM "$LAB_COUNTRY_PID" 2>/dev/null || : # its history may have ended
	wait "$LAB_COUNTRY_PID" || :
	lab_in vp ip link delete tun0
}

# lab_until WHAT COMMAND...: until it succeeds, for half a minute. Tests wait for what is to
# happen, never for a time in which it should have.
lab_until()
{
	lab_what=$1
	lab_tries=0
	shift
	until "$@"; do
		lab_tries=$((lab_tries + 1))
		[ $lab_tries -lt 600 ] || lab_die "$lab_what"
		sleep 0.05
	done
}

# A line in a file; or N lines that match.
lab_await() { lab_until "$1: nothing came" test -s "$1"; }
lab_await_lines() # FILE N PATTERN
{
	lab_until "$1: no $2 lines of $3" \
		sh -c '[ "$(grep -c -e "$3" "$1" 2>/dev/null)" -ge "$2" ]' - "$@"
}

# N more packets have left the vantage point by this interface.
lab_await_sent() # DEVICE N
{
	lab_sent='$1 == (device ":") { print $10 + 0 }'
	lab_in vp awk -v device="$1" "$lab_sent" /proc/net/dev >"$LAB/sent"
	lab_until "$1: no $2 packets were sent" lab_in vp sh -c \
		'[ "$(awk -v device="$1" "$2" /proc/net/dev)" -ge "$3" ]' - "$1" "$lab_sent" \
		$(($(cat "$LAB/sent") + $2))
}

# ---- asserting: the output is TAP

lab_number=0
lab_failed=0

# is SENTENCE GOT WANTED
is()
{
	lab_number=$((lab_number + 1))
	if [ "$2" = "$3" ]; then
		echo "ok $lab_number - $1"
	else
		lab_failed=$((lab_failed + 1))
		echo "not ok $lab_number - $1"
		echo "# got $2, wanted $3"
	fi
}

# holds SENTENCE COMMAND...
holds()
{
	lab_sentence=$1
	shift
	# What it says is no line of ours: the output is TAP.
	if "$@" >&2; then is "$lab_sentence" yes yes; else is "$lab_sentence" "no: $*" yes; fi
}

lab_done()
{
	echo "1..$lab_number"
	[ "$lab_failed" = 0 ]
	exit
}

# CSV by the names of its columns: rows FILE 'c("state") == "down"' counts;
# column FILE NAME [CONDITION] prints.
lab_csv='function c(name) { return $(at[name]) }
FNR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }'
rows() { awk -F, "$lab_csv (${2:-1}) { n++ } END { print n + 0 }" "$1"; }
column() { awk -F, "$lab_csv (${3:-1}) { print c(\"$2\") }" "$1"; }
look() { python3 "$LAB_HERE/look.py" "$@" || echo "look.py failed"; }

# The prober at the vantage point, one JSON object a sweep on its stderr, in $LAB/NAME.log:
# lab_probe NAME OPTION... ; the store is $LAB/NAME.db. Full sweeps only: the other tier
# is put off to the next multiple of 30 days, unless asked for.
lab_probe()
{
	lab_name=$1
	shift
	lab_in vp "$LAB_BUILD/lightsout-prober" --progress json --store "$LAB/$lab_name.db" \
		--per-block-rate 0 --watch-interval 30d "$@" 2>"$LAB/$lab_name.log"
}
