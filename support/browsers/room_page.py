"""The page of a room in a real browser."""

import json

from support.browsers.page import OUT
from support.waiting import TIMEOUT, wait_until


class RoomPage:
    """Opens the page of a room. `url` is that of the station, or of a proxy before the station."""

    def __init__(self, browser, url, room="kitchen", query=""):
        self.browser = browser
        browser.open(f"{url}rooms/{room}{query}")
        browser.wait("!!window.ringcast", what="the script of the page")

    def join(self, name):
        """Joins the room by the form, and returns this page."""
        self.submit_name(name)
        self.wait(lambda now: now["phase"] == "joined", f"{name} is in the room")
        return self

    def submit_name(self, name):
        self.browser.wait("document.querySelector('#name').checkVisibility()", what="the field for the name")
        self.browser.evaluate(f"document.querySelector('#name').value = {json.dumps(name)}")
        self.browser.click("#join-form button[type=submit]")

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

    def say(self, text):
        """Writes a chat message with the keyboard."""
        self.browser.click("#message")
        for key in [*text, "Enter"]:
            self.browser.press(key)

    def texts(self):
        """The messages of the chat that the page shows: pairs of name and text."""
        return self.browser.evaluate(
            "[...document.querySelectorAll('#log .chat:not(.unconfirmed)')].map((entry) => "
            "[entry.querySelector('.by b').textContent, entry.querySelector('.text').textContent])")

    def wait_text(self, name, text):
        """Waits until the page shows a message."""
        wait_until(lambda: [name, text] in self.texts(), TIMEOUT, lambda: f"{name}: {text} in {self.texts()}")

    def notes(self):
        """The notes about members in the log, without their times."""
        return self.browser.evaluate(
            "[...document.querySelectorAll('#log .note p')].map((note) => note.firstChild.textContent)")

    def wait_members(self, *names):
        self.wait(lambda now: sorted(now["names"]) == sorted(names), f"the members {names}")

    def shown(self, selector):
        """The text of an element; None where the element is not visible."""
        return self.browser.evaluate(
            f"(element => element?.checkVisibility() ? element.textContent : null)"
            f"(document.querySelector({json.dumps(selector)}))")

    def press_button(self, text):
        """Clicks the visible button with this text or label, when the button is there and enabled."""
        self.browser.wait(f"""(button => {{
            button?.click();
            return !!button;
        }})([...document.querySelectorAll('button:enabled')].find(button => button.checkVisibility()
            && [button.textContent, button.ariaLabel].includes({json.dumps(text)})))""", what=f"the button {text}")

    def screenshot(self, name):
        OUT.mkdir(exist_ok=True)
        self.browser.screenshot(OUT / f"{self.browser.name}-room-{name}.png")
