"""Child processes that end with the test that started them."""

import ctypes
import os
import shutil
import signal
import subprocess
import unittest

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


def _die_with_parent():
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def start(command, **options):
    """Starts a child process. The kernel kills the child when this process dies."""
    return subprocess.Popen(_checked(command, options), preexec_fn=_die_with_parent, **options)


def end(process, timeout=3):
    """Ends a child with SIGTERM, after `timeout` seconds with SIGKILL, and closes its pipes. Returns its exit
    status."""
    if process.poll() is None:
        # A stopped process handles SIGTERM only after it is continued.
        process.send_signal(signal.SIGCONT)
        process.terminate()
        try:
            process.wait(timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe:
            try:
                pipe.close()
            except BrokenPipeError:
                pass  # The buffered bytes have no reader any more.
    return process.returncode


def run(command, seconds=60, **options):
    """Runs a child to its end and captures its output."""
    return subprocess.run(_checked(command, options), capture_output=True, timeout=seconds, **options)


def _checked(command, options):
    """The command as strings. A missing tool skips the test, and the runner counts skips. A wrong path fails the
    test."""
    command = [str(part) for part in command]
    path = (options.get("env") or os.environ).get("PATH")
    if "/" not in command[0] and not shutil.which(command[0], path=path):
        raise unittest.SkipTest(f"{command[0]} is not installed")
    return command
