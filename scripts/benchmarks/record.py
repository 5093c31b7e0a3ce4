"""Runs a benchmark and shows its output. A complete run with default options replaces its section in BENCHMARKS.md."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# The benchmarks, in the order of their sections.
BENCHMARKS = ["encode", "listeners", "events", "latency", "voices", "faults", "edge", "soak"]
HEAD = """# Benchmarks

Each section is the output of `scripts/bench NAME` on the day and the machine that it names. The command installs the
servers that it compares, and builds ringcast. `scripts/bench` runs all benchmarks. Run them on a machine without other
work.
"""


def sections(text):
    """{name: section} of a BENCHMARKS.md."""
    parts = re.split(r"^## (\w+)\n", text, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2]))


def with_section(text, name, output):
    """The text with the section `name` replaced by `output`."""
    found = sections(text)
    # Markdown tables are not fenced.
    fence = "" if "| --" in output else "```\n"
    found[name] = f"\n{fence}{output.strip()}\n{fence}"
    return HEAD + "".join(f"\n## {name}\n{found[name].rstrip()}\n" for name in BENCHMARKS if name in found)


def main():
    name, *arguments = sys.argv[1:]
    lines = []
    with subprocess.Popen(
            [sys.executable, "-u", "-m", f"scripts.benchmarks.{name}", *arguments], stdout=subprocess.PIPE,
            text=True) as benchmark:
        for line in benchmark.stdout:
            print(line, end="", flush=True)
            lines.append(line)
    # An interrupted benchmark has no figures.
    if not arguments and benchmark.returncode in (0, 1):
        file = ROOT / "BENCHMARKS.md"
        text = file.read_text() if file.exists() else ""
        file.write_text(with_section(text, name, "".join(lines)))
    return benchmark.returncode


if __name__ == "__main__":
    sys.exit(main())
