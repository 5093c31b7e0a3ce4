"""A wall clock of its own for a program under test, which can be set while it runs."""

import os
import struct
import tempfile
import time
from datetime import datetime, timezone
from pathlib import Path

from support import processes


class WallClock:
    """Use it with `with`, and start the program in `environment`; the machine's own clock is left alone."""

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="clock.")
        folder = Path(self._folder.name)
        source = Path(__file__).with_suffix(".c")
        processes.run(["cc", "-O1", "-Wall", "-Werror", "-shared", "-fPIC", "-o", folder / "clock.so", source]
                      ).check_returncode()
        self._offset = folder / "offset"
        self._offset.write_bytes(bytes(8))
        self._seconds = 0
        # There may be others already.
        preload = " ".join(filter(None, [os.environ.get("LD_PRELOAD"), str(folder / "clock.so")]))
        self.environment = os.environ | {"LD_PRELOAD": preload, "WALL_CLOCK": str(self._offset)}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._folder.cleanup()

    def step(self, seconds):
        """As ntpd does, or an administrator."""
        self._seconds += seconds
        # In place: the program has the file in its memory.
        with open(self._offset, "r+b") as file:
            file.write(struct.pack("=q", round(self._seconds * 1e9)))

    def time(self):
        """Seconds since 1970 as the program sees them."""
        return time.time() + self._seconds

    def now(self):
        return datetime.fromtimestamp(self.time(), timezone.utc)
