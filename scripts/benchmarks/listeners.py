"""The cost of a listener for ringcast, nginx and Icecast, at the same bitrate, one server after another."""

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
from support.machine.certificate import Certificate
from support.sound.soundcard import RATE, SoundCard

# How often each row is measured, in turn, because single runs differ by half.
ROUNDS = 3
IDLE_SECONDS = 5
CAPTURE_SECONDS = 30

# The server, the mode of its listeners, and the row that is the reference. The second word of a mode is the transport:
# "TLS" is HTTP/1.1 over TLS, and "HTTP/2" is over TLS too.
ROWS = [
    (Nginx, "hls", None),
    (Ringcast, "plain", ("nginx", "hls")),
    (Ringcast, "low-latency", ("nginx", "hls")),
    (Icecast, "endless", None),
    (Ringcast, "growing", ("Icecast", "endless")),
    (Ringcast, "endless", ("Icecast", "endless")),
    (Nginx, "hls TLS", None),
    (Ringcast, "plain TLS", ("nginx", "hls TLS")),
    (Nginx, "hls HTTP/2", None),
    (Ringcast, "plain HTTP/2", ("nginx", "hls HTTP/2")),
    (Ringcast, "growing TLS", ("ringcast", "growing")),
    (Ringcast, "growing HTTP/2", ("ringcast", "growing")),
]

COLUMNS = [
    ("server", "<9"), ("mode", "<14"), ("listeners", ">9"), ("CPU µs", ">8"), ("ratio", ">35"), ("memory kB", ">10"),
    ("base RSS MB", ">12"), ("idle µs/s", ">10"), ("gap p50", ">8"), ("p99", ">6"), ("worst ms", ">9"),
    ("errors", ">7"), ("generator µs", ">13"), ("stall ms", ">9"), ("others", ">7"),
]


def listen(url, mode, count, seconds, pids):
    """Runs the load generator. Returns its report."""
    way, _, transport = mode.partition(" ")
    # A handshake of TLS costs about a millisecond of CPU on either side.
    ramp = max(2, count // (200 if transport else 500))
    done = processes.run(
        [ROOT / ".build/release/ringcast-bench", "listen", "--url", url, "--mode", way,
         "--http", "2" if transport == "HTTP/2" else "1.1", "--listeners", count, "--ramp", ramp,
         "--seconds", seconds, "--watch", ",".join(map(str, pids))], seconds=ramp + seconds + 60)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.decode(errors="replace"))
    return json.loads(done.stdout)


def measure(server_type, mode, count, seconds, certificate):
    """The figures of one row in one round. Only modes with a transport use the certificate."""
    with server_type(certificate=certificate) if " " in mode else server_type() as server:
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
    """A row with the medians of all rounds, and the largest values of gaps and stalls.

    `against` is the name of the reference row and its results, round by round.
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
    """CPU in microseconds a second: ringcast from a card to one listener, and ffmpeg from a card to no listener."""
    with SoundCard() as card:
        noise = np.random.default_rng(1).normal(0, 3000, 4 * CAPTURE_SECONDS * RATE).astype("<i2")
        card.play("mic", noise.tobytes())
        with Ringcast("--sample-rate", RATE, "--channels", 2, source="alsa", environment=card.environment) as server:
            report = listen(server.url, "growing", 1, CAPTURE_SECONDS, server.pids)
        ffmpeg = processes.start(
            ["ffmpeg", "-nostdin", "-loglevel", "error", "-f", "alsa", "-sample_rate", RATE, "-channels", 2,
             "-i", "default", "-c:a", "libmp3lame", "-b:a", f"{BITRATE}k", "-f", "mp3", "-y", "/dev/null"],
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
        f"{datetime.now(timezone.utc):%Y-%m-%d %H:%M} UTC, {machine.description()}, for server and load generator; "
        + ", ".join(versions),
        f"{BITRATE} kbit/s, 48 kHz, stereo, 2 s segments; TLS 1.3 with an ECDSA certificate; {ROUNDS} rounds of "
        f"{seconds} s of steady state, all servers in turn. The table shows medians, the range of the ratios, and the largest worst gap, stall and others. CPU: per "
        "listener and second, without the CPU of the idle server (for ringcast, the encoder); memory: Pss per listener; "
        "gap: the time between two arrivals of sound; stall: the longest delay of the load generator; others: how many "
        "cores other programs used, which must be near 0 for figures to be quoted.",
    ])


def counts(text):
    return [int(count) for count in text.split(",")]


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench listeners", description=__doc__)
    parser.add_argument(
        "--listeners", type=counts, default=[1000, 5000], metavar="COUNT,…",
        help="numbers of listeners; default 1000,5000")
    parser.add_argument(
        "--seconds", type=int, default=20, help="seconds of steady state of each row in a round; default 20")
    options = parser.parse_args()

    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    print(heading(options.seconds), end="\n\n")
    print(line([name for name, _ in COLUMNS]), flush=True)
    failed = False
    certificate = Certificate()
    for count in options.listeners:
        results = defaultdict(list)
        for number in range(ROUNDS):
            for server, mode, _ in ROWS:
                print(f"{datetime.now():%H:%M:%S} round {number + 1}: {server.name} {mode} {count}", file=sys.stderr)
                results[server.name, mode].append(measure(server, mode, count, options.seconds, certificate))
        for server, mode, against in ROWS:
            mine = results[server.name, mode]
            print(row(server.name, mode, count, mine, against and (" ".join(against), results[against])), flush=True)
            failed = failed or server is Ringcast and any(result["errorCount"] for result in mine)
            for result in mine:
                if result["errorCount"]:
                    print("  ", {kind: count for kind, count in result["errors"].items() if count}, flush=True)
    ours, theirs = capture()
    print(f"\ncapture, encode and serve one listener: {ours:.0f} µs of CPU a second; ffmpeg's capture and encode "
          f"alone: {theirs:.0f}; ratio {ours / theirs:.2f}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
