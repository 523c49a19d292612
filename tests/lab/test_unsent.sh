#!/bin/sh
# Each cause why a probe does not count has its own words and its own counter: our own
# firewall, a neighbour that is not there, no route, a route that forbids, our own NAT.
. "$(dirname "$0")/lab.sh"
lab_kernel_up
lab_in vp nft -f - <<'END' || lab_skip "no nftables here"
add table ip own
add chain ip own out { type filter hook output priority 0; }
add chain ip own post { type nat hook postrouting priority 100; }
add rule ip own out ip daddr 198.18.1.0/24 drop
add rule ip own post ip daddr 198.18.3.0/24 snat to 203.0.113.99
END
lab_in vp ip route add 198.18.2.0/24 via 203.0.113.77 # nobody has it
lab_in vp ip route add prohibit 198.19.1.0/24

# unsent REASON WORDS TARGET ARGUMENT...: all of it is unsent for that reason alone, and told so.
unsent()
{
	reason=$1 words=$2
	shift 2
	lab_in vp "$LAB_BUILD/lightsout" check -q -M icmp --rate 10000 --per-block-rate 0 \
		--wait 200ms --retries 100ms -o "jsonl:$LAB/out" "$@" 2>"$LAB/err"
	is "$reason: status 3" $? 3
	sed 's/^/# /' "$LAB/err"
	is "$reason: it alone is counted" \
		"$(grep -o '"unsent_by":"[^"]*"' "$LAB/out")" "\"unsent_by\":\"$reason\""
	holds "$reason: told in its own words" grep -q "^lightsout: .*: $words" "$LAB/err"
}

unsent firewall=8 "our own firewall drops them" 198.18.1.0/29
unsent neighbour=1 "nobody on the link answers" --wait 5s 198.18.2.1
unsent no_route=1 "no route leads there" 192.0.2.1
unsent prohibited=1 "a route of ours forbids it" 198.19.1.1
unsent translated=8 "our own NAT rewrites their source" 198.18.3.0/29

# What left and what was judged are two things.
lab_in vp "$LAB_BUILD/lightsout" check -M icmp --per-block-rate 0 --wait 5s --retries 100ms \
	-o "jsonl:$LAB/out" 198.18.0.0/29 198.18.1.1 2>"$LAB/err"
sed 's/^/# /' "$LAB/err"
is "seen leaving is what the prober saw" \
	"$(sed -n 's/.*"seen_leaving":\([0-9]*\),.*"left":\([0-9]*\),.*/\1 \2/p' "$LAB/out")" "8 8"
holds "... and told" grep -q "[^0-9]8 seen leaving" "$LAB/err"
lab_done
