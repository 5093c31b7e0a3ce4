"""Disks that fail on demand: a small one in memory, and any that is slow."""

import os
import tempfile
import unittest
from pathlib import Path

from support import hls, processes
from support.waiting import wait_until

# An administrator's tools are not in everybody's path.
_ENVIRONMENT = os.environ | {"PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin"}
# What the disk thread calls beneath its folder.
_CALLS = "openat,open,write,pwrite64,fdatasync,fsync,rename,unlink,mkdir,getdents64"


def administer(*command):
    return processes.run(command, env=_ENVIRONMENT)


class Disk:
    """A file system of its own in memory, or of a file with `arguments` of mount(8); use it with `with`. The test is
    skipped where nothing can be mounted."""

    def __init__(self, *arguments, size="1m"):
        self._arguments = arguments or ("-t", "tmpfs", "-o", f"size={size}", "tmpfs")
        self._folder = tempfile.TemporaryDirectory(prefix="disk.")
        self.path = Path(self._folder.name)
        self.mount()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.remove()
        self._folder.cleanup()

    def mount(self):
        result = administer("mount", *self._arguments, self.path)
        if result.returncode != 0:
            raise unittest.SkipTest(f"nothing can be mounted here: {result.stderr.decode().strip()}")

    def remount(self, options):
        administer("mount", "-o", f"remount,{options}", self.path).check_returncode()

    def remove(self):
        """Pulls it out, whoever uses it."""
        administer("umount", "--lazy", self.path)


class Slow:
    """Makes each call of a server's disk thread take so many seconds more, as long as it is there: strace holds it."""

    def __init__(self, process, seconds):
        thread, = [
            task.name for task in Path(f"/proc/{process.pid}/task").iterdir()
            if (task / "comm").read_text().strip() == "disk"]
        self._strace = processes.start([
            "strace", "-qq", "-o", "/dev/null", "-e", f"trace={_CALLS}", "-e",
            f"inject={_CALLS}:delay_enter={round(seconds * 1e6)}", "-p", thread])
        status = Path(f"/proc/{process.pid}/task/{thread}/status")
        wait_until(lambda: "TracerPid:\t0" not in status.read_text(), 5, "strace holds the thread")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        processes.end(self._strace)


def is_complete(folder, playlist):
    """Whether what lies in the folder is as new as the playlist, and each file is there."""
    try:
        stored = hls.read((folder / "live.m3u8").read_bytes())
    except OSError:
        return False
    return stored.last >= playlist.last and all((folder / entry.uri).exists() for entry in stored.entries)
