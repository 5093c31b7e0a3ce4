"""The page of a room whose members hear each other, in a real browser."""

import json
import time

from support.browsers.room_page import RoomPage
from support.waiting import TIMEOUT

# The flags of a Chromium whose pages may use the microphone.
CHROMIUM_FLAGS = ["--use-fake-ui-for-media-stream"]
FIREFOX_PREFERENCES = {"media.navigator.permission.disabled": True, "media.getusermedia.insecure.enabled": True}

# Noise suppression takes a steady tone for noise, and gain control changes its level. The echo canceller stays as the
# page wants it.
KEEP_SIGNAL = """(() => {
    const media = navigator.mediaDevices, getUserMedia = media.getUserMedia.bind(media);
    media.getUserMedia = (constraints) => {
        const audio = constraints.audio && { ...constraints.audio, noiseSuppression: false, autoGainControl: false };
        return getUserMedia({ ...constraints, audio });
    };
})()"""
# Remembers the wall clock at the first click on a button of the bar, and waits for nothing.
_NOTE_CLICK = """document.addEventListener('click', ({ timeStamp }) => {
    window.clicked ??= (performance.timeOrigin + timeStamp) / 1000;
}, { capture: true })"""


class VoicePage(RoomPage):
    """`query` may ask for a form (`sound=pcm16`) or for the worklet that captures (`capture=worklet`). With
    `keeps_signal` the browser neither removes noise from the microphone nor changes its gain."""

    def __init__(self, browser, url, name, room="studio", query="", keeps_signal=True):
        super().__init__(browser, url, room, query)
        if keeps_signal:
            browser.evaluate(KEEP_SIGNAL)
        browser.evaluate(f"void {_NOTE_CLICK}")
        self.join(name)
        browser.wait("document.querySelector('#voice .voice-controls')?.checkVisibility()", what="the voices")

    def press(self, label):
        """Clicks a visible button of the bar with a real pointer, as browsers want it before a page may play."""
        find = ("[...document.querySelectorAll('#voice button')]"
                f".find(b => b.checkVisibility() && b.textContent === {json.dumps(label)})")
        self.browser.wait(f"!!{find}", what=f"the button {label}")
        self.browser.evaluate(f"void ({find}).setAttribute('data-pressed', '')")
        self.browser.click("#voice button[data-pressed]")
        self.browser.evaluate("document.querySelector('#voice [data-pressed]')?.removeAttribute('data-pressed')")

    def speak_up(self):
        """Opens the microphone and confirms by the keyboard, as soon as the page allows it."""
        self.browser.evaluate("window.clicked = undefined")
        self.press("Speak up")
        self.browser.wait("document.querySelector('.voice-dialog')?.open", what="the dialog of the microphone")
        self.browser.wait(
            "!document.querySelector('.voice-dialog button[type=submit]').disabled", what="an open microphone")
        self.browser.press("Enter")
        self.browser.wait("!document.querySelector('.voice-dialog').open", what="the end of the dialog")
        return self

    @property
    def clicked(self):
        """The time of the click with which `speak_up` began, on the monotonic clock."""
        return self.browser.evaluate("window.clicked") - time.time() + time.monotonic()

    def wait_listening(self):
        """Waits until the page plays the room."""
        self.browser.wait(
            "[...document.querySelectorAll('#voice button')].some(b => b.checkVisibility() && "
            "b.textContent === 'Stop listening')", TIMEOUT, "a page that plays the room")
        return self
