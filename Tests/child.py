"""The part of Tests/run.py that imports the tests. Runs from the repository's root, where `support` and `Tests` are
packages.

usage: python3 -m Tests.child list [NAME ...]     writes the selected classes to standard output, as JSON
       python3 -m Tests.child run TEST ...        runs the tests, and writes a line of JSON for each to standard output

A test's name is its module below Tests, its class and its method: e2e.storage.test_restart.Kill.test_kill_9.
"""

import importlib
import json
import os
import sys
import time
import unittest
from pathlib import Path

TESTS = Path(__file__).resolve().parent
FOLDERS = ("e2e", "browser")
PACKAGE = "Tests."


def classes(names):
    """The test classes that have a test whose name contains one of `names`; all classes if `names` is empty."""
    for path in sorted(path for folder in FOLDERS for path in (TESTS / folder).rglob("test_*.py")):
        module = importlib.import_module(".".join(path.relative_to(TESTS.parent).with_suffix("").parts))
        for suite in vars(module).values():
            if isinstance(suite, type) and issubclass(suite, unittest.TestCase) and suite.__module__ == module.__name__:
                prefix = f"{module.__name__.removeprefix(PACKAGE)}.{suite.__qualname__}"
                tests = [f"{prefix}.{method}" for method in unittest.defaultTestLoader.getTestCaseNames(suite)]
                selected = [test for test in tests if not names or any(name in test for name in names)]
                if selected:
                    yield {
                        "folder": path.relative_to(TESTS).parts[0], "tests": selected,
                        "alone": getattr(suite, "alone", False), "isLong": getattr(suite, "is_long", False)}


class Report(unittest.TestResult):
    """Writes a line of JSON for each test."""

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
            # The set-up of a whole class has failed: its tests will not start or stop.
            self._write(test.id(), 0)

    def _write(self, name, seconds):
        line = {
            "test": name.removeprefix(PACKAGE), "outcome": self._outcome, "seconds": seconds,
            "detail": "\n".join(self._details)}
        print(json.dumps(line), file=self._output, flush=True)


def run(tests):
    # Anything that the tests print goes to standard error.
    output = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    unittest.defaultTestLoader.loadTestsFromNames([PACKAGE + test for test in tests]).run(Report(output))


def main():
    command, *names = sys.argv[1:]
    if command == "list":
        print(json.dumps(list(classes(names))))
    else:
        run(names)


if __name__ == "__main__":
    main()
