"""Causes faults, one after another, in the running program while listeners expect every frame. Prints the faults that
were survived, and figures."""

import argparse
import sys
from datetime import datetime, timezone

# Each module adds its rows.
from scripts.benchmarks import client_faults, device_faults, process_faults  # noqa: F401
from scripts.benchmarks import machine
from scripts.benchmarks.fault_table import FAULTS
from scripts.benchmarks.servers import ROOT


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench faults", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="only faults whose name contains NAME")
    options = parser.parse_args()
    chosen = [row for row in FAULTS if not options.names or any(name in row[0] for name in options.names)]
    if not chosen:
        parser.error(f"no fault's name contains {' or '.join(options.names)}")
    version = machine.version([ROOT / ".build/release/ringcast", "--version"])
    print(f"{datetime.now(timezone.utc):%Y-%m-%d %H:%M} UTC, {machine.description()}, ringcast {version}\n")
    print(f"{'fault':40} {'survived':9} figures", flush=True)
    survived, failures = 0, []
    for name, function in chosen:
        try:
            outcome, note = "yes", function()
            survived += 1
        except Exception as error:  # Any error means that the fault was not survived.
            outcome, note = "NO", str(error).splitlines()[0] if str(error) else repr(error)
            failures.append((name, error))
        print(f"{name:40} {outcome:9} {note}", flush=True)
    print(f"\nsurvived / tried: {survived} / {len(chosen)}")
    for name, error in failures:
        print(f"\n--- {name}\n{error}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
