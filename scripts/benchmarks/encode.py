"""The cost of a running server: CPU for a second of sound without capture, memory, time to start, size of the
program."""

import argparse
import re
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timezone

from scripts.benchmarks import machine
from scripts.benchmarks.servers import BITRATE, ROOT, TONE, Ringcast
from support import processes

PROGRAM = ROOT / ".build/release/ringcast"
STARTS = 10


def ffmpeg(seconds):
    """CPU of ffmpeg in microseconds a second, for the same sound, rate and encoder, without publishing."""
    child = processes.start(
        ["ffmpeg", "-nostdin", "-loglevel", "error", *map(str, TONE), "-ac", "2", "-c:a", "libmp3lame", "-b:a",
         f"{BITRATE}k", "-f", "mp3", "-y", "/dev/null"], stdin=subprocess.DEVNULL)
    try:
        time.sleep(2)
        return machine.cpu_per_second([child.pid], seconds)
    finally:
        processes.end(child)


def start(folder):
    """The seconds from the start of the process until it listens."""
    began = time.monotonic()
    child = processes.start(
        [PROGRAM, "--source", "tone", "--port", "0", "--web-dir", ROOT / "web", "--sound-dir", "sound"],
        stderr=subprocess.PIPE, cwd=folder)
    try:
        for line in child.stderr:
            if re.search(rb"listening on", line):
                return time.monotonic() - began
        raise RuntimeError("the program ended before it listened")
    finally:
        processes.end(child)


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench encode", description=__doc__)
    parser.add_argument("--seconds", type=int, default=30, help="seconds of each measurement; default 30")
    options = parser.parse_args()
    with Ringcast() as server:
        ours, memory = machine.cpu_per_second(server.pids, options.seconds), machine.memory(server.pids, "Rss")
    theirs = ffmpeg(options.seconds)
    with tempfile.TemporaryDirectory(prefix="bench.") as folder:
        starts = sorted(start(folder) for _ in range(STARTS))
    print(f"{datetime.now(timezone.utc):%Y-%m-%d %H:%M} UTC, {machine.description()}, ffmpeg "
          f"{machine.version(['ffmpeg', '-version'])}; a tone, {BITRATE} kbit/s, 48 kHz, stereo\n")
    rows = [
        ("encode and publish, µs of CPU a second", f"{ours:.0f}"), ("ffmpeg, encode alone", f"{theirs:.0f}"),
        ("ratio", f"{ours / theirs:.2f}"), ("memory without a listener, MB", f"{memory / 1024:.1f}"),
        ("start until it listens, ms, median of 10", f"{starts[STARTS // 2] * 1000:.0f}"),
        ("program, MB", f"{PROGRAM.stat().st_size / 1e6:.1f}"),
    ]
    for what, value in rows:
        print(f"{what:42} {value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
