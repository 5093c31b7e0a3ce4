"""A simulated talker: a foreign client that sends a sound at an exact pace and records the mix that it gets."""

import asyncio
import contextlib
import json
import time

import numpy as np

from support.clients.mix import Arrival, Mix
from support.clients.room_member import RoomMember, websockets
from support.clients.sound_packet import SoundPacket, pcm
from support.sound.opus import FRAME, OpusEncoder
from support.sound.soundcard import RATE
from support.waiting import TIMEOUT


def tone(hertz, amplitude=0.2):
    """A steady tone, as a function of the numbers of samples."""
    return lambda samples: amplitude * np.sin(2 * np.pi * hertz / RATE * samples)


def stereo(left, right):
    return lambda samples: np.stack([left(samples), right(samples)], 1)


def of(sound):
    """An array as a function of the numbers of samples, with silence after its end."""
    padded = np.concatenate([sound, np.zeros(RATE, np.float32)])
    return lambda samples: padded[np.minimum(samples, len(padded) - 1)]


class Talker(RoomMember):
    """A member of a room with sound. The mix is received from the welcome on, in `mix`, by a task of its own."""

    def __init__(self, socket):
        super().__init__(socket)
        self.mix = Mix()
        # A binary message that is no sound packet, as its text of the error.
        self.faults = []
        # The time on the monotonic clock at which the first sample of the present sound was captured.
        self.began = None
        self._first, self._sequence = None, 0
        self._texts = asyncio.Queue()
        self._sending = None
        self._receiving = asyncio.create_task(self._receive())

    @classmethod
    async def join(cls, server, room, name=None, options=None, sound="pcm16", **hello):
        return await super().join(server, room, name, options, sound=sound, **hello)

    async def next(self, seconds=TIMEOUT):
        message = await asyncio.wait_for(self._texts.get(), seconds)
        if isinstance(message, Exception):
            self._texts.put_nowait(message)
            raise message
        self.received.append(message)
        return message

    def pass_over(self):
        """Passes over the messages that have come."""
        while not self._texts.empty():
            self.received.append(self._texts.get_nowait())

    async def _receive(self):
        try:
            while True:
                data = await self._socket.recv()
                at = time.monotonic()
                if isinstance(data, str):
                    self._texts.put_nowait(json.loads(data))
                    continue
                try:
                    self.mix.arrivals.append(Arrival(at, SoundPacket.read(data)))
                except ValueError as error:
                    self.faults.append(str(error))
        except websockets.ConnectionClosed as end:
            self._texts.put_nowait(end)

    def talk(self, sound, codec="pcm16", ppm=0, channels=1):
        """Sends a sound, a function of the numbers of samples, until `be_quiet`. The clock of the talker is `ppm`
        millionths too fast."""
        self._sending = asyncio.create_task(self._send(sound, codec, ppm, channels))

    async def be_quiet(self):
        """Sends no more packets."""
        if self._sending:
            self._sending.cancel()
            with contextlib.suppress(asyncio.CancelledError, websockets.ConnectionClosed):
                await self._sending
            self._sending = None

    async def _send(self, sound, codec, ppm, channels):
        encoder = OpusEncoder(channels) if codec == "opus" else None
        self.began, frames = time.monotonic(), 0
        # The sample times go on where the talker was quiet, the sequences do not.
        self._first = self._first or self.began
        start = round((self.began - self._first) * RATE)
        while True:
            # A frame is sent when its last sample was captured.
            due = self.began + (frames + 1) * FRAME / RATE / (1 + ppm / 1e6)
            await asyncio.sleep(max(0, due - time.monotonic()))
            frame = sound(np.arange(frames * FRAME, (frames + 1) * FRAME)).reshape(FRAME, -1)
            data = encoder.encode(frame) if encoder else pcm(frame)
            packet = SoundPacket(codec, channels, self._sequence, start + frames * FRAME, data)
            await self._socket.send(packet.bytes)
            self._sequence, frames = self._sequence + 1, frames + 1

    async def hear(self, seconds):
        """The sound that arrives in the next `seconds`, mono."""
        begin = time.monotonic()
        await asyncio.sleep(seconds)
        return self.mix.sound(begin, time.monotonic())

    async def close(self):
        await self.be_quiet()
        # A member who only closes the socket keeps the name for 30 seconds.
        with contextlib.suppress(websockets.ConnectionClosed):
            await self.send("leave")
        await super().close()
        with contextlib.suppress(asyncio.CancelledError):
            await self._receiving
