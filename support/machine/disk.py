"""Disks that fail on demand: a small one in memory, and any that is slow."""

import os
import tempfile
import unittest
from pathlib import Path

from support import processes
from support.formats import hls
from support.waiting import TIMEOUT, wait_until

# A disk in memory that is always there, and never slow.
MEMORY = "/dev/shm"
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
        self._layers = 0
        self.mount()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for _ in range(self._layers):
            administer("umount", "--lazy", self.path)
        self._folder.cleanup()

    def mount(self):
        """Puts one in: an empty one, if it is in memory."""
        self._cover(*self._arguments)

    def remove(self):
        """Pulls it out, whoever uses it; beneath is a folder that may not be written, as if it were somebody else's."""
        self._cover("-t", "tmpfs", "-o", "ro", "tmpfs")

    def remount(self, options):
        # It is busy while a file is open for writing, or being removed.
        wait_until(
            lambda: administer("mount", "-o", f"remount,{options}", self.path).returncode == 0, TIMEOUT,
            f"{self.path} is remounted {options}")

    def _cover(self, *arguments):
        """One upon the other: nobody may see in between what is beneath them all."""
        result = administer("mount", *arguments, self.path)
        if result.returncode != 0:
            raise unittest.SkipTest(f"nothing can be mounted here: {result.stderr.decode().strip()}")
        self._layers += 1


class SlowDiskCalls:
    """Makes each call of a server's disk thread take so many seconds more, as long as it is there: strace holds it."""

    def __init__(self, process, seconds):
        thread, = [
            task.name for task in Path(f"/proc/{process.pid}/task").iterdir()
            if (task / "comm").read_text().strip() == "disk"]
        self._strace = processes.start([
            "strace", "-qq", "-o", "/dev/null", "-e", f"trace={_CALLS}", "-e",
            f"inject={_CALLS}:delay_enter={round(seconds * 1e6)}", "-p", thread])
        status = Path(f"/proc/{process.pid}/task/{thread}/status")
        wait_until(lambda: "TracerPid:\t0" not in status.read_text(), TIMEOUT, "strace holds the thread")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        processes.end(self._strace)


def read_folder(folder):
    """The playlist in a stream's folder, and what each of its segments was while it was the playlist."""
    while True:
        data = (folder / "live.m3u8").read_bytes()
        playlist = hls.read(data)
        bodies = {entry.uri: _bytes(folder / entry.uri) for entry in playlist.entries}
        # A file may go once the playlist that does not list it any more is there, and not before.
        if (folder / "live.m3u8").read_bytes() == data:
            if missing := [uri for uri, body in bodies.items() if body is None]:
                raise AssertionError(f"listed, but not there: {missing}\n{data.decode()}")
            return playlist, bodies


def _bytes(path):
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def is_complete(folder, playlist):
    """Whether what lies in the folder is as new as the playlist, and each file is there."""
    try:
        return read_folder(folder)[0].last >= playlist.last
    except OSError:
        return False
