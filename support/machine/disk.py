"""Disks that fail on demand: a small disk in memory, and slow system calls."""

import os
import tempfile
import unittest
from pathlib import Path

from support import processes
from support.formats import hls
from support.waiting import TIMEOUT, wait_until

# A file system in memory that exists on every Linux and is never slow.
MEMORY = "/dev/shm"
# Administration tools are not in every user's path.
_ENVIRONMENT = os.environ | {"PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin"}
# The system calls of the disk thread.
_CALLS = "openat,open,write,pwrite64,fdatasync,fsync,rename,unlink,mkdir,getdents64"


def administer(*command):
    return processes.run(command, env=_ENVIRONMENT)


class Disk:
    """A mounted file system, to be used with `with`: in memory, or as `arguments` of mount(8) say. The folder is a new
    one, or the one at `path`. Where mounting is not possible, the test is skipped."""

    def __init__(self, *arguments, size="1m", path=None):
        self._arguments = arguments or ("-t", "tmpfs", "-o", f"size={size}", "tmpfs")
        self._folder = None if path else tempfile.TemporaryDirectory(prefix="disk.")
        self.path = Path(path or self._folder.name)
        self._layers = 0
        self.mount()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for _ in range(self._layers):
            administer("umount", "--lazy", self.path)
        if self._folder:
            self._folder.cleanup()

    def mount(self):
        """Inserts the disk. A disk in memory is empty."""
        self._cover(*self._arguments)

    def remove(self):
        """Pulls the disk out, even if it is in use. A read-only folder takes its place."""
        self._cover("-t", "tmpfs", "-o", "ro", "tmpfs")

    def remount(self, options):
        # The file system is busy while a file is open for writing or being removed.
        wait_until(
            lambda: administer("mount", "-o", f"remount,{options}", self.path).returncode == 0, TIMEOUT,
            f"{self.path} is remounted {options}")

    def _cover(self, *arguments):
        """Mounts on top of the mounts before, so that the folder beneath is never visible in between."""
        result = administer("mount", *arguments, self.path)
        if result.returncode != 0:
            raise unittest.SkipTest(f"mounting is not possible here: {result.stderr.decode().strip()}")
        self._layers += 1


class InjectedCalls:
    """Changes system calls of a server's thread, with strace, until `with` ends: `injection` is what strace's `inject`
    takes, such as `error=EIO`."""

    def __init__(self, process, name, calls, injection):
        thread, = [
            task.name for task in Path(f"/proc/{process.pid}/task").iterdir()
            if (task / "comm").read_text().strip() == name]
        self._strace = processes.start([
            "strace", "-qq", "-o", "/dev/null", "-e", f"trace={calls}", "-e", f"inject={calls}:{injection}", "-p", thread])
        status = Path(f"/proc/{process.pid}/task/{thread}/status")
        wait_until(lambda: "TracerPid:\t0" not in status.read_text(), TIMEOUT, "strace traces the thread")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        processes.end(self._strace)


class SlowDiskCalls(InjectedCalls):
    """Delays each system call of a server's disk thread by `seconds`."""

    def __init__(self, process, seconds):
        super().__init__(process, "disk", _CALLS, f"delay_enter={round(seconds * 1e6)}")


def read_folder(folder):
    """The playlist in a stream's folder, and {URI: bytes} of its segments while that playlist was the current one."""
    while True:
        data = (folder / "live.m3u8").read_bytes()
        playlist = hls.read(data)
        bodies = {entry.uri: _bytes(folder / entry.uri) for entry in playlist.entries}
        # The server may remove a file only after it has written a playlist that no longer lists the file.
        if (folder / "live.m3u8").read_bytes() == data:
            if missing := [uri for uri, body in bodies.items() if body is None]:
                raise AssertionError(f"listed, but missing: {missing}\n{data.decode()}")
            return playlist, bodies


def _bytes(path):
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def is_complete(folder, playlist):
    """Whether the folder is as new as the playlist, and no file is missing."""
    try:
        return read_folder(folder)[0].last >= playlist.last
    except OSError:
        return False
