"""WAV files with the sample formats that recorders write."""

import struct

import numpy as np

# {sample format: (format tag, bits a sample)}
KINDS = {"int16": (1, 16), "int24": (1, 24), "int32": (1, 32), "float32": (3, 32)}


def wav(sound, rate, kind="int16", extensible=False, data_length=None):
    """The bytes of a file. `data_length` replaces the length in the header of the data chunk, to make a damaged
    file."""
    (tag, bits), channels = KINDS[kind], sound.shape[1]
    samples = _samples(sound, kind)
    align = channels * bits // 8
    fmt = struct.pack("<HHIIHH", 0xFFFE if extensible else tag, channels, rate, rate * align, align, bits)
    if extensible:
        # The sub-format's GUID begins with the real tag.
        fmt += struct.pack("<HHIH", 22, bits, 0, tag) + bytes.fromhex("000000001000800000aa00389b71")
    # An unknown chunk that readers must skip. Its length is odd, so that a padding byte follows.
    chunks = _chunk(b"note", b"odd") + _chunk(b"fmt ", fmt)
    chunks += struct.pack("<4sI", b"data", len(samples) if data_length is None else data_length) + samples
    return struct.pack("<4sI4s", b"RIFF", 4 + len(chunks), b"WAVE") + chunks


def _chunk(name, body):
    return struct.pack("<4sI", name, len(body)) + body + b"\0" * (len(body) % 2)


def _samples(sound, kind):
    if kind == "float32":
        return sound.astype("<f4").tobytes()
    bits = KINDS[kind][1]
    # Samples are little-endian, so that the upper octets of a 32-bit sample are the narrower sample.
    wide = np.clip(np.round(sound.astype(np.float64) * 2 ** 31), -(2 ** 31), 2 ** 31 - 1).astype("<i4")
    octets = wide.reshape(-1, 1).view(np.uint8)
    return octets[:, 4 - bits // 8 :].tobytes()
