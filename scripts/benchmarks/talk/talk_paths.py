"""The signal paths of a talker: from the microphone of one browser, through a room, to another loudspeaker.

The card has two seats. The talker sits at the first one, whose microphone hears the ear's signal. The listener sits at
the second one, whose microphone is silent.
"""

from contextlib import ExitStack

from scripts.benchmarks.talk.janus import Janus
from support import browsers
from support.sound import ear, signals
from support.sound.hearing import SETTLING, HearingRecorder, hear_settled
from support.sound.soundcard import SoundCard

SEATS = 2
_MICROPHONE = ["--use-fake-ui-for-media-stream"]


def chromium(seat):
    return browsers.Chromium(seat, flags=_MICROPHONE, is_observed=False)


def janus(card, seconds):
    """Two Chromiums in a room of Janus' AudioBridge."""
    with ExitStack() as stack:
        server = stack.enter_context(Janus())
        talker, listener = (stack.enter_context(chromium(seat)) for seat in card.seats)
        recorder = HearingRecorder(card, 60 + SETTLING + seconds, card.seats[1].spk)
        for browser in (talker, listener):
            browser.open(server.page)
        for browser in (talker, listener):
            browser.wait("['connected', 'completed'].includes(window.state)", what="a connection to Janus")
        return hear_settled(recorder, listener, seconds)
