"""A clean Debian in a folder. Needs root."""

import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SUITE = "bookworm"
# The longest wait, in seconds.
TIMEOUT = 60


def run(*command, **options):
    done = subprocess.run(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout.decode(errors='replace')}")
    return done.stdout.decode(errors="replace")


class System:
    """A Debian in the folder `root`."""

    def __init__(self, root):
        self.root = root
        self._proc = root / "proc"
        run("mount", "-t", "proc", "proc", self._proc)

    def close(self):
        """Unmounts the system, so that its files can be copied. No command can run in it afterwards."""
        if self._proc:
            run("umount", self._proc)
        self._proc = None

    def run(self, *command):
        return run("chroot", self.root, "env", "DEBIAN_FRONTEND=noninteractive", "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
                   *command)

    def install(self, *names):
        self.run("apt-get", "install", "-y", "--no-install-recommends", *names)

    def install_file(self, package):
        shutil.copy(package, self.root / "tmp")
        self.install(f"/tmp/{package.name}")
        (self.root / "tmp" / package.name).unlink()


@contextlib.contextmanager
def system(package, *more):
    """A clean system with the dependencies of `package` and the packages `more`, and without the package itself."""
    if os.geteuid() != 0:
        sys.exit("only root can install on a system in a folder")
    with tempfile.TemporaryDirectory(prefix="clean.") as folder:
        root = Path(folder, "root")
        run("debootstrap", "--variant=minbase", SUITE, root)
        clean = System(root)
        try:
            clean.run("apt-get", "update")
            depends = re.search(r"^ Depends: (.*)$", run("dpkg", "--info", package), re.MULTILINE)[1]
            clean.install(*(re.match(r"[^ (]+", part.split("|")[0])[0] for part in depends.split(", ")), *more)
            yield clean
        finally:
            clean.close()
