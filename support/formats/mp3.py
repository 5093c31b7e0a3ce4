"""MP3 segments: the timestamp tag, the frames, and decoding by mpg123, an independent decoder."""

from dataclasses import dataclass

import numpy as np

from support import processes

# Samples in a frame of MPEG-1 Layer III.
SAMPLES = 1152
# The encoder's delay of 576 samples plus the decoder's delay of 529 samples.
DELAY = 1105

_KBITS = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
_RATES = [44100, 48000, 32000]
_OWNER = b"com.apple.streaming.transportStreamTimestamp"


@dataclass(frozen=True)
class Frame:
    offset: int
    length: int
    kbits: int
    rate: int
    channels: int
    # How many bytes of earlier frames this frame needs.
    reservoir: int


@dataclass(frozen=True)
class Segment:
    """A packed-audio segment: `timestamp` in 90 kHz ticks, and `payload`, the bytes of the frames without the tag."""

    timestamp: int
    payload: bytes
    frames: list

    @property
    def samples(self):
        return len(self.frames) * SAMPLES


def segment(data):
    """Reads one segment strictly: the 73-byte tag and then whole frames, which need no bytes of an earlier segment."""
    timestamp, length = tag(data)
    payload = data[length:]
    frames = walk(payload)
    if not frames:
        raise ValueError("a segment without frames")
    if frames[0].reservoir != 0:
        raise ValueError(f"the first frame needs {frames[0].reservoir} bytes of the segment before")
    if len({(frame.rate, frame.channels) for frame in frames}) != 1:
        raise ValueError("sample rate or channels change within a segment")
    return Segment(timestamp, payload, frames)


def tag(data):
    """The timestamp in the PRIV frame, and the length of the whole tag.

    RFC 8216 §3.4: "The ID3 payload MUST be a 33-bit MPEG-2 Program Elementary Stream timestamp … expressed as a
    big-endian eight-octet number, with the upper 31 bits set to zero."
    """
    if data[:6] != b"ID3\x04\x00\x00":
        raise ValueError(f"the segment does not begin with an ID3v2.4 tag without flags: {data[:10]!r}")
    if any(octet > 127 for octet in data[6:10]):
        raise ValueError("the tag's size is not syncsafe")
    size = data[6] << 21 | data[7] << 14 | data[8] << 7 | data[9]
    body = data[10 : 10 + size]
    payload = 10 + len(_OWNER) + 1
    if body[:4] != b"PRIV" or body[4:10] != bytes([0, 0, 0, len(_OWNER) + 9, 0, 0]):
        raise ValueError(f"no PRIV frame of 53 octets: {body[:10]!r}")
    if body[10:payload] != _OWNER + b"\0" or len(body) != payload + 8:
        raise ValueError(f"a wrong owner, or more data: {body[10:]!r}")
    timestamp = int.from_bytes(body[payload:], "big")
    if timestamp >= 1 << 33:
        raise ValueError(f"a timestamp of more than 33 bits: {timestamp:#x}")
    return timestamp, 10 + size


def walk(data):
    """The frames of `data`, which must consist of whole frames only."""
    frames, offset = [], 0
    while offset < len(data):
        frame = _frame(data, offset)
        frames.append(frame)
        offset += frame.length
    if offset != len(data):
        raise ValueError(f"the last frame is cut off by {offset - len(data)} bytes")
    return frames


def frame(data, offset):
    """The frame at `offset`; None if `data` holds too few bytes of it."""
    return _frame(data, offset) if offset + 8 <= len(data) else None


def _frame(data, offset):
    header = data[offset : offset + 8]
    if len(header) < 8 or header[0] != 0xFF or header[1] & 0xFE != 0xFA:
        raise ValueError(f"no MPEG-1 Layer III frame at byte {offset}: {header.hex()}")
    kbits, rate = header[2] >> 4, header[2] >> 2 & 3
    if kbits in (0, 15) or rate == 3:
        raise ValueError(f"an invalid bitrate or sample rate at byte {offset}: {header.hex()}")
    kbits, rate, padding = _KBITS[kbits], _RATES[rate], header[2] >> 1 & 1
    channels = 1 if header[3] >> 6 == 3 else 2
    # main_data_begin: the first 9 bits of the side information, which follows the CRC if there is one (protection
    # bit 0).
    side = offset + (4 if header[1] & 1 else 6)
    reservoir = data[side] << 1 | data[side + 1] >> 7
    return Frame(offset, 144 * kbits * 1000 // rate + padding, kbits, rate, channels, reservoir)


def decode(data, channels):
    """PCM as float32 in [-1, 1], one row a sample frame. Raises ValueError if mpg123 reports anything."""
    command = ["mpg123", "--quiet", "--no-gapless", "--encoding", "f32", "--stdout", "-"]
    result = processes.run(command, input=data)
    if result.returncode != 0 or result.stderr:
        raise ValueError(f"mpg123 ended with {result.returncode}: {result.stderr.decode(errors='replace')}")
    return np.frombuffer(result.stdout, "<f4").reshape(-1, channels)
