"""The studio: the page of a person who goes live from a browser. Chromium only."""

import json
import time

from support.browsers.kept_signal import KEEP_SIGNAL
from support.browsers.page import OUT
from support.waiting import TIMEOUT, wait_until


class StudioPage:
    """Opens the studio of a server, at `path`; without `path` with an operator's token. The keyboard alone is used.
    `place` is the place at which the page arrives; None for any."""

    def __init__(self, browser, server, keeps_signal=True, path=None, place="desk"):
        self.browser = browser
        if keeps_signal:
            browser.run_first(KEEP_SIGNAL)
        browser.open(server.url + (path or f"studio?token={server.operator_token}"))
        if place:
            self.wait_place(place)

    def wait_place(self, place):
        wait_until(
            lambda: self.browser.evaluate("window.ringcast?.snapshot().place") == place, TIMEOUT,
            lambda: f"the place {place} of the studio: {self.browser.evaluate('document.body.innerText')}")

    def go_live(self):
        """Presses Enter on the button that has the focus, and waits until the page shows that it is on the air."""
        self.wait_focus("go")
        self.browser.press("Enter")
        self.browser.wait("document.body.dataset.air === 'on'", what="the air")
        return self

    def wait_focus(self, id):
        """Waits until the element has the focus and can be used."""
        self.browser.wait(
            f"document.activeElement.id === {json.dumps(id)} && !document.activeElement.disabled", what=f"the focus on {id}")

    def tab_to(self, id):
        """Moves the focus to an element by the Tab key."""
        for _ in range(40):
            if self.browser.evaluate("document.activeElement.id") == id:
                return
            self.browser.press("Tab")
        raise AssertionError(f"the Tab key does not reach {id}")

    def snapshot(self):
        """The state that the page reports; None while the page is loaded."""
        return self.browser.evaluate("window.ringcast?.snapshot() ?? null")

    def wait(self, condition, what, seconds=TIMEOUT):
        """The first snapshot that fulfils the condition."""
        latest = None

        def look():
            nonlocal latest
            latest = self.snapshot()
            return latest if latest and condition(latest) else None
        return wait_until(look, seconds, lambda: f"{what}: {json.dumps(latest)}")

    def wait_air(self, air):
        return self.wait(lambda now: now.get("air") == air, f"the air is {air}")

    def text(self, id):
        """The text of an element; None where the element is not visible."""
        return self.browser.evaluate(
            f"(element => element.checkVisibility() ? element.textContent : null)(document.getElementById({json.dumps(id)}))")

    def wait_text(self, id, text):
        """Waits until the text of a visible element has this part."""
        wait_until(lambda: text in (self.text(id) or ""), TIMEOUT, lambda: f"{text!r} in {id}: {self.text(id)!r}")

    @property
    def opened(self):
        """The start of the navigation, on the monotonic clock."""
        return self.browser.evaluate("performance.timeOrigin / 1000") - time.time() + time.monotonic()

    def screenshot(self, name):
        OUT.mkdir(exist_ok=True)
        self.browser.screenshot(OUT / f"studio-{name}.png")
