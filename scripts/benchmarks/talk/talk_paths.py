"""The signal paths of a talker: from the microphone of one browser, through a room, to another loudspeaker.

The card has two seats. The talker sits at the first one, whose microphone hears the ear's signal. The listener sits at
the second one, whose microphone is silent.
"""

from contextlib import ExitStack

from scripts.benchmarks.talk.janus import Janus
from support import browsers
from support.browsers.voice_page import CHROMIUM_FLAGS, VoicePage
from support.clients.room_server import room_server
from support.server import Server
from support.sound.hearing import SETTLING, HearingRecorder, hear_settled

SEATS = 2
# The longest until both browsers are in the room, in seconds.
_PREPARATION = 60


def chromium(seat):
    return browsers.Chromium(seat, flags=CHROMIUM_FLAGS, is_observed=False)


def talk(Listener=chromium, query=""):
    """Chromium talks in a room, and `Listener` plays the room."""
    def listen(card, seconds):
        with ExitStack() as stack:
            server = stack.enter_context(room_server())
            talker = stack.enter_context(chromium(card.seats[0]))
            listener = stack.enter_context(Listener(card.seats[1]))
            recorder = HearingRecorder(card, _PREPARATION + SETTLING + seconds, card.seats[1].spk)
            VoicePage(listener, server.url, "Ben", query=query).wait_listening()
            VoicePage(talker, server.url, "Ann", query=query).speak_up()
            return hear_settled(recorder, listener, seconds)
    return listen


def janus(card, seconds):
    """Two Chromiums in a room of Janus' AudioBridge."""
    with ExitStack() as stack:
        server = stack.enter_context(Janus())
        talker, listener = (stack.enter_context(chromium(seat)) for seat in card.seats)
        recorder = HearingRecorder(card, _PREPARATION + SETTLING + seconds, card.seats[1].spk)
        for browser in (talker, listener):
            browser.open(server.page)
        for browser in (talker, listener):
            browser.wait("['connected', 'completed'].includes(window.state)", what="a connection to Janus")
        return hear_settled(recorder, listener, seconds)
