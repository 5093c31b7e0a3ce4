"""The listener's page in a real browser."""

import json
import time

from support.server import ROOT
from support.waiting import TIMEOUT, wait_until

# The folder of the screenshots.
OUT = ROOT / "Tests/out"


class Page:
    """Opens the page at the server, or at `front`, a cache before the server. `snapshot` is the state that the page
    reports."""

    def __init__(self, browser, server, query="", front=None):
        self.browser, self.server = browser, server
        browser.open((front or server).url + query)

    def snapshot(self):
        """The state that the page reports; None before the page's script has run."""
        return self.browser.evaluate("window.ringcast?.snapshot() ?? null")

    def wait(self, condition, seconds, what):
        """The first snapshot that fulfils the condition."""
        latest = None

        def look():
            nonlocal latest
            latest = self.snapshot()
            return latest if latest and condition(latest) else None
        return wait_until(look, seconds, lambda: f"{what}: {json.dumps(latest)}\n{self.server.log}")

    def wait_playing(self, seconds=TIMEOUT):
        return self.wait(
            lambda now: now["state"] == "playing" and now["currentTime"] > 0.5, seconds, "the state playing")

    def wait_settled(self, seconds):
        """Waits until the page has played for `seconds` without a stall and without a jump. Returns the last
        snapshot."""
        began, steady = time.monotonic(), None

        def is_settled(now):
            nonlocal began, steady
            state = (now["state"], now["stalls"], now["jumps"])
            if state != steady:
                began, steady = time.monotonic(), state
            return now["state"] == "playing" and time.monotonic() - began >= seconds
        return self.wait(is_settled, TIMEOUT + seconds, f"{seconds} s without a stall and a jump")

    def samples(self, seconds):
        """Pairs of the page's clock, in seconds, and its snapshot, about five a second."""
        pairs, end = [], time.monotonic() + seconds
        while time.monotonic() < end:
            pairs.append(self.browser.evaluate("[performance.now() / 1000, window.ringcast.snapshot()]"))
            time.sleep(0.2)
        return pairs

    def screenshot(self, name):
        OUT.mkdir(exist_ok=True)
        self.browser.screenshot(OUT / f"{name}.png")
