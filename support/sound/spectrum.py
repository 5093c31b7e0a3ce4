"""The tones in a recording, and their levels. Pure functions of arrays.

Each talker of a test has a tone of its own, so that the tones of a mix tell the talkers in it.
"""

import numpy as np

from support.sound.soundcard import RATE

# Tones of which no sum or difference of up to three is near another one, in Hz.
TONES = (445, 836, 1101, 1462, 1744, 2072, 2413, 2818)
# A tone above the first level, in dBFS, is there. A tone below the second is not. Between them nothing is proven.
PRESENT, ABSENT = -45, -60
# The length of a piece, in seconds.
_PIECE = 0.2
# The steering of the mixer and of players, at most 0.5 per cent each way.
_PITCHES = 1 + np.linspace(-0.006, 0.006, 7)


def levels(sound, tones=TONES):
    """{tone: level in dBFS} of mono sound. A full scale sine has 0 dBFS. Each level is the median of short pieces, so
    that a splice at one place hides nothing. In each piece the tone may be a little too high or too low, because mixer
    and players follow clocks. Tones must be 100 Hz apart."""
    count = round(_PIECE * RATE)
    if len(sound) < count:
        raise ValueError(f"a sound of {len(sound)} samples is shorter than a piece")
    window = np.blackman(count)
    pieces = np.lib.stride_tricks.sliding_window_view(np.asarray(sound, np.float64), count)[:: count // 4] * window
    pitches = np.outer(_PITCHES, tones).ravel()
    phases = np.exp(-2j * np.pi / RATE * np.outer(np.arange(count), pitches))
    found = np.abs(pieces @ phases).reshape(len(pieces), len(_PITCHES), len(tones)).max(1)
    amplitudes = np.median(found, axis=0) * 2 / window.sum()
    return {tone: float(20 * np.log10(amplitude + 1e-9)) for tone, amplitude in zip(tones, amplitudes)}


def heard(sound, tones=TONES):
    """The tones that are in the sound. Raises AssertionError if a tone is neither clearly there nor clearly absent."""
    found = levels(sound, tones)
    unclear = {tone: round(level) for tone, level in found.items() if ABSENT <= level <= PRESENT}
    if unclear:
        raise AssertionError(f"unclear levels in dBFS: {unclear} of {({t: round(v) for t, v in found.items()})}")
    return {tone for tone, level in found.items() if level > PRESENT}


def level(sound):
    """The level of the whole sound in dBFS RMS, -180 for silence."""
    power = float(np.mean(np.square(sound, dtype=np.float64))) if len(sound) else 0
    return 10 * np.log10(power + 1e-18)
