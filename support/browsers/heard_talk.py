"""Hears a talk between two browsers: from the microphone at one seat of a card to the loudspeaker at another."""

import time
from contextlib import ExitStack

from support import browsers
from support.browsers.kept_signal import KEEP_SIGNAL
from support.browsers.studio_page import StudioPage
from support.browsers.talk_page import CHROMIUM_FLAGS, TalkPage
from support.sound.hearing import SETTLING, HearingRecorder, hear_settled

# The talker's seat and the listener's.
SEATS = 2
ROOM = "studio"
# The longest until both browsers are in the room, in seconds.
_PREPARATION = 60
_NOTE_CLICK = """document.addEventListener('click', ({ timeStamp }) => {
    window.clicked ??= (performance.timeOrigin + timeStamp) / 1000;
}, { capture: true })"""


def chromium(seat):
    """A Chromium whose pages may use the microphone of the seat."""
    return browsers.Chromium(seat, flags=CHROMIUM_FLAGS, is_observed=False)


def listener_recorder(card, seconds):
    """Records the microphone of the first seat and the loudspeaker of the second."""
    return HearingRecorder(card, _PREPARATION + SETTLING + seconds, card.seats[1].spk)


def talking_page(browser, server, query=""):
    """The page of a member whose microphone keeps its signal. It notes the wall clock at the first click."""
    page = TalkPage(browser, server.url, ROOM, query)
    browser.evaluate(f"void {KEEP_SIGNAL}")
    page.join("Ann")
    browser.evaluate(f"void {_NOTE_CLICK}")
    return page


def clicked(page):
    """The time of the first click since the page was joined, on the monotonic clock."""
    return page.browser.evaluate("window.clicked") - time.time() + time.monotonic()


def hear_room(card, server, seconds, Listener=chromium, query=""):
    """Chromium talks in a room, and `Listener` plays the room."""
    with ExitStack() as stack:
        talker = stack.enter_context(chromium(card.seats[0]))
        listener = stack.enter_context(Listener(card.seats[1]))
        recorder = listener_recorder(card, seconds)
        TalkPage(listener, server.url, ROOM, query).join("Ben").wait_listening()
        talking_page(talker, server, query).speak_up("speech")
        return hear_settled(recorder, listener, seconds)


def hear_studio(card, server, seconds, query=""):
    """Chromium is live from the studio, and another Chromium plays the page of the stream."""
    with ExitStack() as stack:
        talker, listener = (stack.enter_context(chromium(seat)) for seat in card.seats)
        StudioPage(talker, server).go_live()
        recorder = listener_recorder(card, seconds)
        listener.open(server.url + query)
        return hear_settled(recorder, listener, seconds)
