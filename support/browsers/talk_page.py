"""The page of a room whose members hear each other, in a real browser."""

import json

from support.browsers.room_page import RoomPage
from support.waiting import TIMEOUT

# A Chromium that gives its microphone without a question.
CHROMIUM_FLAGS = ["--use-fake-ui-for-media-stream"]
# A Firefox that does, also while its window has no focus.
FIREFOX_PREFERENCES = {"media.navigator.permission.disabled": True, "focusmanager.testmode": True}
_DIALOG = "[...document.querySelectorAll('.voice-dialog')].find(dialog => dialog.open)"


class TalkPage(RoomPage):
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
        """Presses the button when a microphone is there. A microphone that starts again, because the mode has changed,
        disables the button for a moment."""
        self.browser.wait(f"""(button => {{
            if (button?.disabled !== false) return false;
            button.click();
            return true;
        }})({_DIALOG}?.querySelector('button[type=submit]'))""", what="a microphone")

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
