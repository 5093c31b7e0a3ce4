"""Opus in frames of 10 ms at 48 kHz, by the library libopus itself, which knows nothing of ringcast."""

import ctypes
import ctypes.util
import unittest

import numpy as np

from support.sound.soundcard import RATE

FRAME = RATE // 100
_LOW_DELAY = 2051
_SET_BITRATE = 4002
_SET_COMPLEXITY = 4010
_MOST_BYTES = 1275


def _library():
    name = ctypes.util.find_library("opus")
    if not name:
        raise unittest.SkipTest("libopus0 is not installed")
    library = ctypes.CDLL(name)
    library.opus_encoder_create.restype = library.opus_decoder_create.restype = ctypes.c_void_p
    return library


class OpusEncoder:
    """One direction of one talker. A frame is float32 in [-1, 1], with one row a sample frame."""

    def __init__(self, channels=1, bit_rate=48000, complexity=5):
        self._library, self._channels = _library(), channels
        error = ctypes.c_int()
        self._state = ctypes.c_void_p(
            self._library.opus_encoder_create(RATE, channels, _LOW_DELAY, ctypes.byref(error)))
        for request, value in ((_SET_BITRATE, bit_rate), (_SET_COMPLEXITY, complexity)):
            self._library.opus_encoder_ctl(self._state, request, ctypes.c_int(value))
        self._bytes = ctypes.create_string_buffer(_MOST_BYTES)

    def encode(self, frame):
        samples = np.ascontiguousarray(frame, np.float32)
        count = self._library.opus_encode_float(
            self._state, ctypes.c_void_p(samples.ctypes.data), FRAME, self._bytes, _MOST_BYTES)
        if count < 0:
            raise ValueError(f"opus_encode_float: {count}")
        return self._bytes.raw[:count]

    def __del__(self):
        self._library.opus_encoder_destroy(self._state)


class OpusDecoder:
    """Decodes the frames of one sender to float32, with one row a sample frame."""

    def __init__(self, channels=1):
        self._library, self._channels = _library(), channels
        error = ctypes.c_int()
        self._state = ctypes.c_void_p(self._library.opus_decoder_create(RATE, channels, ctypes.byref(error)))

    def decode(self, data):
        samples = np.empty((FRAME, self._channels), np.float32)
        count = self._library.opus_decode_float(
            self._state, data, len(data), ctypes.c_void_p(samples.ctypes.data), FRAME, 0)
        if count != FRAME:
            raise ValueError(f"a frame of {len(data)} bytes has {count} samples, not {FRAME}")
        return samples

    def __del__(self):
        self._library.opus_decoder_destroy(self._state)
