"""Runs a command and says how long it took, how much processor time, and its peak memory.

    python3 benches/measure.py [--times N] [--save FILE] COMMAND…

Of several runs it says the averages. FILE takes the figures as JSON.
"""

import argparse
import json
import pathlib
import resource
import subprocess
import sys
import time

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--times", type=int, default=1)
parser.add_argument("--save", type=pathlib.Path)
parser.add_argument("command", nargs=argparse.REMAINDER)
args = parser.parse_args()

start = time.monotonic()
codes = {subprocess.run(args.command, check=False).returncode for _ in range(args.times)}
wall, usage = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
figures = {"seconds": wall / args.times, "processor_seconds": (usage.ru_utime + usage.ru_stime) / args.times, "peak_mib": usage.ru_maxrss / 1024}
if args.save:
    args.save.write_text(json.dumps(figures), encoding="utf-8")
name = " ".join(pathlib.Path(word).name for word in args.command if not word.startswith("-"))
print(f"{name}: {figures['seconds']:.3g} s, {figures['processor_seconds']:.3g} s of processor time, {figures['peak_mib']:.0f} MiB")
sys.exit(max(codes))
