#!/usr/bin/python3
"""Runs the tests on the real running program: Tests/e2e and Tests/browser.

usage: Tests/run.py [--no-skip] [NAME ...]

NAME selects the tests whose full name (e2e.test_restart.Restart.test_kill) holds it. Each test class runs in a process
of its own, several at a time, because most of them wait for real time to pass; one with `alone = True` measures sound
and runs by itself, one with `is_long = True` begins first, lest the others wait for it in the end. Exit status 1 on any
failure, and with --no-skip on any skip. The last lines name what has failed, and why.
"""

import argparse
import importlib
import json
import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
import unittest
from collections import Counter
from pathlib import Path

TESTS = Path(__file__).resolve().parent
# How many classes of a folder run side by side: a browser needs a good part of a core.
LANES = {"e2e": 8, "browser": 2}
# No class may take longer, whatever hangs.
BOUND = 240


def suites(names):
    """{class: its tests' full names} of everything selected."""
    found = {}
    for path in sorted(path for folder in LANES for path in TESTS.glob(f"{folder}/test_*.py")):
        module = importlib.import_module(f"{path.parent.name}.{path.stem}")
        for suite in vars(module).values():
            if isinstance(suite, type) and issubclass(suite, unittest.TestCase) and suite.__module__ == module.__name__:
                tests = [
                    f"{suite.__module__}.{suite.__qualname__}.{method}"
                    for method in unittest.defaultTestLoader.getTestCaseNames(suite)]
                selected = [test for test in tests if not names or any(name in test for name in names)]
                if selected:
                    found[suite] = selected
    return found


class Report(unittest.TestResult):
    """Writes a line of JSON for each test to standard output, where the parent reads it."""

    def __init__(self, output):
        super().__init__()
        self._output = output
        self._outcome, self._details, self._began = None, [], 0

    def startTest(self, test):
        super().startTest(test)
        self._outcome, self._details, self._began = "passed", [], time.monotonic()

    def stopTest(self, test):
        super().stopTest(test)
        self._write(test.id(), time.monotonic() - self._began)

    def addError(self, test, error):
        super().addError(test, error)
        self._note(test, "failed", self._exc_info_to_string(error, test))

    addFailure = addError

    def addSubTest(self, test, subtest, error):
        super().addSubTest(test, subtest, error)
        if error:
            self._note(subtest, "failed", f"{subtest}\n{self._exc_info_to_string(error, test)}")

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self._note(test, "skipped", reason)

    def _note(self, test, outcome, detail):
        self._outcome = "failed" if self._outcome == "failed" else outcome
        self._details.append(detail)
        if not isinstance(test, unittest.TestCase):
            # A class that could not be set up has no tests that start and stop.
            self._write(test.id(), 0)

    def _write(self, name, seconds):
        line = {"test": name, "outcome": self._outcome, "seconds": seconds, "detail": "\n".join(self._details)}
        print(json.dumps(line), file=self._output, flush=True)


def run_here(tests):
    """The child's part. Whatever the tests print goes to standard error."""
    output = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    unittest.defaultTestLoader.loadTestsFromNames(tests).run(Report(output))


class Lane(threading.Thread):
    """Takes one class after another and runs it in a child."""

    def __init__(self, waiting, results):
        super().__init__(daemon=True)
        self._waiting, self._results = waiting, results

    def run(self):
        while True:
            try:
                tests = self._waiting.get_nowait()
            except queue.Empty:
                return
            self._run(tests)

    def _run(self, tests):
        # A session of its own, so that nothing a test has started can be left behind.
        child = subprocess.Popen(
            [sys.executable, __file__, "--here", *tests], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            start_new_session=True, text=True)
        watchdog = threading.Timer(BOUND, os.killpg, (child.pid, signal.SIGKILL))
        watchdog.start()
        noise = []
        listener = threading.Thread(target=lambda: noise.append(child.stderr.read()), daemon=True)
        listener.start()
        missing = set(tests)
        for line in child.stdout:
            result = json.loads(line)
            missing.discard(result["test"])
            if result["test"] not in tests:
                missing.clear()  # The class as a whole has failed or was skipped.
            self._results.put(result)
        child.wait()
        watchdog.cancel()
        try:
            os.killpg(child.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        listener.join(5)
        for test in sorted(missing):
            detail = f"no result: the child ended with {child.returncode}\n{''.join(noise)}"
            self._results.put({"test": test, "outcome": "failed", "seconds": 0, "detail": detail})


def run(groups, lanes, report):
    waiting, results = queue.SimpleQueue(), queue.SimpleQueue()
    for tests in groups:
        waiting.put(tests)
    threads = [Lane(waiting, results) for _ in range(min(lanes, len(groups)))]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads) or not results.empty():
        try:
            report(results.get(timeout=0.2))
        except queue.Empty:
            pass


class Verdicts:
    """What the tests have said."""

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

    def sum_up(self):
        """Prints what is wrong, the names last of all. Returns whether all is well."""
        for name, detail in self._failures.items():
            print(f"\n--- {name}\n{detail}")
        count = self._count
        print(f"\n{count['passed']} passed, {count['failed']} failed, {count['skipped']} skipped")
        for name, detail in self._failures.items():
            print(f"failed: {name}: {self._gist(detail)}")
        return not self._failures

    @staticmethod
    def _gist(detail):
        """The line that names the error; the server's log may follow it."""
        lines = detail.splitlines() or [""]
        return next((line for line in lines if re.match(r"[\w.]*(Error|Exception|skipped)\b", line)), lines[-1])[:200]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--no-skip", action="store_true", help="a skipped test is a failure")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("names", nargs="*", metavar="NAME", help="only tests whose full name holds it")
    options = parser.parse_args()
    if options.here:
        return run_here(options.names)

    found = suites(options.names)
    if not found:
        sys.exit(f"no test's name holds {' or '.join(options.names)}")
    verdicts = Verdicts(options.no_skip)

    def is_alone(suite):
        return getattr(suite, "alone", False)

    def is_short(suite):
        return not getattr(suite, "is_long", False)

    for folder, lanes in LANES.items():
        here = {suite: tests for suite, tests in found.items() if suite.__module__.startswith(f"{folder}.")}
        together = sorted((suite for suite in here if not is_alone(suite)), key=is_short)
        run([here[suite] for suite in together], lanes, verdicts.note)
        run([tests for suite, tests in here.items() if is_alone(suite)], 1, verdicts.note)

    sys.exit(0 if verdicts.sum_up() else 1)


if __name__ == "__main__":
    main()
