"""The studio: the page of a person who goes live from a browser. Chromium only."""

import time

from support.browsers.voice_page import KEEP_SIGNAL
from support.waiting import TIMEOUT, wait_until


class StudioPage:
    """Opens the studio of a server with an operator's token. The keyboard alone is used."""

    def __init__(self, browser, server, keeps_signal=True):
        self.browser = browser
        if keeps_signal:
            browser.run_first(KEEP_SIGNAL)
        browser.evaluate(f"void setTimeout(() => location.assign('{server.url}studio?token={server.operator_token}'))")
        wait_until(
            lambda: browser.evaluate("window.ringcast?.snapshot().place") == "desk", TIMEOUT,
            lambda: f"the desk of the studio: {browser.evaluate('document.body.innerText')}")

    def go_live(self):
        """Presses Enter on the button that has the focus, and waits until the page shows that it is on the air."""
        self.browser.wait("document.activeElement.id === 'go' && !document.activeElement.disabled", what="the button")
        self.browser.press("Enter")
        self.browser.wait("document.body.dataset.air === 'on'", what="the air")
        return self

    @property
    def opened(self):
        """The start of the navigation, on the monotonic clock."""
        return self.browser.evaluate("performance.timeOrigin / 1000") - time.time() + time.monotonic()
