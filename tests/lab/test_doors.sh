#!/bin/sh
# test_doors.sh DOORS: two namespaces and a veth; see doors.c.
set -eu

if [ "${1-}" != inside ]; then
	unshare -Urn true 2>/dev/null || { echo "no user namespaces here: skipped"; exit 77; }
	exec unshare -Urnm "$0" inside "$@"
fi
shift

[ -z "$(ip route show default)" ] || { echo "a default route: not a lab"; exit 1; }
dir=$(mktemp -d)
mount -t tmpfs tmpfs /run
country=
doors=
listener=
finish() {
	exec 3>&- 2>/dev/null || :
	[ -z "$listener" ] || kill "$listener" 2>/dev/null || :
	[ -z "$doors" ] || kill "$doors" 2>/dev/null || :
	[ -z "$country" ] || kill "$country" 2>/dev/null || :
	rm -rf "$dir"
}
trap finish EXIT

ip link set lo up
unshare -n sleep 60 &
country=$!
far() {
	nsenter -t "$country" -n "$@"
}
until [ "$(readlink /proc/$country/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.01; done

join() {
	ip link add vp0 type veth peer name c0 netns "$country"
	ip address add 198.18.255.1/24 dev vp0
	ip link set vp0 up
	far ip address add 198.18.255.2/24 dev c0
	far ip link set c0 up
	ip route add 198.18.0.0/22 via 198.18.255.2
}
far ip link set lo up
far ip route add local 198.18.0.0/22 dev lo
join

mkfifo "$dir/in"
"$1" 198.18.255.1 198.18.0.1 80 <"$dir/in" >"$dir/out" &
doors=$!
exec 3>"$dir/in"

lines=0
failed=0
interface=any # or the one to send out of
if setpriv --securebits +noroot --inh-caps -all "$1" 198.18.255.1 198.18.0.1 80 \
	</dev/null 2>"$dir/err" || ! grep -q 'setcap cap_net_raw=ep /' "$dir/err"; then
	echo "not ok - without CAP_NET_RAW it says how to give it"
	sed 's/^/# /' "$dir/err"
	failed=1
else
	echo "ok - without CAP_NET_RAW it says how to give it"
fi

# ask: a round of probes, and what became of them, in $said.
ask() {
	echo "$interface" >&3
	lines=$((lines + 3))
	tries=0
	until [ "$(wc -l <"$dir/out")" -ge $lines ]; do
		tries=$((tries + 1))
		[ $tries -lt 100 ] || { echo "not ok - $1: no answer from doors"; exit 1; }
		sleep 0.05
	done
	said=$(tail -n 3 "$dir/out")
}

# expect NAME ROUTE ECHO SYN: a round comes out like this. The kernel may take a
# second to bring a link up, and a busy machine longer: it is asked a few times.
expect() {
	rounds=0
	verdict="not ok"
	while [ "$verdict" != ok ] && [ $rounds -lt 6 ]; do
		[ $rounds = 0 ] || sleep 0.5
		rounds=$((rounds + 1))
		ask "$1"
		if echo "$said" | sed -n 1p | grep -Eq "$2" && echo "$said" | sed -n 2p | grep -Eq "$3" &&
			echo "$said" | sed -n 3p | grep -Eq "$4"; then
			verdict=ok
		fi
	done
	echo "$verdict - $1"
	[ "$verdict" = ok ] || failed=1
	echo "$said" | sed 's/^/# /'
}

way="^route vp0 [0-9]+ 198\.18\.255\.1 198\.18\.255\.2$"
expect "both leave and are answered" "$way" \
	'^echo sent left=1 answered=echo_reply rtt=[0-9]+ interface=[1-9]' \
	'^syn sent left=1 answered=rst rtt=[0-9]+ interface=[1-9]'

# The kernel may need a second to take the carrier away from the queue.
far ip link set c0 down
expect "a link without carrier answers nothing" "" "answered=silent" "answered=silent"
far ip link set c0 up
ip link set vp0 down
expect "a route that is gone is told" '^route ENETUNREACH' \
	'^echo ENETUNREACH left=0' '^syn ENETUNREACH left=0'
ip link set vp0 up
ip route add 198.18.0.0/22 via 198.18.255.2
expect "the link is back" "$way" 'left=1 answered=echo_reply' 'left=1 answered=rst'

ip link del vp0
expect "no interface at all" '^route ENETUNREACH' \
	'^echo ENETUNREACH left=0' '^syn ENETUNREACH left=0'
join
expect "another interface under the same name" "$way" \
	'left=1 answered=echo_reply' 'left=1 answered=rst'

# Two links, the route over the second one better.
ip link add vp1 type veth peer name c1 netns "$country"
far ip link set c1 up
ip address add 198.18.254.1/24 dev vp1
ip link set vp1 up
ip neigh add 198.18.254.2 lladdr 02:00:00:00:00:01 dev vp1
ip route add 198.18.0.0/23 via 198.18.254.2 dev vp1
expect "the better route leads nowhere" "^route vp1" 'left=1 answered=silent' 'left=1 answered=silent'
interface=vp0
expect "out of the chosen interface" "^route vp1" 'left=1 answered=echo_reply' 'left=1 answered=rst'
ip link del vp0
join
expect "out of the one that replaced it" "^route vp1" \
	'left=1 answered=echo_reply' 'left=1 answered=rst'
ip link del vp1
interface=any

# A kernel next door leaves the checksum of its SYN-ACK to a card.
nsenter -t "$country" -n "$1" listen 80 3>&- &
listener=$!
sleep 0.2
expect "a SYN-ACK with half a checksum" "$way" 'answered=echo_reply' 'left=1 answered=syn_ack'

# Without our RST the peer stays half open, and acknowledges the older SYN.
if nft 'add table ip t; add chain ip t out { type filter hook output priority 0; };
	add rule ip t out tcp flags rst drop' 2>/dev/null; then
	expect "a SYN-ACK to a peer that forgets it" "$way" '' 'answered=syn_ack .*older=0'
	expect "a half-open peer acknowledges the older SYN" "$way" \
		'answered=echo_reply' 'left=1 answered=silent .*older=1'
	nft delete table ip t
else
	echo "ok - a half-open peer # SKIP no nft here"
fi
kill "$listener"
listener=

far ip route del local 198.18.0.0/22 dev lo
far ip route add unreachable 198.18.0.0/22
far sysctl -qw net.ipv4.ip_forward=1
expect "errors from the far side" "$way" 'left=1 answered=unreachable' 'left=1 answered=unreachable'

exec 3>&-
wait "$doors" || failed=1
doors=
echo any | "$1" 198.18.255.1 198.18.255.1 80 >"$dir/loop"
if grep -q 'echo sent left=1 answered=echo_reply' "$dir/loop" &&
	grep -q 'syn sent left=1 answered=rst' "$dir/loop"; then
	echo "ok - our own host answers over loopback"
else
	echo "not ok - our own host answers over loopback"
	failed=1
fi
sed 's/^/# /' "$dir/loop"
tail -n 1 "$dir/out"
[ "$(tail -n 1 "$dir/out")" = "dropped=0 bad=0 other=0" ] || failed=1

# What was seen and what was lost add up to what there was: each probe leaving,
# and its answer. (Of which a busy kernel may owe a few.)
far ip route del unreachable 198.18.0.0/22
far ip route add local 198.18.0.0/22 dev lo
echo flood | "$1" 198.18.255.1 198.18.0.1 80 >"$dir/flood"
sed 's/^/# /' "$dir/flood"
if sed -n 1p "$dir/flood" | tr -c '0-9\n' ' ' | {
	read -r sent seen dropped
	[ "$dropped" -gt 0 ] && [ $((seen + dropped)) -le $((2 * sent)) ] &&
		[ $((seen + dropped)) -gt $((2 * sent - sent / 100)) ]
}; then
	echo "ok - every frame is seen or counted as dropped"
else
	echo "not ok - every frame is seen or counted as dropped"
	failed=1
fi

echo any | "$1" 198.18.255.1 198.18.255.255 80 >"$dir/broadcast"
if [ "$(grep -c ' EACCES left=0' "$dir/broadcast")" = 2 ]; then
	echo "ok - a broadcast address is refused"
else
	echo "not ok - a broadcast address is refused"
	failed=1
fi
sed 's/^/# /' "$dir/broadcast"
exit $failed
