"""The project's ear: what a listener would notice. Pure: it judges a recording of a signal that it knows.

A pilot tone shows every gap and every splice; coded bursts show how late the sound is.
"""

from dataclasses import dataclass

import numpy as np

from support.soundcard import RATE

# Two, because a splice of whole periods of the one is not of the other.
PILOTS = (443.3, 619.7)
# Of the server's built-in programme.
PROGRAMME_PILOTS = (440.0,)

_BURST_PERIOD = 2.5
_BURST_SECONDS = 0.08
# Playback rates are steered, and what is played a little faster or slower is another noise.
_RATES = (1, 0.995, 1.005, 0.99, 1.01)
_HOP = RATE // 1000


@dataclass(frozen=True)
class Heard:
    """`dropouts` and `jumps` in seconds from the recording's start, a dropout with its length in seconds."""

    level: float
    dropouts: list
    jumps: list

    @property
    def flawless(self):
        return self.level > 0.01 and not self.dropouts and not self.jumps


def signal(seconds):
    """Float32 mono to be played into the microphone."""
    time = np.arange(round(seconds * RATE)) / RATE
    sound = 0.2 * np.sin(2 * np.pi * PILOTS[0] * time) + 0.06 * np.sin(2 * np.pi * PILOTS[1] * time)
    for number in range(int(seconds / _BURST_PERIOD)):
        begin = round((number * _BURST_PERIOD + 1) * RATE)
        piece = sound[begin : begin + round(_BURST_SECONDS * RATE)]
        piece += _burst(number)[: len(piece)]
    return sound.astype(np.float32)


def _burst(number):
    """Noise from 1.5 to 6 kHz, another one each time."""
    count = round(_BURST_SECONDS * RATE)
    spectrum = np.fft.rfft(np.random.default_rng(1000 + number).standard_normal(count))
    frequency = np.fft.rfftfreq(count, 1 / RATE)
    spectrum[(frequency < 1500) | (frequency > 6000)] = 0
    burst = np.fft.irfft(spectrum, count) * np.hanning(count)
    return 0.5 * burst / np.abs(burst).max()


def listen(sound, pilots=PILOTS, shortest=0.010):
    """Finds dropouts of `shortest` seconds and more, and splices, in mono sound with those pilot tones."""
    level = np.abs(_demodulate(sound, pilots[0], 0.010))
    typical = float(np.median(level))
    gaps = [
        (begin, end) for begin, end in _runs(level < typical / 2) if (end - begin) * _HOP >= shortest * RATE - _HOP
    ]
    silent = np.zeros(len(level), bool)
    for begin, end in gaps:
        silent[begin:end] = True
    dropouts = [(begin * _HOP / RATE, (end - begin) * _HOP / RATE) for begin, end in gaps]
    jumps = sorted({round(at, 1) for pilot in pilots for at in _jumps(sound, pilot, silent)})
    return Heard(typical, dropouts, jumps)


def _jumps(sound, pilot, silent):
    """Where the pilot's phase leaves its course: 0.4 rad are 0.15 ms too much or too little."""
    tone = _demodulate(sound, pilot, 0.020)
    stride = 40
    turn = np.angle(tone[stride:] * np.conj(tone[:-stride]))
    # The course itself may change slowly: playback rates are steered.
    course = np.array([np.median(turn[max(0, i - 250) : i + 250 : 10]) for i in range(0, len(turn), 10)]).repeat(10)
    off = np.abs(np.angle(np.exp(1j * (turn - course[: len(turn)]))))
    near_silence = np.convolve(silent, np.ones(2 * stride), "same")[stride // 2 :][: len(off)] > 0
    return [begin * _HOP / RATE for begin, _ in _runs((off > 0.4) & ~near_silence)]


def _demodulate(sound, pilot, seconds):
    """The pilot's amplitude and phase each millisecond, through a Hann window of that length."""
    window = np.hanning(round(seconds * RATE))
    carrier = np.exp(-2j * np.pi * pilot * np.arange(len(sound)) / RATE)
    size = 1 << (len(sound) + len(window)).bit_length()
    filtered = np.fft.ifft(np.fft.fft(sound * carrier, size) * np.fft.fft(window / window.sum() * 2, size))
    middle = len(window) // 2
    return filtered[middle : middle + len(sound) : _HOP]


def _runs(flags):
    """(begin, end) of each run of true values that has a false one on either side."""
    edges = np.flatnonzero(np.diff(flags.astype(np.int8)))
    pairs = edges[1 if len(edges) and flags[0] else 0 :]
    return [(int(a) + 1, int(b) + 1) for a, b in zip(pairs[::2], pairs[1::2])]


def latencies(mic, spk, limit=12):
    """How late, in seconds, each burst in the recording of the microphone is heard in that of the loudspeaker."""
    said, heard = _without_pilots(mic.sound), _without_pilots(spk.sound)
    number, at = next(
        (number, at) for number in range(1000) if (at := _find(said, _burst(number), rates=(1,))) is not None)
    late = []
    while at < len(said):
        begin = max(0, at + round((mic.start - spk.start) * RATE))
        found = _find(heard[begin : begin + limit * RATE], _burst(number), _RATES)
        if found is not None:
            late.append((begin + found - at) / RATE + spk.start - mic.start)
        number, at = number + 1, at + round(_BURST_PERIOD * RATE)
    return late


def _find(sound, burst, rates):
    """Where the burst is in sound without pilots; None where it is not."""
    if len(sound) < 2 * len(burst):
        return None
    size = 1 << (len(sound) + 2 * len(burst)).bit_length()
    spectrum = np.fft.rfft(sound, size)
    best = (0, None)
    for rate in rates:
        played = np.interp(np.arange(0, len(burst) - 1, rate), np.arange(len(burst)), burst)
        correlation = np.fft.irfft(spectrum * np.conj(np.fft.rfft(played, size)), size)[: len(sound)]
        at = int(np.argmax(correlation))
        piece = sound[at : at + len(played)]
        best = max(best, (correlation[at] / (np.sqrt((piece**2).sum() * (played**2).sum()) + 1e-9), at))
    likeness, at = best
    return at if likeness > 0.6 else None


def _without_pilots(sound):
    size = 1 << len(sound).bit_length()
    spectrum = np.fft.rfft(sound, size)
    spectrum[np.fft.rfftfreq(size, 1 / RATE) < 1200] = 0
    return np.fft.irfft(spectrum, size)[: len(sound)]
