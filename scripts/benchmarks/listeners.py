"""What a listener costs ringcast, nginx and Icecast, at the same bitrate, one after another on this machine."""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from datetime import datetime, timezone

import numpy as np

from scripts.benchmarks import machine
from scripts.benchmarks.servers import BITRATE, ROOT, Icecast, Nginx, Ringcast
from support import processes
from support.sound.soundcard import RATE, SoundCard

# All rows are measured so often, in turn: single runs differ by half.
ROUNDS = 3
IDLE_SECONDS = 5
CAPTURE_SECONDS = 30

# The server, its listeners' mode, and the row that it is compared with.
ROWS = [
    (Nginx, "hls", None),
    (Ringcast, "plain", ("nginx", "hls")),
    (Ringcast, "low-latency", ("nginx", "hls")),
    (Icecast, "endless", None),
    (Ringcast, "growing", ("Icecast", "endless")),
    (Ringcast, "endless", ("Icecast", "endless")),
]

COLUMNS = [
    ("server", "<9"), ("mode", "<12"), ("listeners", ">9"), ("CPU µs", ">8"), ("ratio", ">27"), ("memory kB", ">10"),
    ("base RSS MB", ">12"), ("idle µs/s", ">10"), ("gap p50", ">8"), ("p99", ">6"), ("worst ms", ">9"), ("errors", ">7"),
    ("generator µs", ">13"), ("stall ms", ">9"), ("others", ">7"),
]


def listen(url, mode, count, seconds, pids):
    """Runs the load generator; returns its report."""
    ramp = max(2, count // 500)
    done = processes.run(
        [ROOT / ".build/release/ringcast-bench", "listen", "--url", url, "--mode", mode, "--listeners", count,
         "--ramp", ramp, "--seconds", seconds, "--watch", ",".join(map(str, pids))], seconds=ramp + seconds + 60)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.decode(errors="replace"))
    return json.loads(done.stdout)


def measure(server_type, mode, count, seconds):
    with server_type() as server:
        idle = machine.cpu_per_second(server.pids, IDLE_SECONDS)
        base, resident = machine.memory(server.pids), machine.memory(server.pids, "Rss")
        report = listen(server.address(mode), mode, count, seconds, server.pids)
    gap = report["gapMilliseconds"]
    return report | {
        "cpu": report["watchedMicroseconds"] - idle / count, "idle": idle,
        "memory": (report["watchedKilobytes"] - base) / count, "base": resident / 1024,
        "errorCount": sum(report["errors"].values()),
        "gapMedian": gap["median"], "gapP99": gap["p99"], "gapWorst": gap["worst"],
    }


def row(name, mode, count, results, against):
    """Of the results of all rounds: medians, and the worst of what is to be feared.

    `against` is the peer's name and its results, round by round.
    """
    def median(key, form):
        return format(statistics.median(result[key] for result in results), form)

    def worst(key, form):
        return format(max(result[key] for result in results), form)

    reference = ""
    if against:
        ratios = sorted(ours["cpu"] / theirs["cpu"] for ours, theirs in zip(results, against[1]))
        reference = f"{statistics.median(ratios):.2f} ({ratios[0]:.2f} – {ratios[-1]:.2f}) {against[0]}"
    cells = [
        name, mode, count, median("cpu", ".1f"), reference, median("memory", ".2f"), median("base", ".1f"),
        median("idle", ".0f"), median("gapMedian", ".0f"), median("gapP99", ".0f"), worst("gapWorst", ".0f"),
        sum(result["errorCount"] for result in results), median("generatorMicroseconds", ".1f"),
        worst("generatorStallMilliseconds", ".0f"), worst("othersCores", ".2f"),
    ]
    return line(cells)


def line(cells):
    return " ".join(f"{cell!s:{width}}" for cell, (_, width) in zip(cells, COLUMNS)).rstrip()


def capture():
    """Microseconds of CPU a second: ringcast from card to one listener, and ffmpeg from card to nowhere."""
    with SoundCard() as card:
        noise = np.random.default_rng(1).normal(0, 3000, 4 * CAPTURE_SECONDS * RATE).astype("<i2")
        card.play("mic", noise.tobytes())
        with Ringcast("--sample-rate", RATE, "--channels", 2, source="alsa", environment=card.environment) as server:
            report = listen(server.url, "growing", 1, CAPTURE_SECONDS, server.pids)
        ffmpeg = processes.start(
            ["ffmpeg", "-nostdin", "-loglevel", "error", "-f", "alsa", "-sample_rate", RATE, "-channels", 2, "-i", "default",
             "-c:a", "libmp3lame", "-b:a", f"{BITRATE}k", "-f", "mp3", "-y", "/dev/null"],
            env=card.environment, stdin=subprocess.DEVNULL)
        try:
            time.sleep(IDLE_SECONDS)
            return report["watchedMicroseconds"], machine.cpu_per_second([ffmpeg.pid], CAPTURE_SECONDS)
        finally:
            processes.end(ffmpeg)


def heading(seconds):
    commands = {
        "ringcast": [ROOT / ".build/release/ringcast", "--version"], "nginx": ["nginx", "-v"],
        "Icecast": ["icecast2", "-v"], "ffmpeg": ["ffmpeg", "-version"],
    }
    versions = [f"{name} {machine.version(command)}" for name, command in commands.items()]
    return "\n".join([
        f"{datetime.now(timezone.utc):%Y-%m-%d %H:%M} UTC, {machine.description()}, load generator beside the server; "
        + ", ".join(versions),
        f"{BITRATE} kbit/s, 48 kHz, stereo, 2 s segments; {ROUNDS} times {seconds} s of steady state, all servers in turn: "
        "medians, the range of the ratios too, and the worst of worst gap, stall and others. CPU is per listener and second, "
        "without what the server takes when idle (ringcast's idle is its encoder); memory is Pss per listener; gap is the "
        "time between two arrivals of sound; stall is the longest that the generator itself was late; others is how many "
        "cores were busy with something else, and figures are fit to be quoted where it is near 0.",
    ])


def counts(text):
    return [int(count) for count in text.split(",")]


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench listeners", description=__doc__)
    parser.add_argument("--listeners", type=counts, default=[1000, 5000], metavar="COUNT,…", help="default 1000,5000")
    parser.add_argument(
        "--seconds", type=int, default=20, help="of steady state that each row is measured in a round; default 20")
    options = parser.parse_args()

    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    print(heading(options.seconds), end="\n\n")
    print(line([name for name, _ in COLUMNS]), flush=True)
    failed = False
    for count in options.listeners:
        results = defaultdict(list)
        for number in range(ROUNDS):
            for server, mode, _ in ROWS:
                print(f"{datetime.now():%H:%M:%S} round {number + 1}: {server.name} {mode} {count}", file=sys.stderr)
                results[server.name, mode].append(measure(server, mode, count, options.seconds))
        for server, mode, against in ROWS:
            mine = results[server.name, mode]
            print(row(server.name, mode, count, mine, against and (against[0], results[against])), flush=True)
            failed = failed or server is Ringcast and any(result["errorCount"] for result in mine)
            for result in mine:
                if result["errorCount"]:
                    print("  ", {kind: count for kind, count in result["errors"].items() if count}, flush=True)
    ours, theirs = capture()
    print(f"\ncapture, encode and serve one listener: {ours:.0f} µs of CPU a second; ffmpeg's capture and encode alone: "
          f"{theirs:.0f}; ratio {ours / theirs:.2f}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
