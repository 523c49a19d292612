#!/usr/bin/env python3
"""wire.py DEVICE SECONDS WINDOW INTERVAL: counts the probes on a device, as somebody else sees it.

One JSON object at the end: for each /24 and kind ("icmp", "tcp:80"; TTL-limited
ones too) the probes in all, and the most within any WINDOW seconds; for each
address and kind when in an interval of INTERVAL seconds they came (phases).
"""
import collections
import json
import socket
import struct
import sys
import time

ETH_P_ALL = 3


def probes(device, seconds):
    """(time, address, kind, ttl) of each echo request and SYN."""
    wire = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETH_P_ALL))
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 << 20)
    wire.bind((device, ETH_P_ALL))
    wire.settimeout(0.2)
    end = time.time() + seconds
    while (now := time.time()) < end:
        try:
            packet = wire.recv(2048)
        except TimeoutError:
            continue
        header = 4 * (packet[0] & 15)
        address = socket.inet_ntoa(packet[16:20])
        if packet[9] == 1 and packet[header] == 8:
            yield now, address, "icmp", packet[8]
        elif packet[9] == 6 and packet[header + 13] & 0x3F == 2:
            port = struct.unpack("!H", packet[header + 2:header + 4])[0]
            yield now, address, f"tcp:{port}", packet[8]


def most_within(times, window):
    most = first = 0
    for last, at in enumerate(times):
        while at - times[first] > window:
            first += 1
        most = max(most, last - first + 1)
    return most


def main():
    device, seconds, window, interval = sys.argv[1], *map(float, sys.argv[2:5])
    ceilings = collections.defaultdict(list)
    phases = collections.defaultdict(list)
    for at, address, kind, ttl in probes(device, seconds):
        block = address.rsplit(".", 1)[0] + ".0/24"
        ceilings[f"{block} {kind}"].append(at)
        if ttl > 32:
            phases[f"{address} {kind}"].append(round(at % interval, 6))
    json.dump({
        "total": {key: len(times) for key, times in ceilings.items()},
        "most": {key: most_within(times, window) for key, times in ceilings.items()},
        "phases": phases,
    }, sys.stdout)
    print()


if __name__ == "__main__":
    main()
