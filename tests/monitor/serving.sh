# For the tests of lightsout serve, read with `.`: a folder of its own, and servers that end with it.
# $1 is the program.
lightsout=$(realpath "$1")
here=$(realpath "$(dirname "$0")")
command -v curl >/dev/null || { echo "no curl here: skipped"; exit 77; }
dir=$(mktemp -d) || exit 1
pids=
finish()
{
	for p in $pids; do kill "$p" 2>/dev/null; done
	rm -rf "$dir"
}
trap finish EXIT
cd "$dir" || exit 1
failed=0

fail()
{
	echo "$1" >&2
	failed=1
}

# serve OPTION...: in the background, on a port of its own: sets $pid, $port and $url.
# $as may be a program that starts it.
as=
serve()
{
	: >err
	# shellcheck disable=SC2086
	$as timeout 300 "$lightsout" serve "$@" --listen 127.0.0.1:0 2>err &
	pid=$!
	pids="$pids $pid"
	await grep -q 'on port\|built without' err
	if grep -q 'built without libmicrohttpd' err; then
		echo "built without libmicrohttpd: skipped"
		exit 77
	fi
	port=$(sed -n 's/.*on port //p' err)
	[ -n "$port" ] || { cat err >&2; fail 'it does not listen'; exit 1; }
	url=http://127.0.0.1:$port
}

# await COMMAND...: until it is true, for 20 seconds at most.
await()
{
	tries=0
	until "$@" >/dev/null 2>&1; do
		tries=$((tries + 1))
		[ $tries -lt 100 ] || return 1
		sleep 0.2
	done
}
