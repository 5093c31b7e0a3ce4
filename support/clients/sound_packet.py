"""The binary messages of a room: 16 bytes in network byte order, and a frame of 10 ms."""

import struct
from dataclasses import dataclass

import numpy as np

from support.sound.opus import FRAME

HEAD = struct.Struct("!BBBBIQ")
VERSION, SOUND = 1, 1
CODECS = {"pcm16": 0, "opus": 1}
STEREO = 1


@dataclass(frozen=True)
class SoundPacket:
    codec: str
    channels: int
    sequence: int
    # Samples of 48 kHz since the sender began.
    time: int
    frame: bytes

    @classmethod
    def read(cls, data):
        """Reads a packet of the server strictly."""
        version, kind, codec, flags, sequence, time = HEAD.unpack_from(data)
        if (version, kind) != (VERSION, SOUND) or codec not in CODECS.values() or flags & ~STEREO:
            raise ValueError(f"a head with wrong values: {data[:16].hex()}")
        packet = cls(list(CODECS)[codec], 1 + (flags & STEREO), sequence, time, data[HEAD.size:])
        if packet.codec == "pcm16" and len(packet.frame) != 2 * FRAME * packet.channels:
            raise ValueError(f"a frame of {len(packet.frame)} bytes")
        if not packet.frame:
            raise ValueError("a packet without a frame")
        return packet

    @property
    def bytes(self):
        return HEAD.pack(
            VERSION, SOUND, CODECS[self.codec], STEREO if self.channels == 2 else 0, self.sequence % (1 << 32),
            self.time) + self.frame


def pcm(frame):
    """The bytes of a frame of floats."""
    return np.clip(np.round(np.asarray(frame) * 32768), -32768, 32767).astype("<i2").tobytes()
