"""Finds the moments at which this machine let no process run."""

import subprocess
import sys
from pathlib import Path

from support import processes

_PROGRAM = Path(__file__).with_name("stalls.py")


class StallWatch:
    """Watches from the constructor on, in a process of its own."""

    def __init__(self):
        self._child = processes.start([sys.executable, _PROGRAM], stdout=subprocess.PIPE, text=True)

    def stop(self):
        """Returns the times at which the stalls ended, on the monotonic clock, in seconds."""
        self._child.terminate()
        output, _ = self._child.communicate()
        return [float(line) for line in output.split()]
