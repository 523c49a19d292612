#!/usr/bin/env python3
"""ask.py SECONDS QUESTION...: asks, and prints what came back in so long.

QUESTION is echo:ADDRESS, echo:ADDRESS:ttl=N or syn:ADDRESS:PORT. One line a packet:

    ADDRESS KIND QUESTION-NUMBER RTT-MS ttl=N id=N [ts=N] checksum=good|bad

QUESTION-NUMBER is which it answers, "?" none of ours. A third opinion on packets, beside
the prober's and the country's: it shares no code with either.
"""
import select
import socket
import struct
import sys
import time

SOURCE_PORT = 61021


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def echo(number):
    body = struct.pack("!BBHHH", 8, 0, 0, 0x4C4F, number) + b"lab"
    return body[:2] + struct.pack("!H", checksum(body)) + body[4:]


def pseudo(source, target, length):
    return source + target + struct.pack("!BBH", 0, 6, length)


def syn(source, target, port, number):
    options = struct.pack("!BBHBBBBII", 2, 4, 1460, 1, 1, 8, 10, 77, 0)
    body = struct.pack("!HHIIBBHHH", SOURCE_PORT, port, 1000 * number + 5, 0,
                       (20 + len(options)) << 2, 2, 64240, 0, 0) + options
    total = checksum(pseudo(source, target, len(body)) + body)
    return body[:16] + struct.pack("!H", total) + body[18:]


def timestamp(options):
    while options and options[0]:
        if options[0] == 1:
            options = options[1:]
            continue
        if options[0] == 8:
            return struct.unpack("!I", options[2:6])[0]
        options = options[options[1]:]
    return None


def describe(packet):
    """(kind, number or None, further words)"""
    size = (packet[0] & 15) * 4
    ttl, proto = packet[8], packet[9]
    words = [f"ttl={ttl}", f"id={struct.unpack('!H', packet[4:6])[0]}"]
    body = packet[size:]
    if proto == 1:
        sound = checksum(body) == 0
        words.append(f"checksum={'good' if sound else 'bad'}")
        kind = {0: "echo-reply", 3: f"unreachable-{body[1]}", 11: "ttl-exceeded"}.get(body[0])
        if kind is None:
            return None
        own = body if body[0] == 0 else body[8 + (body[8] & 15) * 4:]
        quoted_tcp = body[0] != 0 and body[8 + 9] == 6
        if quoted_tcp:
            return kind, struct.unpack("!I", own[4:8])[0] // 1000, words
        name, number = struct.unpack("!HH", own[4:8])
        return kind, number if name == 0x4C4F else None, words
    source, target = packet[12:16], packet[16:20]
    sound = checksum(pseudo(source, target, len(body)) + body) == 0
    ports, ack, flags = struct.unpack("!H", body[2:4])[0], body[8:12], body[13]
    if ports != SOURCE_PORT:
        return None
    kind = "rst" if flags & 4 else "syn-ack" if flags & 2 else "ack"
    ack = struct.unpack("!I", ack)[0] - 1
    stamp = timestamp(body[20:(body[12] >> 4) * 4])
    words += [f"ts={stamp}"] if stamp is not None else []
    words.append(f"checksum={'good' if sound else 'bad'}")
    return kind, ack // 1000 if ack % 1000 == 5 else None, words


def main():
    wait = float(sys.argv[1])
    icmp = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
    tcp = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_TCP)
    asked = {}
    for number, question in enumerate(sys.argv[2:], 1):
        kind, address, *rest = question.split(":")
        ttl = int(rest[0][4:]) if rest and rest[0].startswith("ttl=") else 64
        icmp.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, ttl)
        asked[number] = time.monotonic()
        if kind == "echo":
            icmp.sendto(echo(number), (address, 0))
            continue
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as route:
            route.connect((address, 9))
            source = socket.inet_aton(route.getsockname()[0])
        packet = syn(source, socket.inet_aton(address), int(rest[0]), number)
        tcp.sendto(packet, (address, 0))
    end = time.monotonic() + wait
    while (left := end - time.monotonic()) > 0:
        for ready in select.select([icmp, tcp], [], [], left)[0]:
            packet = ready.recv(2048)
            told = describe(packet)
            if told is None:
                continue
            kind, number, words = told
            rtt = time.monotonic() - asked[number] if number in asked else 0
            print(socket.inet_ntoa(packet[12:16]), kind, number if number in asked else "?",
                  f"{1000 * rtt:.1f}", *words)


if __name__ == "__main__":
    main()
