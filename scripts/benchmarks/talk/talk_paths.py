"""The signal paths of a talker: from the microphone of one browser, through a room, to another loudspeaker.

The card has two seats. The talker sits at the first one, whose microphone hears the ear's signal. The listener sits at
the second one, whose microphone is silent.
"""

from contextlib import ExitStack

from scripts.benchmarks.talk.janus import Janus
from support.browsers.heard_talk import chromium, hear_room, hear_studio, listener_recorder
from support.clients.room_server import room_server
from support.server import Server
from support.sound.hearing import hear_settled


def talk(Listener=chromium, query=""):
    """Chromium talks in a room, and `Listener` plays the room."""
    def listen(card, seconds):
        with room_server() as server:
            return hear_room(card, server, seconds, Listener, query)
    return listen


def air(query=""):
    """Chromium is live from the studio, and another Chromium plays the page of the stream."""
    def listen(card, seconds):
        with studio_server() as server:
            return hear_studio(card, server, seconds, query)
    return listen


def janus(card, seconds):
    """Two Chromiums in a room of Janus' AudioBridge."""
    with ExitStack() as stack:
        server = stack.enter_context(Janus())
        talker, listener = (stack.enter_context(chromium(seat)) for seat in card.seats)
        recorder = listener_recorder(card, seconds)
        for browser in (talker, listener):
            browser.open(server.page)
        for browser in (talker, listener):
            browser.wait("['connected', 'completed'].includes(window.state)", what="a connection to Janus")
        return hear_settled(recorder, listener, seconds)


def studio_server(**options):
    """A station whose stream is the sound of a room."""
    server = Server("--source", "room:studio", "--rooms", **options)
    try:
        server.wait_playlist(lambda playlist: len(playlist.entries) >= 4)
    except BaseException:
        server.close()
        raise
    return server
