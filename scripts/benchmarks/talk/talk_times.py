"""How soon a person who clicks is heard: by the others in a room, after a crash of the server, and on the air.

The talker's page is a Chromium whose microphone hears a tone. The others are simulated members: they know the arrival
of each packet.
"""

import asyncio
import contextlib
import tempfile
import time
from contextlib import ExitStack

import numpy as np

from scripts.benchmarks.talk.talk_paths import studio_server
from support.browsers.heard_talk import chromium, clicked, talking_page
from support.browsers.studio_page import StudioPage
from support.clients.room_server import room_server
from support.clients.voice_room import VoiceRoom
from support.sound import signals, spectrum
from support.sound.soundcard import RATE, SoundCard

TIMES = 5
_TONE = 997
# The longest wait, in seconds.
_TIMEOUT = 20
_SECONDS = 170


@contextlib.contextmanager
def _tone_card():
    """A card whose first microphone hears a tone."""
    with SoundCard(seats=1) as card:
        card.play("mic", signals.int16(0.2 * np.sin(2 * np.pi * _TONE * np.arange(_SECONDS * RATE) / RATE)))
        yield card


async def first_heard(listener, since=0):
    """The arrival of the first packet with the tone that came after `since`; None after _TIMEOUT."""
    end = time.monotonic() + _TIMEOUT
    while time.monotonic() < end:
        for arrival in listener.mix.arrivals:
            frame = np.frombuffer(arrival.packet.frame, "<i2") / 32768
            if arrival.at > since and spectrum.level(frame) > -50:
                return arrival.at
        del listener.mix.arrivals[:-1]
        await asyncio.sleep(0.005)
    return None


def joining():
    """From the click on "Speak up", which the keyboard confirms, until another member has the first sound."""
    return [[_joined() for _ in range(TIMES)]]


def _joined():
    async def listen(server, page):
        room = VoiceRoom(server)
        listener = await room.join("Ben")
        try:
            heard, _ = await asyncio.gather(first_heard(listener), asyncio.to_thread(page.speak_up, "speech"))
        finally:
            await room.close()
        return heard and heard - clicked(page)
    with _tone_card() as card, room_server() as server, chromium(card.seats[0]) as browser:
        return asyncio.run(listen(server, talking_page(browser, server)))


def restarting():
    """From a `kill -9` of the server, which is started again at once, until another member has the talker's sound."""
    return [[_restarted() for _ in range(TIMES)]]


def _restarted():
    with ExitStack() as stack:
        card = stack.enter_context(_tone_card())
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="sound."))
        server = room_server(sound=folder)
        try:
            browser = stack.enter_context(chromium(card.seats[0]))
            talking_page(browser, server).speak_up("speech")
            time.sleep(3)
            port = server.port
            killed = time.monotonic()
            server.kill()
        finally:
            server.close()
        server = stack.enter_context(room_server(sound=folder, port=port))
        return asyncio.run(_heard_again(server, killed))


async def _heard_again(server, killed):
    room = VoiceRoom(server)
    listener = await room.join("Ben")
    heard = await first_heard(listener)
    await room.close()
    return heard and heard - killed


def going_live():
    """From the opening of the studio's link, by the keyboard alone, until the room says that the person is on the air,
    and until the mixer has the sound."""
    return list(zip(*(_went_live() for _ in range(TIMES))))


def _went_live():
    with _tone_card() as card, studio_server() as server, chromium(card.seats[0]) as browser:
        return asyncio.run(_live(server, browser))


async def _live(server, browser):
    room = VoiceRoom(server)
    listener = await room.operator("Ben")
    try:
        page, air, heard = await asyncio.gather(
            asyncio.to_thread(lambda: StudioPage(browser, server).go_live()), _noted(listener), first_heard(listener))
    finally:
        await room.close()
    return air - page.opened, heard and heard - page.opened


async def _noted(member):
    """The time at which the room says that somebody is on the air."""
    await member.wait("air", lambda air: air["on"], seconds=_TIMEOUT)
    return time.monotonic()
