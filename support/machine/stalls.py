"""Prints the times at which this machine did not let this process run, until the process is ended.

A hypervisor that gives the processors to somebody else stops the program, the browser and the measurement alike."""

import time

# The process sleeps for this long, in seconds.
_SLEEP = 0.005
# A sleep that lasts longer than it should by this much is a stall, in seconds. Browsers play with buffers of this size.
_STALL = 0.03


def main():
    before = time.monotonic()
    while True:
        time.sleep(_SLEEP)
        now = time.monotonic()
        if now - before > _SLEEP + _STALL:
            print(now, flush=True)
        before = now


if __name__ == "__main__":
    main()
