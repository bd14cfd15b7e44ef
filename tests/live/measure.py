"""Scans many DynamoDB tables behind a slow network, and prints the calls, the time and the memory that it takes.

Usage: measure.py DBMOAT [TABLES] [MILLISECONDS], with the program to measure;
2,000 tables and 50 ms added to every answer by default.
"""

import json
import os
import pathlib
import subprocess
import sys
import time
import urllib.request
from collections import Counter

# The tests must leave no trace in the checkout.
sys.dont_write_bytecode = True

import account
import large_tables

HERE = pathlib.Path(__file__).parent


def main(dbmoat, tables=2_000, milliseconds=50):
    server = subprocess.Popen(
        [sys.executable, HERE / "server.py", "0", "--with-parent"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    endpoint = "http://" + server.stdout.readline().strip().removeprefix("listening on ")
    large_tables.main(endpoint, tables)
    account.post(f"{endpoint}/dbmoat/latency", {"milliseconds": int(milliseconds)})
    seconds, usage, code = scan(dbmoat, endpoint)
    with urllib.request.urlopen(f"{endpoint}/dbmoat/calls") as answer:
        calls = Counter(call["operation"] for call in json.load(answer))
    server.kill()
    for operation, count in sorted(calls.items()):
        print(f"{count:7,}  {operation}")
    total = calls.total()
    print(f"{total:7,}  calls, {total * int(milliseconds) / 1000:,.0f} s of added latency one after the other")
    print(f"{seconds:7.1f}  seconds, of which the program computed {usage.ru_utime + usage.ru_stime:.1f}; exit code {code}")
    print(f"{usage.ru_maxrss / 1024:7.0f}  MiB at most")


def scan(dbmoat, endpoint):
    """The seconds, the resources and the exit code of a scan."""
    # The AWS configuration of the caller must not matter.
    settings = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    settings |= {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_EC2_METADATA_DISABLED": "true"}
    command = [dbmoat, "scan", "--region", "us-east-1", "--endpoint-url", endpoint, "--exit-zero", "-o", f"json={os.devnull}"]
    started = time.monotonic()
    program = subprocess.Popen(command, env=settings, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(program.pid, 0)
    return time.monotonic() - started, usage, os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    main(*sys.argv[1:])
