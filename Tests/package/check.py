"""Installs the package on a clean Debian in a folder, streams, and purges it. No file may remain. Needs root.

usage: check.py PACKAGE
"""

import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from clean import TIMEOUT, SUITE, system

# Files that Debian's tools write for any package.
OWN = re.compile(
    r"^(var/(lib/(dpkg|apt|systemd/deb-systemd)|cache|log)|etc/(ld\.so\.cache|(passwd|group|shadow|gshadow)-|systemd/system/.*\.wants)|tmp|run|proc|dev|sys)(/|$)")


def files(root):
    found = set()
    for folder, folders, names in os.walk(root):
        below = Path(folder).relative_to(root)
        folders[:] = [name for name in folders if not OWN.match(str(below / name))]
        found.update(str(below / name) for name in (*folders, *names) if not OWN.match(str(below / name)))
    return found


def stream(root):
    """Runs the program as its user. Returns the seconds until it listened, and the number of segments."""
    began = time.monotonic()
    server = subprocess.Popen(
        ["chroot", "--userspec=ringcast:ringcast", root, "ringcast", "--source", "tone", "--port", "0", "--sound-dir",
         "/tmp/sound"], stderr=subprocess.PIPE, text=True)
    try:
        for line in server.stderr:
            if found := re.search(r"listening on (http://\S+)", line):
                break
        else:
            sys.exit("the program ended before it listened")
        started = time.monotonic() - began
        page = urllib.request.urlopen(found[1], timeout=TIMEOUT).read()
        if b"<title>" not in page:
            sys.exit("there is no page")
        deadline = time.monotonic() + TIMEOUT
        while time.monotonic() < deadline:
            with urllib.request.urlopen(f"{found[1]}live.m3u8", timeout=TIMEOUT) as response:
                playlist = response.read().decode()
            names = re.findall(r"^live/\d+\.mp3$", playlist, re.MULTILINE)
            if len(names) >= 3:
                segment = urllib.request.urlopen(found[1] + names[-1], timeout=TIMEOUT).read()
                if not segment.startswith(b"ID3"):
                    sys.exit("the served file is not a segment")
                return started, len(names)
            time.sleep(0.5)
        sys.exit(f"too few segments:\n{playlist}")
    finally:
        server.terminate()
        if server.wait(TIMEOUT) != 0:
            sys.exit(f"the program ended with {server.returncode}")


def main():
    package = Path(sys.argv[1]).resolve()
    # The dependencies stay after the purge, as after any removal without autoremove. So they are installed before.
    with system(package) as clean:
        root = clean.root
        before = files(root)
        clean.install_file(package)
        installed = files(root) - before
        for name in ("usr/bin/ringcast", "usr/share/ringcast/web/index.html", "usr/share/man/man1/ringcast.1.gz",
                     "etc/ringcast/ringcast.conf", "usr/share/bash-completion/completions/ringcast",
                     "lib/systemd/system/ringcast.service"):
            if name not in installed and f"usr/{name}" not in installed:
                sys.exit(f"{name} is not installed: {sorted(installed)}")
        if "audio" not in clean.run("id", "--name", "--groups", "ringcast").split():
            sys.exit("the user ringcast is not in the group audio")
        clean.run("ringcast", "--config", "/etc/ringcast/ringcast.conf", "--check-config")
        started, segments = stream(root)
        shutil.rmtree(root / "tmp/sound")
        clean.run("apt-get", "purge", "-y", "ringcast")
        left = files(root) - before
        if "ringcast" in (root / "etc/passwd").read_text():
            left.add("etc/passwd: ringcast")
        if left:
            sys.exit(f"left behind: {sorted(left)}")
    print(f"installed on {SUITE}, listening after {started * 1000:.0f} ms, {segments} segments, purged without a trace")


if __name__ == "__main__":
    main()
