#!/bin/sh
# A hundred sweeps of 1,024 addresses that all answer, one after the other, at
# 10,000 packets a second: every one is recorded in each, none is unsent, and
# the capture loses nothing.
. "$(dirname "$0")/lab.sh"
lab_kernel_up

lab_probe sweeps --targets $LAB_COUNTRY --methods icmp --rate 10000 --full-interval 300ms \
	--wait 100ms --retries 50ms --count 100
is "the watch ends well" $? 0
of() { look "$1" "s=$LAB/sweeps.log"; }
is "there are a hundred sweeps, all stored" "$(of 'len([x for x in s if x["stored"]])')" 100
is "each asked 1,024 addresses" "$(of 'min(x["planned"] for x in s)')" 1024
is "each recorded 1,024 answers" "$(of 'min(x["answered"] for x in s)')" 1024
is "nothing was unsent" "$(of 'sum(x["unsent"] for x in s)')" 0
is "the capture dropped nothing" "$(of 'sum(x["dropped"] for x in s)')" 0
is "no probe was seen to leave twice, none not at all" \
	"$(of 'sum(abs(x["sent"] - x["left"]) for x in s)')" 0
lab_done
