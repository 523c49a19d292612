#!/bin/sh
# Started as root the prober becomes an ordinary user before it looks at anything from
# outside, keeps what it measures wherever root told it to, and can be started again.
. "$(dirname "$0")/lab.sh"
lab_country_up "$LAB_HERE/service.country"
chmod 755 "$LAB"

# A namespace where root is alone: it stays, says so, and measures.
unshare -Urn sh -c 'ip link set lo up; exec "$@"' - "$LAB_BUILD/lightsout-prober" \
	--store "$LAB/alone.db" --methods icmp --per-block-rate 0 --full-interval 1s --count 1 \
	--wait 200ms --retries 100ms --path-interval 0s 127.0.0.1 2>"$LAB/alone.log"
is "alone in its user namespace it works" $? 0
is "... and says that it stays" "$(grep -c 'it stays root' "$LAB/alone.log")" 1

mkdir "$LAB/own"
chown 1234:1235 "$LAB/own" 2>/dev/null || lab_done # nor can this one be anybody else
mkdir "$LAB/open" "$LAB/closed" "$LAB/lists"
chmod 700 "$LAB/closed"
echo "198.18.0.2 asked us to stop" >"$LAB/lists/blocklist"
watch() # LOG STORE OPTION...: its pid is $pid
{
	log=$LAB/$1
	store=$2
	shift 2
	rm -f "$LAB/pid"
	lab_in vp sh -c 'echo $$ >"$1"; shift; exec "$@"' - "$LAB/pid" "$LAB_BUILD/lightsout-prober" \
		--store "$store" --methods icmp --per-block-rate 0 --full-interval 1s \
		--watch-interval 30d --wait 200ms --retries 100ms --path-interval 0s \
		--blocklist "$LAB/lists/blocklist" "$@" 198.18.0.0/24 2>"$log" &
	job=$!
	lab_await_lines "$log" "${sweeps:-2}" 'sweep: [0-9]* full'
	pid=$(cat "$LAB/pid")
}
field() { awk -v name="$1:" '$1 == name { $1 = ""; print }' "/proc/$pid/status"; }
end() # SIGNAL
{
	kill "-$1" "$pid"
	wait $job
}
numbers() # STORE: how many sweeps
{
	rm -rf "$LAB/export"
	"$LAB_BUILD/lightsout" export -s "$1" "$LAB/export" 2>/dev/null
	rows "$LAB/export/sweeps.csv"
}

for where in open closed; do
	watch $where.log "$LAB/$where/kp.db"
	is "$where: it is nobody" "$(field Uid),$(field Gid)" \
		" 65534 65534 65534 65534, 65534 65534 65534 65534"
	is "... in no group, without capabilities" "$(field Groups),$(field CapPrm),$(field CapEff)" \
		", 0000000000000000, 0000000000000000"
	end TERM
	is "... ends well" $? 0
	kept=$(numbers "$LAB/$where/kp.db")
	is "... all it told of is there" "$kept" "$(grep -c 'sweep: .* full' "$LAB/$where.log")"
	watch $where.again.log "$LAB/$where/kp.db"
	end KILL
	watch $where.third.log "$LAB/$where/kp.db"
	end TERM
	is "... it can be started again, killed or not" \
		"$(numbers "$LAB/$where/kp.db")" \
		"$(cat "$LAB/$where".*log | grep -c 'sweep: .* full')"
	is "... and the store is whole" "$("$LAB_BUILD/lightsout" store check -s "$LAB/$where/kp.db" 2>&1 | grep -c '^ok')" 1
done

watch own.log "$LAB/own/kp.db"
is "the directory's owner it is" "$(field Uid),$(field Gid)" " 1234 1234 1234 1234, 1235 1235 1235 1235"
is "... whose the store is" "$(stat -c %u "$LAB/own/kp.db")" 1234
end TERM
is "... and nothing is left beside it" "$(ls "$LAB/own")" kp.db

export SUDO_UID=1000 SUDO_GID=1001
watch sudo.log "$LAB/open/sudo.db"
is "who called sudo it is" "$(field Uid),$(field Gid)" " 1000 1000 1000 1000, 1001 1001 1001 1001"
end TERM
unset SUDO_UID SUDO_GID

# What a reload will not be able to read is told at the start.
is "of a list that everybody may read nothing is said" "$(grep -c 'cannot read' "$LAB/open.log")" 0
chmod 600 "$LAB/lists/blocklist"
watch closed-list.log "$LAB/open/list.db"
is "a list that only root may read is told" \
	"$(grep -c "SIGHUP cannot read $LAB/lists/blocklist" "$LAB/closed-list.log")" 1
kill -HUP "$pid"
lab_await_lines "$LAB/closed-list.log" 1 'reload: .*blocklist cannot be read: Permission denied'
end TERM

# Where the kernel has Landlock it opens nothing but what is around the files it was given.
landlock() # its version, or -1
{
	python3 -c 'import ctypes; print(ctypes.CDLL(None).syscall(444, None, 0, 1))'
}
mkdir "$LAB/elsewhere"
chmod 644 "$LAB/lists/blocklist"
cp "$LAB/lists/blocklist" "$LAB/lists/more"
echo "198.18.0.3 asked us to stop" >>"$LAB/lists/more"
cp "$LAB/lists/more" "$LAB/elsewhere/more"
names() { echo "blocklist: $1" >"$LAB/lists/kp.yaml"; }
if [ "$(landlock)" -ge 1 ]; then
	names "$LAB/lists/blocklist"
	rm -f "$LAB/pid"
	lab_in vp sh -c 'echo $$ >"$1"; shift; exec "$@"' - "$LAB/pid" "$LAB_BUILD/lightsout-prober" \
		--config "$LAB/lists/kp.yaml" --store "$LAB/open/landlock.db" --methods icmp \
		--per-block-rate 0 --full-interval 1s --watch-interval 30d --wait 200ms \
		--retries 100ms --path-interval 0s 198.18.0.0/24 2>"$LAB/landlock.log" &
	job=$!
	lab_await_lines "$LAB/landlock.log" 1 'sweep: [0-9]* full'
	pid=$(cat "$LAB/pid")
	names "$LAB/elsewhere/more"
	kill -HUP "$pid"
	lab_await_lines "$LAB/landlock.log" 1 'reload: '
	is "a file that anybody may read, elsewhere, is shut to it" \
		"$(grep -c "reload: $LAB/elsewhere/more cannot be read: Permission denied; all goes on" \
			"$LAB/landlock.log")" 1
	names "$LAB/lists/more"
	kill -HUP "$pid"
	lab_await_lines "$LAB/landlock.log" 2 'reload: '
	is "... and one beside those it was given is not" \
		"$(grep -c 'reload: addresses=254 refused=2' "$LAB/landlock.log")" 1
	end TERM
else
	echo "# no Landlock in this kernel: what it shuts is not tried"
fi

lab_in vp "$LAB_BUILD/lightsout" check -q --methods icmp --per-block-rate 0 --wait 300ms \
	-o "csv:$LAB/check.csv" 198.18.0.1 2>"$LAB/check.err"
is "a check by root sees who is there" $?,"$(cat "$LAB/check.err")" 0,
lab_done
