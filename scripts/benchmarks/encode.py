"""The cost of a running server: CPU for a second of sound without capture, memory, time to start, size of the
program; and the cost of a further stream."""

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
# The numbers of streams in one program.
STREAMS = (1, 4, 8)


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


def streams(count, seconds):
    """CPU in microseconds a second, and memory in kilobytes, of a station with some streams of one tone."""
    names = [flag for number in range(count) for flag in ("--stream", f"stream{number}" if number else "live")]
    with Ringcast("--web-dir", ROOT / "web", *names) as server:
        cpu = machine.cpu_per_second(server.pids, seconds)
        return cpu, machine.memory(server.pids, "Rss")


def print_streams(encoder, seconds):
    """The cost of a further stream beside the first one, compared with an encoder alone."""
    print("\n| streams | CPU, µs a second | memory, MB | a further stream: CPU | × ffmpeg, encode alone | memory, MB |")
    print("| --: | --: | --: | --: | --: | --: |")
    first = None
    for count in STREAMS:
        cpu, memory = streams(count, seconds)
        first = first or (cpu, memory)
        cells = [count, f"{cpu:.0f}", f"{memory / 1024:.1f}"]
        if count > 1:
            further = (cpu - first[0]) / (count - 1)
            cells += [f"{further:.0f}", f"{further / encoder:.2f}", f"{(memory - first[1]) / 1024 / (count - 1):.1f}"]
        print("| " + " | ".join(map(str, cells + [""] * (6 - len(cells)))) + " |", flush=True)


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
    print_streams(theirs, options.seconds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
