#!/bin/sh
# Two uplinks, each with an address of its own, and each provider drops what bears the
# other's (BCP 38): every probe leaves by the uplink that its source belongs to, whatever the
# tables say, and what cannot is unsent with its reason, never silent.
. "$(dirname "$0")/lab.sh"
lab_ns_add vp
lab_ns_add co
lab_wire vp out0 203.0.113.10/24 co in0 203.0.113.1/24
lab_wire vp out1 192.0.2.10/24 co in1 192.0.2.1/24
lab_in co ip route add local $LAB_COUNTRY dev lo
lab_in co nft -f - <<'END' || lab_skip "no nftables here"
table ip bcp38 {
	chain in {
		type filter hook prerouting priority 0
		iifname "in0" ip saddr != 203.0.113.0/24 drop
		iifname "in1" ip saddr != 192.0.2.0/24 drop
	}
}
END
block=198.18.0.0/26
host=64

check() # NAME OPTION...: one sweep into $LAB/NAME.db, and its observations
{
	name=$1
	shift
	rm -rf "$LAB/$name.db" "$LAB/$name"
	lab_in vp "$LAB_BUILD/lightsout-prober" --once --progress never --methods icmp \
		--per-block-rate 0 --rate 2000 --wait 500ms --store "$LAB/$name.db" "$@" \
		2>"$LAB/$name.log" || sed 's/^/# /' "$LAB/$name.log"
	"$LAB_BUILD/lightsout" export -q -s "$LAB/$name.db" "$LAB/$name"
}
answered() { rows "$LAB/$1/observations.csv" 'c("outcome") == "echo_reply"'; }
unsent() { rows "$LAB/$1/observations.csv" 'c("outcome") == "unsent"'; }
all_answer() # WHAT OPTION...
{
	sentence=$1
	shift
	check sweep --retries '' "$@" $block
	is "$sentence" "$(answered sweep)" $host
}

# What is no address to send from is refused, each with its own reason; as an option and
# in the file alike.
refuses() # SOURCE REASON [TARGET]
{
	printf 'source: %s\n' "$1" >"$LAB/source.yaml"
	for how in "--source $1" "--config $LAB/source.yaml"; do
		# shellcheck disable=SC2086
		lab_in vp "$LAB_BUILD/lightsout-prober" --once --store "$LAB/refused.db" $how \
			"${3:-198.18.0.1}" >"$LAB/refused" 2>&1
		is "$how is refused" "$? $(grep -c "^lightsout: source $1 .*$2" "$LAB/refused")" "2 1"
	done
}
refuses 0.0.0.0 "means no address"
refuses 224.0.0.1 "is a multicast address"
refuses 239.255.255.250 "is a multicast address"
refuses 255.255.255.255 "is the broadcast address"
refuses 240.0.0.1 "is reserved"
refuses 203.0.113.255 "is the broadcast address of a network that this machine is in"
refuses 192.0.2.255 "is the broadcast address of a network that this machine is in"
refuses 127.0.0.1 "is a loopback address"
refuses 127.1.2.3 "is a loopback address"
refuses 203.0.113.1 "is no address of this machine"
refuses 198.18.0.1 "is no address of this machine"
lab_in vp sh -c "echo 1 >/proc/sys/net/ipv4/ip_nonlocal_bind"
refuses 203.0.113.2 "is no address of this machine"
lab_in vp "$LAB_BUILD/lightsout-prober" --once --progress never --methods icmp \
	--store "$LAB/loopback.db" --source 127.0.0.1 127.0.0.2 203.0.113.10 2>/dev/null
is "loopback to ourselves is not refused" $? 0

several="nexthop via 203.0.113.1 dev out0 nexthop via 192.0.2.1 dev out1"
# shellcheck disable=SC2086
lab_in vp ip route add 198.18.0.0/15 $several
all_answer "a route with two next hops"
for policy in 1 2; do
	lab_in vp sh -c "echo $policy >/proc/sys/net/ipv4/fib_multipath_hash_policy"
	all_answer "with hash policy $policy"
done
lab_in vp sh -c "echo 0 >/proc/sys/net/ipv4/fib_multipath_hash_policy"
all_answer "a source that is named, of the one" --source 203.0.113.10
all_answer "a source that is named, of the other" --source 192.0.2.10
all_answer "an interface that is named" --interface out1

lab_in vp ip route flush 198.18.0.0/15
if lab_in vp ip nexthop add id 1 via 203.0.113.1 dev out0 2>/dev/null; then
	lab_in vp ip nexthop add id 2 via 192.0.2.1 dev out1
	lab_in vp ip nexthop add id 3 group 1/2
	lab_in vp ip route add 198.18.0.0/15 nhid 3
	all_answer "a nexthop object that is a group"
	lab_in vp ip nexthop flush >/dev/null 2>&1
fi

lab_in vp ip route flush 198.18.0.0/15
lab_in vp ip route add 198.18.0.0/15 via 203.0.113.1 metric 10
lab_in vp ip route add 198.18.0.0/15 via 192.0.2.1 metric 20
all_answer "the best of two metrics"
all_answer "the source of the second best" --source 192.0.2.10

# A table for each source, as hosts with two providers have it.
lab_in vp ip route flush 198.18.0.0/15
lab_in vp ip route add 198.18.0.0/15 via 203.0.113.1 table 100
lab_in vp ip route add 198.18.0.0/15 via 192.0.2.1 table 101
lab_in vp ip rule add from 203.0.113.10 table 100
lab_in vp ip rule add from 192.0.2.10 table 101
all_answer "a table by the source" --source 192.0.2.10
lab_in vp ip route add 198.18.0.0/15 via 203.0.113.1
all_answer "a table by the source, and one without"
lab_in vp ip rule delete from 203.0.113.10
lab_in vp ip rule delete from 192.0.2.10

# Half of the block by the other uplink; one host of it.
lab_in vp ip route add 198.18.0.32/27 via 192.0.2.1
all_answer "a longer route to half of a block"
lab_in vp ip route delete 198.18.0.32/27
lab_in vp ip route add 198.18.0.30/32 via 192.0.2.1
check host --retries 1500ms $block
is "a longer route to one host, once it strayed" "$(answered host)" $host
lab_in vp ip route delete 198.18.0.30/32

# Two providers on one wire: next hops that differ in nothing but the gateway.
lab_in vp ip address add 198.51.100.10/24 dev out0
lab_in co ip address add 198.51.100.1/24 dev in0
lab_in co nft flush table ip bcp38
lab_in vp ip route replace 198.18.0.0/15 nexthop via 203.0.113.1 dev out0 \
	nexthop via 198.51.100.1 dev out0
all_answer "two gateways on one wire"
# No interface tells the kernel which of the two is meant: the first is taken.
check second --source 198.51.100.10 --retries '' $block
is "the source of the second gateway on one wire: nobody is asked" "$(unsent second)" $host
lab_in vp ip route replace 198.18.0.0/15 via 203.0.113.1

# A table for marked packets: by the one uplink as ever, by the other with the mark.
lab_in vp ip rule add fwmark 0x17 table 101
lab_in co nft add rule ip bcp38 in iifname in0 ip saddr != 203.0.113.0/24 drop
source_of() { column "$LAB/$1/sweeps.csv" source; }
all_answer "a mark that no rule knows" --fwmark 24
is "leaves as without" "$(source_of sweep)" 203.0.113.10
all_answer "a mark" --fwmark 23
is "leaves by the table of its rule" "$(source_of sweep)" 192.0.2.10
echo "fwmark: 0x17" >"$LAB/mark.yaml"
all_answer "a mark in a file and as an option" --config "$LAB/mark.yaml" --fwmark 0x17
is "leaves by the table of its rule as well" "$(source_of sweep)" 192.0.2.10
lab_in vp "$LAB_BUILD/lightsout-prober" --once --store "$LAB/filed.db" \
	--config "$LAB/mark.yaml" $block 2>"$LAB/filed.log"
is "a mark in a file alone is refused" \
	"$? $(grep -c '^lightsout: fwmark: 23 stands in the file only' "$LAB/filed.log")" "2 1"
lab_in vp "$LAB_BUILD/lightsout" check -q -C "$LAB/mark.yaml" -M icmp -s "$LAB/marked.db" \
	198.18.0.1 >/dev/null
is "check hands on a mark that stands in a file" $? 0
"$LAB_BUILD/lightsout" export -q -s "$LAB/marked.db" "$LAB/marked"
is "and it leaves by that table too" "$(source_of marked)" 192.0.2.10
lab_in vp ip rule delete fwmark 0x17
lab_in co nft flush table ip bcp38

# A rule of our own firewall that sends what is under way another way: seen there, and
# silent to us, for the provider drops it.
lab_in co nft -f - <<'END'
table ip bcp38 {
	chain in {
		iifname "in1" ip saddr != 192.0.2.0/24 drop
	}
}
END
lab_in vp ip rule add fwmark 7 table 101
lab_in vp nft -f - <<'END'
table ip divert {
	chain out {
		type route hook output priority mangle
		ip daddr 198.18.0.0/15 meta mark set 7
	}
}
END
check diverted --anchors 203.0.113.1 --retries 1s $block
is "diverted by our own rules: nobody is silent" "$(unsent diverted)" $host
lab_done
