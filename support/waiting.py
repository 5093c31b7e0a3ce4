"""Waiting with a bound."""

import time

# Nobody waits longer, in seconds, for what is to come soon: a machine may be busy, but what takes as long hangs.
TIMEOUT = 30


def wait_until(condition, seconds, what):
    """Returns the first true value of condition(); fails with `what` (text, or a function that makes it) when time is
    over."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what() if callable(what) else what}")
        time.sleep(0.05)
