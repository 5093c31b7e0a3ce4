"""The cost of many listeners for a server behind caches: two nginx or two Varnish, with the configuration of deploy/.

A proxy between caches and server counts the requests.
"""

import argparse
import resource
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import datetime, timezone
from urllib.parse import urlsplit

import numpy as np

from scripts.benchmarks import latency, machine
from scripts.benchmarks.listeners import listen
from scripts.benchmarks.servers import BITRATE, ROOT, Ringcast
from support.clients.arrival_recorder import ArrivalRecorder
from support.proxies.counting_proxy import CountingProxy
from support.proxies.edges import Nginx, Varnish

EDGES = 2
# All listeners through caches must not cost more requests than this number of listeners without a cache.
FEW = 5
ROWS = [(Nginx, "plain"), (Nginx, "low-latency"), (Varnish, "plain"), (Varnish, "low-latency"), (Varnish, "growing")]
# The rows of latency.py that are measured at the end.
EAR = ["chromium", "varnish", "nginx"]

COLUMNS = [
    ("through", "<9"), ("mode", "<12"), ("listeners", ">9"), ("they ask/s", ">11"), ("it is asked/s", ">14"),
    ("hits", ">8"), ("kbit/s", ">8"), ("late p50", ">9"), ("p95", ">5"), ("worst ms", ">9"), ("gap p99", ">8"),
    ("worst ms", ">9"), ("edge µs", ">8"), ("errors", ">7"), ("others", ">7"),
]


class Traffic:
    """The requests through a proxy, counted from the constructor on."""

    def __init__(self, proxy):
        self._proxy, self._began, self._before = proxy, time.monotonic(), (proxy.requests, proxy.bytes)

    def per_second(self):
        """Requests and kilobits a second."""
        seconds = time.monotonic() - self._began
        requests, size = self._before
        return (self._proxy.requests - requests) / seconds, (self._proxy.bytes - size) * 8 / 1000 / seconds


def measure(server, Edge, mode, count, seconds):
    """Measures listeners of a mode, divided among the caches; without a cache if `Edge` is None."""
    port = urlsplit(server.url).port
    with ExitStack() as stack:
        # One recorder bypasses the cache, the other is an additional listener through the cache.
        proxy = stack.enter_context(CountingProxy(port))
        edges = [stack.enter_context(Edge(proxy.port)) for _ in range(EDGES)] if Edge else []
        urls = [edge.url for edge in edges] or [f"http://127.0.0.1:{proxy.port}/"]
        pids = [edge.pids for edge in edges] or [server.pids]
        traffic = Traffic(proxy)
        with ThreadPoolExecutor(EDGES) as crowds:
            share = count // len(urls)
            reports = [crowds.submit(listen, url, mode, share, seconds, watched) for url, watched in zip(urls, pids)]
            late = lateness(server.url, urls[0], mode, seconds) if Edge else []
            reports = [report.result() for report in reports]
        asked, kilobits = traffic.per_second()
    return {
        "asks": sum(report["requests"] for report in reports) / seconds, "asked": asked, "kilobits": kilobits,
        "late": late, "listeners": share * len(urls),
        "p99": max(report["gapMilliseconds"]["p99"] or 0 for report in reports),
        "worst": max(report["gapMilliseconds"]["worst"] or 0 for report in reports),
        "cpu": np.mean([report["watchedMicroseconds"] for report in reports]),
        "errors": sum(sum(report["errors"].values()) for report in reports),
        "own": np.mean([report["kilobitsPerListener"] for report in reports]),
        "others": np.mean([report["othersCores"] for report in reports]),
    }


def lateness(direct, through, mode, seconds):
    """How many seconds later segments or parts come through a cache than without it, while the listeners are there."""
    # The listeners connect within a few seconds.
    time.sleep(6)
    recorders = [ArrivalRecorder(url, mode, seconds) for url in (direct, through)]
    without, behind = (recorder.finish() for recorder in recorders)
    # The first one may have been there before the recorders started.
    return [behind[key] - without[key] for key in sorted(without.keys() & behind.keys(), key=without.get)[1:]]


def row(name, mode, result):
    late = 1000 * np.array(result["late"])
    is_cached = len(late) > 0
    hits = 100 * (1 - result["asked"] / result["asks"])
    ranks = [np.median(late), np.percentile(late, 95), late.max()] if is_cached else []
    cells = [
        name, mode, result["listeners"], f"{result['asks']:.1f}", f"{result['asked']:.2f}",
        f"{hits:.2f} %" if is_cached else "", f"{result['kilobits']:.0f}",
        *([f"{rank:.0f}" for rank in ranks] or [""] * 3), result["p99"], result["worst"],
        f"{result['cpu']:.0f}" if is_cached else "", result["errors"], f"{result['others']:.1f}"]
    return line(cells)


def line(cells):
    return " ".join(f"{cell!s:{width}}" for cell, (_, width) in zip(cells, COLUMNS)).rstrip()


def heading(options):
    commands = {"ringcast": [ROOT / ".build/release/ringcast", "--version"], "nginx": ["nginx", "-v"],
                "Varnish": ["varnishd", "-V"]}
    versions = ", ".join(f"{name} {machine.version(command)}" for name, command in commands.items())
    return "\n".join([
        f"{datetime.now(timezone.utc):%Y-%m-%d %H:%M} UTC, {machine.description()}, for all programs; {versions}",
        f"{BITRATE} kbit/s, 2 s segments, parts of 0.288 s; {options.listeners} listeners through {EDGES} caches, "
        f"{options.seconds} s. They ask: requests of the listeners; it is asked: requests that reach the server, from "
        "the first listener on; late: how much later a listed segment, a part or a segment's end comes through a cache "
        "than without it; gap: the time between two arrivals of sound; edge µs: a cache's CPU per listener and second; "
        "others: how many cores other programs used, that is all but the caches and one of the two load generators.",
    ])


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench edge", description=__doc__)
    parser.add_argument("--listeners", type=int, default=2000, help="listeners through the caches; default 2000")
    parser.add_argument("--seconds", type=int, default=20, help="seconds of each row; default 20")
    parser.add_argument(
        "--ear", type=int, default=30, help="seconds of each latency measurement, 0 for none; default 30")
    options = parser.parse_args()

    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    print(heading(options), end="\n\n")
    print(line([name for name, _ in COLUMNS]), flush=True)
    well, direct = True, {}
    for mode in dict.fromkeys(mode for _, mode in ROWS):
        with Ringcast() as server:
            result = direct[mode] = measure(server, None, mode, FEW, options.seconds)
        print(row("none", mode, result), flush=True)
    for Edge, mode in ROWS:
        with Ringcast() as server:
            result = measure(server, Edge, mode, options.listeners, options.seconds)
        print(row(Edge.name, mode, result), flush=True)
        if result["asked"] > direct[mode]["asked"]:
            print(f"  more requests reach the server than from {FEW} listeners without a cache")
        well = well and result["asked"] <= direct[mode]["asked"] and result["errors"] == 0
    print("\nOne listener in an hour:")
    for mode, result in direct.items():
        print(f"  {mode}: {result['asks'] / FEW * 3600:.0f} requests, {result['own'] * 3600 / 8 / 1000:.1f} MB")
    return 0 if well and (options.ear == 0 or latency.print_paths(EAR, options.ear)) else 1


if __name__ == "__main__":
    sys.exit(main())
