"""What a listener costs ringcast, nginx and Icecast, at the same bitrate, one after another on this machine."""

import argparse
import json
import resource
import subprocess
import sys
import time
from datetime import datetime, timezone

import numpy as np

import figures
from servers import BITRATE, ROOT, Icecast, Nginx, Ringcast

from support import processes
from support.soundcard import RATE, SoundCard

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
    ("server", "<9"), ("mode", "<12"), ("listeners", ">9"), ("CPU µs", ">8"), ("ratio", ">15"), ("memory kB", ">10"),
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
        idle = figures.cpu_per_second(server.pids, IDLE_SECONDS)
        base, resident = figures.memory(server.pids), figures.memory(server.pids, "Rss")
        report = listen(server.address(mode), mode, count, seconds, server.pids)
    return report | {
        "cpu": report["watchedMicroseconds"] - idle / count, "idle": idle,
        "memory": (report["watchedKilobytes"] - base) / count, "base": resident / 1024,
        "errorCount": sum(report["errors"].values()),
    }


def row(name, mode, count, result, against):
    reference = f"{result['cpu'] / against[1]['cpu']:.2f} {against[0]}" if against else ""
    gap = result["gapMilliseconds"]
    cells = [
        name, mode, count, f"{result['cpu']:.1f}", reference, f"{result['memory']:.2f}", f"{result['base']:.1f}",
        f"{result['idle']:.0f}", gap["median"], gap["p99"], gap["worst"], result["errorCount"],
        f"{result['generatorMicroseconds']:.1f}", result["generatorStallMilliseconds"],
        f"{result['othersCores']:.2f}",
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
            return report["watchedMicroseconds"], figures.cpu_per_second([ffmpeg.pid], CAPTURE_SECONDS)
        finally:
            processes.end(ffmpeg)


def heading(seconds):
    commands = {
        "ringcast": [ROOT / ".build/release/ringcast", "--version"], "nginx": ["nginx", "-v"],
        "Icecast": ["icecast2", "-v"], "ffmpeg": ["ffmpeg", "-version"],
    }
    versions = [f"{name} {figures.version(command)}" for name, command in commands.items()]
    return "\n".join([
        f"{datetime.now(timezone.utc):%Y-%m-%d %H:%M} UTC, {figures.machine()}, load generator beside the server; "
        + ", ".join(versions),
        f"{BITRATE} kbit/s, 48 kHz, stereo, 2 s segments; {seconds} s of steady state. CPU is per listener and second, without "
        "what the server takes when idle (ringcast's idle is its encoder); memory is Pss per listener; gap is the time between "
        "two arrivals of sound; stall is the longest that the generator itself was late; others is how many cores were busy with something else, and figures are fit to be quoted "
        "where it is near 0.",
    ])


def counts(text):
    return [int(count) for count in text.split(",")]


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench listeners", description=__doc__)
    parser.add_argument("--listeners", type=counts, default=[1000, 5000], metavar="COUNT,…", help="default 1000,5000")
    parser.add_argument("--seconds", type=int, default=20, help="of steady state that each row is measured; default 20")
    options = parser.parse_args()

    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    print(heading(options.seconds), end="\n\n")
    print(line([name for name, _ in COLUMNS]), flush=True)
    failed = False
    for count in options.listeners:
        results = {}
        for server, mode, against in ROWS:
            result = results[server.name, mode] = measure(server, mode, count, options.seconds)
            compared = (against[0], results[against]) if against else None
            print(row(server.name, mode, count, result, compared), flush=True)
            failed = failed or (server is Ringcast and result["errorCount"] > 0)
            if result["errorCount"]:
                print("  ", {kind: count for kind, count in result["errors"].items() if count}, flush=True)
    ours, theirs = capture()
    print(f"\ncapture, encode and serve one listener: {ours:.0f} µs of CPU a second; ffmpeg's capture and encode alone: "
          f"{theirs:.0f}; ratio {ours / theirs:.2f}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
