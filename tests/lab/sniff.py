"""sniff.py DEVICE: each IPv4 packet that leaves by DEVICE, as "TIME DESTINATION" a line."""

import socket
import sys
import time

ALL = 3  # what leaves is shown to no socket that asks for less
IPV4 = 0x0800
OUTGOING = 4

s = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ALL))
s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
s.bind((sys.argv[1], ALL))
while True:
    packet, where = s.recvfrom(2048)
    if where[1] == IPV4 and where[2] == OUTGOING:
        print(f"{time.time():.6f}", socket.inet_ntoa(packet[16:20]), flush=True)
