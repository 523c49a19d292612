#!/usr/bin/env python3
"""look.py EXPRESSION NAME=FILE...: what an expression over some records says.

NAME is what the expression calls the list of records of FILE: dictionaries,
from JSON lines (log lines, and what is no JSON, are passed over), from CSV, by the
names of its columns, or from a store (*.db), whose view v_cell it reads. The result is printed; sets sorted, an empty one as "none".
"""
import csv
import ipaddress
import json
import sqlite3
import statistics
import sys


def records(name):
    if name.endswith(".csv"):
        with open(name, newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))
    if name.endswith(".db"):
        with sqlite3.connect(f"file:{name}?mode=ro", uri=True) as store:
            store.row_factory = sqlite3.Row
            return [dict(row) for row in store.execute("SELECT * FROM v_cell")]
    with open(name, encoding="utf-8") as file:
        rows = [json.loads(line) for line in file if line.startswith("{")]
        return [row for row in rows if row.get("type") != "log"]


def number(address):
    return int(ipaddress.IPv4Address(address))


def addresses(first, last):
    """Both met."""
    return {str(ipaddress.IPv4Address(n)) for n in range(number(first), number(last) + 1)}


def block(address):
    return str(ipaddress.ip_network(address + "/24", strict=False))


def main():
    names = {"addresses": addresses, "block": block, "number": number,
             "median": statistics.median, "inf": float("inf")}
    for argument in sys.argv[2:]:
        name, file = argument.split("=", 1)
        names[name] = records(file)
    result = eval(f"({sys.argv[1]})", names)  # written in the test that calls it
    if isinstance(result, (set, frozenset)):
        result = " ".join(sorted(result)) or "none"
    print(result)


if __name__ == "__main__":
    main()
