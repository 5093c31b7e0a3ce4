"""Hears a talk between two browsers: from the microphone at one seat of a card to the loudspeaker at another."""

from contextlib import ExitStack

from support import browsers
from support.browsers.studio_page import StudioPage
from support.browsers.voice_page import CHROMIUM_FLAGS, VoicePage
from support.sound.hearing import SETTLING, HearingRecorder, hear_settled

# The talker's seat and the listener's.
SEATS = 2
# The longest until both browsers are in the room, in seconds.
_PREPARATION = 60


def chromium(seat):
    """A Chromium whose pages may use the microphone of the seat."""
    return browsers.Chromium(seat, flags=CHROMIUM_FLAGS, is_observed=False)


def listener_recorder(card, seconds):
    """Records the microphone of the first seat and the loudspeaker of the second."""
    return HearingRecorder(card, _PREPARATION + SETTLING + seconds, card.seats[1].spk)


def hear_room(card, server, seconds, Listener=chromium, query=""):
    """Chromium talks in a room, and `Listener` plays the room."""
    with ExitStack() as stack:
        talker = stack.enter_context(chromium(card.seats[0]))
        listener = stack.enter_context(Listener(card.seats[1]))
        recorder = listener_recorder(card, seconds)
        VoicePage(listener, server.url, "Ben", query=query).wait_listening()
        VoicePage(talker, server.url, "Ann", query=query).speak_up()
        return hear_settled(recorder, listener, seconds)


def hear_studio(card, server, seconds, query=""):
    """Chromium is live from the studio, and another Chromium plays the page of the stream."""
    with ExitStack() as stack:
        talker, listener = (stack.enter_context(chromium(seat)) for seat in card.seats)
        StudioPage(talker, server).go_live()
        recorder = listener_recorder(card, seconds)
        listener.open(server.url + query)
        return hear_settled(recorder, listener, seconds)
