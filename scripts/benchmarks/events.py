"""The time in which an event of a room reaches every reader, and the cost of a reader."""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
import urllib.request
from datetime import datetime, timezone

from scripts.benchmarks import machine
from scripts.benchmarks.servers import ROOT, Ringcast
from support import processes

TOKEN = "the-operator-of-the-benchmark"
ROOM = "quiz"
# The last reader must have an event by then, in milliseconds; the second figure is the aim.
REACH, AIM = 300, 120
# The generator lets the last readers settle for 4 s after the ramp. The events are sent within the measurement.
SETTLING_SECONDS = 4
MARGIN_SECONDS = 1
PAUSE_SECONDS = 1
IDLE_SECONDS = 5

COLUMNS = [
    ("readers", ">7"), ("events", ">6"), ("first ms", ">8"), ("median", ">6"), ("last", ">6"), ("worst last", ">10"),
    ("CPU µs", ">8"), ("memory kB", ">9"), ("missed", ">6"), ("errors", ">6"), ("generator µs", ">12"),
    ("stall ms", ">8"), ("others", ">6"),
]


def send(url, number):
    """Sends an event that tells the instant of its sending by the monotonic clock of this machine."""
    body = json.dumps({"type": "score", "text": f"Question {number}", "sent": time.monotonic_ns()})
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    request = urllib.request.Request(url, body.encode(), headers)
    with urllib.request.urlopen(request, timeout=10) as response:
        if response.status != 201:
            raise RuntimeError(f"the event was answered with {response.status}")


def measure(count, events):
    """The figures of `events` events to `count` readers."""
    flags = ["--rooms", "--room-open", "listener", "--admin-token", TOKEN]
    with Ringcast(*flags) as server:
        url = f"{server.url}rooms/{ROOM}/events"
        idle = machine.cpu_per_second(server.pids, IDLE_SECONDS)
        base = machine.memory(server.pids)
        ramp = max(2, count // 500)
        seconds = round(events * PAUSE_SECONDS + 2 * MARGIN_SECONDS)
        generator = processes.start(
            [ROOT / ".build/release/ringcast-bench", "listen", "--url", url, "--mode", "events", "--listeners", count,
             "--ramp", ramp, "--seconds", seconds, "--watch", ",".join(map(str, server.pids))],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            start = time.monotonic() + ramp + SETTLING_SECONDS + MARGIN_SECONDS
            for number in range(events):
                time.sleep(max(0, start + number * PAUSE_SECONDS - time.monotonic()))
                send(url, number + 1)
            output, complaint = generator.communicate(timeout=ramp + seconds + 60)
        finally:
            processes.end(generator)
        if generator.returncode != 0:
            raise RuntimeError(complaint.decode(errors="replace"))
    report = json.loads(output)
    return report | {
        "count": count, "sent": events, "missed": count * events - sum(event["readers"] for event in report["events"]),
        "cpu": report["watchedMicroseconds"] - idle / count, "memory": (report["watchedKilobytes"] - base) / count,
    }


def row(report):
    def middle(key):
        return format(statistics.median(event[key] for event in report["events"]), ".0f")

    last = max(event["lastMilliseconds"] for event in report["events"])
    cells = [
        report["count"], report["sent"], middle("firstMilliseconds"), middle("medianMilliseconds"),
        middle("lastMilliseconds"), f"{last:.0f}", f"{report['cpu']:.1f}", f"{report['memory']:.1f}", report["missed"],
        sum(report["errors"].values()), f"{report['generatorMicroseconds']:.1f}", report["generatorStallMilliseconds"],
        f"{report['othersCores']:.2f}",
    ]
    return line(cells)


def line(cells):
    return " ".join(f"{cell!s:{width}}" for cell, (_, width) in zip(cells, COLUMNS)).rstrip()


def heading(events):
    version = machine.version([ROOT / ".build/release/ringcast", "--version"])
    return "\n".join([
        f"{datetime.now(timezone.utc):%Y-%m-%d %H:%M} UTC, {machine.description()}, for server and load generator; "
        f"ringcast {version}",
        f"An operator sends {events} events to a room, one each second. The readers follow the room's server-sent "
        "events over HTTP/1.1. Times run from the moment before the operator's request until a reader has the event: the "
        "medians of all events for the first, the median and the last reader, and the worst time of a last reader "
        f"(it must be below {REACH} ms; the aim is {AIM} ms). CPU: per reader and second, without the CPU of the idle "
        "server; memory: Pss per reader; generator, stall and others: as in the table of listeners.",
    ])


def counts(text):
    return [int(count) for count in text.split(",")]


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench events", description=__doc__)
    parser.add_argument(
        "--readers", type=counts, default=[1000, 5000], metavar="COUNT,…",
        help="numbers of readers; default 1000,5000")
    parser.add_argument("--events", type=int, default=20, help="events to send; default 20")
    options = parser.parse_args()

    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    print(heading(options.events), end="\n\n")
    print(line([name for name, _ in COLUMNS]), flush=True)
    failed = False
    for count in options.readers:
        print(f"{datetime.now():%H:%M:%S} {count} readers", file=sys.stderr)
        report = measure(count, options.events)
        print(row(report), flush=True)
        last = max(event["lastMilliseconds"] for event in report["events"])
        failed = failed or bool(report["missed"]) or any(report["errors"].values()) or last > REACH
        if any(report["errors"].values()):
            print("  ", {kind: count for kind, count in report["errors"].items() if count}, flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
