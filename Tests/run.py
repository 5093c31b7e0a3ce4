#!/usr/bin/python3
"""Runs the tests of the real program: Tests/e2e and Tests/browser.

usage: Tests/run.py [--no-skip] [--list] [--parallel COUNT] [--minutes COUNT] [NAME ...]

NAME selects the tests whose full name (e2e.storage.test_restart.Kill.test_kill_9) contains NAME. Each test class runs
in a process of its own. Several classes run at the same time, because most of them wait for real time to pass. A class
with `alone = True` measures sound and runs by itself. A class with `is_long = True` starts first, so that the others do
not wait for it at the end. The exit status is 1 if a test fails, or, with --no-skip, if a test is skipped. The last
lines name each failed test and its error.

--parallel sets how many classes run at the same time, and --minutes the time after which no class begins: a test that
has not begun by then is a failure.
"""

import argparse
import json
import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# How many classes of a folder run at the same time. A browser uses a large part of a core.
PARALLEL = {"e2e": 8, "browser": 2}
# The longest that a class may take, in seconds.
CLASS_TIMEOUT = 240


def child(command, names, **options):
    """Starts Tests/child.py. It runs from the root, where Python finds the packages `support` and `Tests`."""
    return subprocess.Popen(
        [sys.executable, "-m", "Tests.child", command, *names], cwd=ROOT, stdout=subprocess.PIPE, text=True, **options)


def listed(names):
    """The selected classes, as Tests/child.py describes them."""
    process = child("list", names)
    output, _ = process.communicate()
    if process.returncode != 0:
        sys.exit("the tests could not be listed")
    return json.loads(output)


class Worker(threading.Thread):
    """Takes one class after another from a queue and runs it in a child process."""

    def __init__(self, waiting, results, deadline):
        super().__init__(daemon=True)
        self._waiting, self._results, self._deadline = waiting, results, deadline

    def run(self):
        while True:
            try:
                tests = self._waiting.get_nowait()
            except queue.Empty:
                return
            if time.monotonic() < self._deadline:
                self._run(tests)
                continue
            for test in tests:
                self._results.put({"test": test, "outcome": "failed", "seconds": 0, "detail": "no time was left for it"})

    def _run(self, tests):
        # A session of its own, so that every process that a test has started can be ended with it.
        process = child("run", tests, stderr=subprocess.PIPE, start_new_session=True)
        watchdog = threading.Timer(CLASS_TIMEOUT, os.killpg, (process.pid, signal.SIGKILL))
        watchdog.start()
        noise = []
        listener = threading.Thread(target=lambda: noise.append(process.stderr.read()), daemon=True)
        listener.start()
        missing = set(tests)
        for line in process.stdout:
            result = json.loads(line)
            missing.discard(result["test"])
            if result["test"] not in tests:
                missing.clear()  # The class as a whole has failed or was skipped.
            self._results.put(result)
        process.wait()
        watchdog.cancel()
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        listener.join(5)
        for test in sorted(missing):
            detail = f"no result: the child process ended with {process.returncode}\n{''.join(noise)}"
            self._results.put({"test": test, "outcome": "failed", "seconds": 0, "detail": detail})


def run(groups, parallel, deadline, report):
    """Runs groups of tests, each group in one child process, `parallel` of them at the same time. No group begins after
    `deadline`."""
    waiting, results = queue.SimpleQueue(), queue.SimpleQueue()
    for tests in groups:
        waiting.put(tests)
    workers = [Worker(waiting, results, deadline) for _ in range(min(parallel, len(groups)))]
    for worker in workers:
        worker.start()
    while any(worker.is_alive() for worker in workers) or not results.empty():
        try:
            report(results.get(timeout=0.2))
        except queue.Empty:
            pass


class Summary:
    """Prints each result, and counts them."""

    def __init__(self, no_skip):
        self._no_skip = no_skip
        self._count, self._failures = Counter(), {}

    def note(self, result):
        name, outcome, detail = result["test"], result["outcome"], result["detail"].strip()
        if outcome == "skipped" and self._no_skip:
            outcome, detail = "failed", f"skipped: {detail}"
        self._count[outcome] += 1
        because = f"  ({'; '.join(dict.fromkeys(detail.splitlines()))})" if outcome == "skipped" else ""
        print(f"{outcome:7} {result['seconds']:6.1f} s  {name}{because}", flush=True)
        if outcome == "failed":
            self._failures[name] = detail

    def finish(self):
        """Prints the details of each failure, then the counts, then the names of the failed tests. Returns whether
        every test has passed."""
        for name, detail in self._failures.items():
            print(f"\n--- {name}\n{detail}")
        count = self._count
        print(f"\n{count['passed']} passed, {count['failed']} failed, {count['skipped']} skipped")
        for name, detail in self._failures.items():
            print(f"failed: {name}: {self._gist(detail)}")
        return not self._failures

    @staticmethod
    def _gist(detail):
        """The line that names the error. The server's log may follow that line."""
        lines = detail.splitlines() or [""]
        return next((line for line in lines if re.match(r"[\w.]*(Error|Exception|skipped)\b", line)), lines[-1])[:200]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--no-skip", action="store_true", help="a skipped test is a failure")
    parser.add_argument("--list", action="store_true", help="print the names of the tests and run none")
    parser.add_argument("--parallel", type=int, metavar="COUNT", help="how many classes run at the same time")
    parser.add_argument("--minutes", type=float, default=float("inf"), metavar="COUNT", help="no class begins later")
    parser.add_argument("names", nargs="*", metavar="NAME", help="only tests whose full name contains NAME")
    options = parser.parse_args()

    found = listed(options.names)
    if not found:
        sys.exit(f"no test's name contains {' or '.join(options.names)}")
    if options.list:
        print("\n".join(test for suite in found for test in suite["tests"]))
        return

    summary = Summary(options.no_skip)
    deadline = time.monotonic() + 60 * options.minutes
    for folder, parallel in PARALLEL.items():
        parallel = options.parallel or parallel
        here = [suite for suite in found if suite["folder"] == folder]
        together = sorted((suite for suite in here if not suite["alone"]), key=lambda suite: not suite["isLong"])
        run([suite["tests"] for suite in together], parallel, deadline, summary.note)
        run([suite["tests"] for suite in here if suite["alone"]], 1, deadline, summary.note)
    sys.exit(0 if summary.finish() else 1)


if __name__ == "__main__":
    main()
