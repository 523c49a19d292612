#!/usr/bin/env python3
"""sweep.py BUILD SCRATCH ROUTER_MAC [CASE...]: what tests/bench/sweep measures, inside its lab."""
import csv
import ctypes
import os
import re
import resource
import shutil
import signal
import statistics
import struct
import subprocess
import sys
import threading
import time

BUILD, SCRATCH, ROUTER = sys.argv[1:4]
CASES = sys.argv[4:] or ["all", "some", "retry", "busy", "rtt", "cpu"]
RUNS = int(os.environ.get("RUNS", "7"))
TOOLS = os.environ.get("TOOLS", "")
HERE = os.path.dirname(os.path.abspath(__file__))
COUNTRY = "198.18.0.0/22"
ADDRESSES = [f"198.18.{a}.{b}" for a in range(4) for b in range(256)]
LIST = f"{SCRATCH}/addresses"
OUT = f"{SCRATCH}/out"


def at(namespace, *command):
    return ["nsenter", f"--net=/run/netns/{namespace}", "--", *command]


class Country:
    """The far side, for as long as the with block runs."""

    def __init__(self, text):
        self.text = text

    def __enter__(self):
        scenario = f"{SCRATCH}/bench.country"
        truth = f"{SCRATCH}/truth"
        os.makedirs(truth, exist_ok=True)
        with open(scenario, "w") as file:
            file.write(self.text)
        self.run = subprocess.Popen(
            at("co", f"{BUILD}/tests/lab/country", "-i", "tun0", "-t", truth, scenario),
            stdout=subprocess.PIPE)
        self.run.stdout.readline()
        with open(f"{truth}/hosts.csv") as file:
            self.living = {row["address"] for row in csv.DictReader(file)}
        return self

    def __exit__(self, *_):
        self.run.send_signal(signal.SIGTERM)
        self.run.wait()


class Hogs:
    """Something else to do for every processor, for as long as the with block runs."""

    BUSY = "import time\nend = time.monotonic() + 300\nwhile time.monotonic() < end: pass"

    def __enter__(self):
        self.runs = [subprocess.Popen([sys.executable, "-c", self.BUSY])
                     for _ in range(os.cpu_count())]

    def __exit__(self, *_):
        for run in self.runs:
            run.kill()
            run.wait()


def ours(*more):
    return [f"{BUILD}/lightsout", "check", "-q", "-M", "icmp", "--per-block-rate", "0",
            "-o", f"csv:{OUT}", *more]


def ours_answered():
    with open(OUT) as file:
        return {row["address"]: float(row["rtt_us"] or "nan") for row in csv.DictReader(file)
                if row["outcome"] == "echo_reply"}


def fping(*more):
    return ["fping", "-a", "-e", "-f", LIST, *more]


def fping_answered():
    with open(OUT) as file:
        return {m[1]: float(m[2]) * 1e3
                for m in re.finditer(r"^(\S+) \(([\d.]+) ms\)", file.read(), re.M)}


def nmap(*more):
    return ["nmap", "-n", "-sn", "-PE", "--disable-arp-ping", "-oX", OUT, *more, COUNTRY]


def nmap_answered():
    with open(OUT) as file:
        text = file.read()
    found = {}
    for host in re.findall(r"<host>.*?</host>", text, re.S):
        if 'state="up"' in host:
            srtt = re.search(r'srtt="(\d+)"', host)
            found[re.search(r'addr="([\d.]+)"', host)[1]] = float(srtt[1]) if srtt else float("nan")
    return found


def zmap(*more):
    return ["zmap", "-M", "icmp_echoscan", "-b", "/dev/null", "-C", f"{SCRATCH}/empty", "-i", "out0",
            "-S", "203.0.113.10", "-G", ROUTER, "-q", "-v", "0", "-o", OUT, *more, COUNTRY]


def masscan(*more):
    return ["masscan", "--ping", "-e", "out0", "--adapter-ip", "203.0.113.10", "--router-mac",
            ROUTER.replace(":", "-"), "-oL", OUT, *more, COUNTRY]


def words_answered():
    with open(OUT) as file:
        return {word: float("nan") for word in re.findall(r"198\.18\.\d+\.\d+", file.read())}


# name, command, how its output is read, how many runs at most
def tools(case):
    # 100 ms is twice the RTT; nmap -T5 comes to about as much by itself.
    wait = ["--wait", "100ms"]
    none = ["--retries", ""]
    fast = [COUNTRY]
    if case == "retry":
        none = ["--retries", "100ms"]
    yield ("lightsout -r 10000", ours("-r", "10000", *wait, *none, *fast), ours_answered, RUNS)
    yield ("lightsout -r 50000", ours("-r", "50000", *wait, *none, *fast), ours_answered, RUNS)
    yield ("lightsout -r 1000000", ours("-r", "1000000", *wait, *none, *fast), ours_answered, RUNS)
    t, r = ("100", "1") if case == "retry" else ("500", "0")
    yield (f"fping -i 0 -r {r} -t {t}", fping("-i", "0", "-r", r, "-t", t, "-B", "1"),
           fping_answered, RUNS)
    yield (f"fping -i 0.1 -r {r} -t {t}", fping("-i", "0.1", "-r", r, "-t", t, "-B", "1"),
           fping_answered, RUNS)
    more = ["-T5", "--min-rate", "10000", "--max-retries", r]
    if case == "retry":
        more += ["--initial-rtt-timeout", "100ms", "--max-rtt-timeout", "100ms"]
    yield (f"nmap {' '.join(more)}", nmap(*more), nmap_answered, RUNS)
    probes = ["-P", "2"] if case == "retry" else []
    yield (f"zmap -r 10000 -c 1 {' '.join(probes)}", zmap("-r", "10000", "-c", "1", *probes),
           words_answered, min(RUNS, 3))
    yield ("masscan --rate 10000 --wait 1", masscan("--rate", "10000", "--wait", "1"),
           words_answered, 1 if case == "retry" else min(RUNS, 3))


def children():
    with open(f"/proc/self/task/{os.getpid()}/children") as file:
        return set(file.read().split())


def reap(strangers):
    """What the command left running behind it counts as its CPU time too."""
    for pid in children() - strangers:
        os.waitpid(int(pid), 0)


def once(command):
    """Wall and CPU seconds of one run at the vantage point."""
    if os.path.exists(OUT):
        os.unlink(OUT)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    stdout = open(OUT, "w") if command[0] == "fping" else subprocess.DEVNULL
    strangers = children()
    run = subprocess.Popen(at("vp", *command), stdout=stdout, stderr=subprocess.DEVNULL,
                           stdin=subprocess.DEVNULL)
    guard = threading.Timer(60, run.kill)  # wait(timeout) would poll, in steps of 50 ms
    guard.start()
    run.wait()
    wall = time.monotonic() - start
    guard.cancel()
    reap(strangers)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if not os.path.exists(OUT):
        open(OUT, "w").close()
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def spread(values, unit=1e3):
    values = [v * unit for v in values]
    return f"{statistics.median(values):.0f} ({min(values):.0f}-{max(values):.0f})"


def compare(case, text, title):
    print(f"\n{title}\n")
    print("| command | wall ms | CPU ms | recorded | wrong | of the fastest complete peer |")
    print("|---|---|---|---|---|---|")
    rows = []
    with Country(text) as country:
        for name, command, answered, runs in tools(case):
            if not re.search(TOOLS, name):
                continue
            if not shutil.which(command[0]):
                print(f"sweep: {command[0]} is not installed: left out", file=sys.stderr)
                continue
            awake = None
            if command[0] == "masscan":  # it ends only when something else arrives
                awake = subprocess.Popen(at("vp", "ping", "-q", "-i", "0.2", "203.0.113.1"),
                                         stdout=subprocess.DEVNULL)
            walls, cpus, rights, wrong = [], [], [], 0
            for _ in range(runs):
                wall, cpu = once(command)
                found = set(answered())
                walls.append(wall)
                cpus.append(cpu)
                rights.append(len(found & country.living))
                wrong += len(found - country.living)
                time.sleep(0.3)
            if awake:
                awake.terminate()
                awake.wait()
            rows.append((name, walls, cpus, rights, wrong))
        living = len(country.living)
    complete = [statistics.median(row[1]) for row in rows
                if not row[0].startswith("lightsout") and min(row[3]) == living]
    for name, walls, cpus, rights, wrong in rows:
        recorded = f"{min(rights)}" if min(rights) == max(rights) else f"{min(rights)}-{max(rights)}"
        short = sum(right < living for right in rights)
        if short:
            wrong = f"{wrong}; {short} of {len(rights)} runs short"
        ratio = f"{statistics.median(walls) / min(complete):.2f}" if complete else ""
        print(f"| `{name.strip()}` | {spread(walls)} | {spread(cpus)} | {recorded} of {living} | "
              f"{wrong} | {ratio} |", flush=True)


def wire_rtts(pcap):
    """{address: RTT in us} of a nanosecond capture on Ethernet: first echo, first reply."""
    with open(pcap, "rb") as file:
        data = file.read()
    assert data[:4] == b"\x4d\x3c\xb2\xa1", "not a nanosecond capture"
    asked, rtts, offset = {}, {}, 24
    while offset + 16 <= len(data):
        seconds, nanos, size = struct.unpack_from("<III", data, offset)
        frame = data[offset + 16:offset + 16 + size]
        offset += 16 + size
        ip = frame[14:]
        if len(ip) < 28 or ip[9] != 1:
            continue
        stamp = seconds * 10**9 + nanos
        icmp = ip[(ip[0] & 15) * 4:]
        if icmp[0] == 8:
            asked.setdefault((ip[16:20], icmp[4:8]), stamp)
        elif icmp[0] == 0 and (ip[12:16], icmp[4:8]) in asked:
            address = ".".join(str(b) for b in ip[12:16])
            rtts.setdefault(address, (stamp - asked[ip[12:16], icmp[4:8]]) / 1e3)
    return rtts


def rtt_error():
    print("\nRTT told, less the RTT on the far end of the wire (us; 1,024 addresses, 50 ms held)\n")
    print("| command | paired | p50 | p90 | p99 | max |")
    print("|---|---|---|---|---|---|")
    commands = [
        ("lightsout -r 1000", ours("-r", "1000", "--retries", "", "--wait", "500ms", COUNTRY),
         ours_answered),
        ("lightsout -r 10000", ours("-r", "10000", "--retries", "", "--wait", "500ms", COUNTRY),
         ours_answered),
        ("fping -i 1 -r 0", fping("-i", "1", "-r", "0", "-t", "500"), fping_answered),
        ("nmap -T4 --max-retries 0", nmap("-T4", "--max-retries", "0"), nmap_answered),
    ]
    with Country("hosts 198.18.0.0/22 rtt 50ms\n"):
        for name, command, answered in commands:
            if not shutil.which(command[0]) or not shutil.which("tcpdump"):
                print(f"sweep: {command[0]} or tcpdump is not installed: left out", file=sys.stderr)
                continue
            pcap = f"{SCRATCH}/wire.pcap"
            dump = subprocess.Popen(
                at("co", "tcpdump", "-i", "in0", "-n", "-s", "96", "-B", "16384", "-w", pcap,
                   "--time-stamp-precision=nano", "icmp"), stderr=subprocess.PIPE)
            dump.stderr.readline()
            time.sleep(0.3)
            once(command)
            time.sleep(1.5)  # it hands out what it holds once a second
            dump.terminate()
            dump.wait()
            wire = wire_rtts(pcap)
            errors = sorted(abs(told - wire[address]) for address, told in answered().items()
                            if address in wire and told == told)
            if not errors:
                print(f"| `{name}` | 0 | | | | |")
                continue
            pick = [errors[min(len(errors) - 1, int(len(errors) * q))] for q in (.5, .9, .99)]
            print(f"| `{name}` | {len(errors)} | {pick[0]:.1f} | {pick[1]:.1f} | {pick[2]:.1f} | "
                  f"{errors[-1]:.1f} |", flush=True)


def cpu():
    print("\nCPU of 65,536 probes at 10,000/s\n")
    print("| command | answering | wall s | CPU s | recorded |")
    print("|---|---|---|---|---|")
    for share in (100, 5):
        with Country(f"country 198.18.0.0/16\nhosts 198.18.0.0/16 share {share}% rtt 50ms\n") as country:
            walls, cpus, counts = [], [], []
            for _ in range(min(RUNS, 3)):
                wall, used = once(ours("-r", "10000", "--retries", "", "--wait", "1s",
                                       "198.18.0.0/16"))
                walls.append(wall)
                cpus.append(used)
                counts.append(len(set(ours_answered()) & country.living))
            print(f"| `lightsout -r 10000` | {share} % | {statistics.median(walls):.2f} | "
                  f"{statistics.median(cpus):.2f} | {min(counts)} of {len(country.living)} |",
                  flush=True)


def main():
    ctypes.CDLL(None).prctl(36, 1)  # PR_SET_CHILD_SUBREAPER: orphans become ours
    with open(LIST, "w") as file:
        file.write("\n".join(ADDRESSES) + "\n")
    open(f"{SCRATCH}/empty", "w").close()
    every = "hosts 198.18.0.0/22 rtt 50ms\n"
    some = "hosts 198.18.0.0/22 share 30% rtt 50ms\n"
    if "all" in CASES:
        compare("all", every, "All 1,024 answer after 50 ms; no retries")
    if "some" in CASES:
        compare("some", some, "30 % answer after 50 ms; no retries")
    if "retry" in CASES:
        compare("retry", some, "30 % answer after 50 ms; one retry, waits of 100 ms where settable")
    if "busy" in CASES:
        with Hogs():
            compare("busy", every, "All 1,024 answer after 50 ms; no retries; every processor busy")
            compare("retry", some, "30 % answer after 50 ms; one retry; every processor busy")
    if "rtt" in CASES:
        rtt_error()
    if "cpu" in CASES:
        cpu()


main()
