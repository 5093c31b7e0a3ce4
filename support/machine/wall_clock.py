"""A wall clock for one program under test, which can be set while the program runs."""

import os
import struct
import tempfile
import time
from datetime import datetime, timezone
from pathlib import Path

from support import processes


class WallClock:
    """To be used with `with`. Start the program with `environment`. The machine's clock does not change."""

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="clock.")
        folder = Path(self._folder.name)
        source = Path(__file__).with_suffix(".c")
        processes.run(["cc", "-O1", "-Wall", "-Werror", "-shared", "-fPIC", "-o", folder / "clock.so", source]
                      ).check_returncode()
        self._offset = folder / "offset"
        self._offset.write_bytes(bytes(8))
        self._seconds = 0
        # Other libraries may be preloaded already.
        preload = " ".join(filter(None, [os.environ.get("LD_PRELOAD"), str(folder / "clock.so")]))
        self.environment = os.environ | {"LD_PRELOAD": preload, "WALL_CLOCK": str(self._offset)}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._folder.cleanup()

    def step(self, seconds):
        """Sets the clock forward by `seconds`, or back if negative, like ntpd or an administrator."""
        self._seconds += seconds
        # Written in place, because the program has mapped the file.
        with open(self._offset, "r+b") as file:
            file.write(struct.pack("=q", round(self._seconds * 1e9)))

    def time(self):
        """Seconds since 1970 on the program's clock."""
        return time.time() + self._seconds

    def now(self):
        return datetime.fromtimestamp(self.time(), timezone.utc)
