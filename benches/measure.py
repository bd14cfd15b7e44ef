"""Runs a command and says how long it took, how much processor time, and its peak memory."""

import pathlib
import resource
import subprocess
import sys
import time

start = time.monotonic()
code = subprocess.run(sys.argv[1:], check=False).returncode
wall, usage = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
name = " ".join(pathlib.Path(word).name for word in sys.argv[1:] if not word.startswith("-"))
print(f"{name}: {wall:.1f} s, {usage.ru_utime + usage.ru_stime:.1f} s of processor time, {usage.ru_maxrss / 1024:.0f} MiB")
sys.exit(code)
