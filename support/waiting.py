"""Waits that end after a given time."""

import time

# The longest wait, in seconds, for an event that is expected soon. A busy machine may delay the event, but not this
# long.
TIMEOUT = 30


def wait_until(condition, seconds, what):
    """Returns the first true value of condition(). Fails after `seconds`, with `what` in the message: a text, or a
    function that returns one."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what() if callable(what) else what}")
        time.sleep(0.05)
