"""Runs a benchmark, shows what it prints, and keeps that in BENCHMARKS.md where it is the whole of it."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# In the order of their sections.
BENCHMARKS = ["encode", "listeners", "latency", "faults", "edge", "soak"]
HEAD = """# Benchmarks

Each section is what `scripts/bench` and its name printed when they were run last; it says when, and on what. The
command installs the peers that it compares with, and builds. `scripts/bench` runs them all: on a machine that has
nothing else to do.
"""


def sections(text):
    """{name: section} of a BENCHMARKS.md."""
    parts = re.split(r"^## (\w+)\n", text, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2]))


def with_section(text, name, output):
    """The same text with that section in its place."""
    found = sections(text)
    # Tables of Markdown are shown as such.
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
    # No figures come with an interruption.
    if not arguments and benchmark.returncode in (0, 1):
        file = ROOT / "BENCHMARKS.md"
        text = file.read_text() if file.exists() else ""
        file.write_text(with_section(text, name, "".join(lines)))
    return benchmark.returncode


if __name__ == "__main__":
    sys.exit(main())
