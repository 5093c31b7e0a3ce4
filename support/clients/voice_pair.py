"""A simulated talker who speaks the ear's signal, and a listener in whose mix its bursts are found."""

import asyncio
import time

from support.clients.voice_room import VoiceRoom
from support.sound import ear
from support.sound.soundcard import Recording


class VoicePair:
    """`signal` is the sound that the talker sends from `began` on, a time of the monotonic clock. A road replaces the
    server for one of the two."""

    def __init__(self, room, talker, listener, seconds, codec, ppm):
        self.room, self.talker, self.listener, self._ppm = room, talker, listener, ppm
        self.signal = ear.signal(seconds)
        talker.talk(lambda samples: self.signal[samples % len(self.signal)], codec, ppm)

    @classmethod
    async def join(cls, server, name, codec="pcm16", talker_road=None, listener_road=None, ppm=0, seconds=60):
        room = VoiceRoom(server, name)
        listener = await room.join("Ben", codec=codec, road=listener_road)
        talker = await room.join("Ann", codec=codec, road=talker_road)
        return cls(room, talker, listener, seconds, codec, ppm)

    async def close(self):
        await self.room.close()

    async def until(self, seconds):
        """Waits until the talker has talked for some seconds."""
        while self.talker.began is None:
            await asyncio.sleep(0.01)
        await asyncio.sleep(max(0, self.talker.began + seconds - time.monotonic()))

    def delays(self):
        """Each burst that has arrived: pairs of the seconds since the talker began, and the seconds from the capture of
        its first sample to the arrival of the packet that holds this sample."""
        began, heard, found = self.talker.began, self.listener.mix.recording(), []
        for burst in ear.bursts(Recording(began, self.signal), heard, limit=6):
            place = burst.said + (burst.late or 0) - heard.start
            holder = self.listener.mix.holder(place) if burst.late is not None else None
            if holder:
                at, end = holder
                said = (burst.said - began) / (1 + self._ppm / 1e6)
                # The place of a sample within its packet is no delay.
                found.append((said, place + at - end - began - said))
        return found

    def heard(self, begin, end):
        """The sound that has arrived between two instants, in seconds since the talker began."""
        return self.listener.mix.sound(self.talker.began + begin, self.talker.began + end)
