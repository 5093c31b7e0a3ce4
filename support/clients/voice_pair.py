"""A simulated talker who speaks the ear's signal, and a listener in whose mix its bursts are found."""

import asyncio
import contextlib
import time

from support.clients.voice_room import VoiceRoom
from support.sound import ear
from support.sound.soundcard import Recording


# How often a measurement is made at most, if a busy machine spoils it.
ATTEMPTS = 3
# This process sleeps so long at a time, and is late by more than that where the machine is too busy; in seconds.
_NAP, _LATE = 0.005, 0.015
# So many late wakings in a measurement are the fault of the machine.
_FEW = 2


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


async def with_control(measure):
    """Returns `await measure()`. If that fails while this process itself was late, the machine may be the cause, and
    the measurement is made again, up to ATTEMPTS times."""
    for _ in range(ATTEMPTS):
        control = _Control()
        try:
            return await measure()
        except AssertionError as error:
            failure = error
        finally:
            late = await control.stop()
        if late <= _FEW:
            raise failure
    message = f"this machine is too busy: late {late} times, after {ATTEMPTS} attempts"
    raise AssertionError(message) from failure


class _Control:
    """Counts from the constructor on how often this process wakes too late."""

    def __init__(self):
        self._late, self._task = 0, asyncio.create_task(self._run())

    async def _run(self):
        while True:
            before = time.monotonic()
            await asyncio.sleep(_NAP)
            self._late += time.monotonic() - before > _NAP + _LATE

    async def stop(self):
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task
        return self._late
