"""The page of a room whose members hear each other, in a real browser."""

import json
<<<<<<< HEAD
import time
=======
>>>>>>> speak

from support.browsers.room_page import RoomPage
from support.waiting import TIMEOUT

<<<<<<< HEAD
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
=======
# A Chromium that gives its microphone without a question.
CHROMIUM_FLAGS = ["--use-fake-ui-for-media-stream"]
# A Firefox that does, also while its window has no focus.
FIREFOX_PREFERENCES = {"media.navigator.permission.disabled": True, "focusmanager.testmode": True}
_DIALOG = "[...document.querySelectorAll('.voice-dialog')].find(dialog => dialog.open)"


class VoicePage(RoomPage):
    """A member of a room with voices."""

    def wait_listening(self, seconds=TIMEOUT):
        """Waits until packets come and are played."""
        return self.wait(lambda now: (now["voice"] or {}).get("fill", 0) > 0, "the page plays the room", seconds)

    def open_dialog(self):
        self.press_button("Speak up")
        self.browser.wait(f"!!{_DIALOG}", what="the dialog of the microphone")

    def dialog_text(self):
        return self.browser.evaluate(f"{_DIALOG}?.innerText ?? ''")

    def wait_dialog(self, text):
        self.browser.wait(f"({_DIALOG}?.innerText ?? '').includes({json.dumps(text)})", what=text)

    def choose_mode(self, mode):
        self.browser.evaluate(f"{_DIALOG}.querySelector('[value={mode}]').click()")

    def speak_up(self, mode="music", device=None):
        """Speaks up by the dialog. Music, because the noise suppression of speech removes tones. `device` is a label."""
        self.open_dialog()
        self.choose_mode(mode)
        if device:
            self.choose(device)
        self.confirm()

    def choose(self, device):
        """Chooses the microphone with this label in the open dialog."""
        option = f"[...{_DIALOG}.querySelectorAll('option')].find(option => option.label === {json.dumps(device)})"
        self.browser.wait(f"!!{option}", what=f"the microphone {device} in the list")
        self.browser.evaluate(f"""(select => {{
            select.value = {option}.value;
            select.dispatchEvent(new Event('change'));
        }})({_DIALOG}.querySelector('select'))""")

    def confirm(self):
        self.browser.wait(f"{_DIALOG}?.querySelector('button[type=submit]').disabled === false", what="a microphone")
        self.browser.evaluate(f"{_DIALOG}.querySelector('button[type=submit]').click()")

    def bar_text(self):
        return self.browser.evaluate("document.querySelector('#voice').innerText")

    def wait_bar(self, text, seconds=TIMEOUT):
        self.browser.wait(
            f"document.querySelector('#voice').innerText.includes({json.dumps(text)})", seconds,
            what=f"{text!r} in the bar")

    def figures(self):
        return self.snapshot()["voice"]

    def wait_member(self, name, state):
        """Waits until the list of members says this of a member."""
        self.browser.wait(
            "[...document.querySelectorAll('#members button')].some(button => "
            f"button.ariaLabel.startsWith({json.dumps(name)}) && button.ariaLabel.includes({json.dumps(state)}))",
            what=f"{name}: {state}")
>>>>>>> speak
