"""Finds the flaws that a listener would hear in the recording of a known signal, and its latency. Pure functions.

Pilot tones show each gap and each splice. Coded bursts show how late the sound is. Long recordings are processed piece
by piece.
"""

from dataclasses import dataclass

import numpy as np

from support.sound.soundcard import RATE

# The pilot tones, in Hz; the first is the loudest. Three, because a splice of up to 50 ms cannot be a whole number of
# periods of all three.
PILOTS = (443.3, 656.4, 151.3)
# The pilot of the server's test tone, in Hz.
TONE_PILOTS = (440.0,)

_BURST_PERIOD = 1.0
_BURST_SECONDS = 0.08
# Playback rates of the search. Players vary their rate, and a burst at another rate does not match the original.
_RATES = (1, 0.995, 1.005, 0.99, 1.01, 0.985, 1.015, 0.98, 1.02)
_HOP = RATE // 1000
# The shortest splice that counts as a jump, in seconds. A playback rate that is off by one per cent shifts the sound by
# less than this within the compared time.
_LEAST_JUMP = 0.00015
# Pilots that turn within this time, in seconds, turn at once.
_NEAR = 0.03


@dataclass(frozen=True)
class Heard:
    """All times are seconds from the recording's start. `begins` is the first sound, None if there is no sound.
    `dropouts` are pairs of start and length; silence at the end is a dropout. `jumps` are the times of splices."""

    level: float
    begins: float | None
    dropouts: list
    jumps: list

    @property
    def flawless(self):
        return self.begins is not None and not self.dropouts and not self.jumps


@dataclass(frozen=True)
class Burst:
    """A burst that was played at `said` on the monotonic clock and heard `late` seconds later; None: never heard."""

    said: float
    late: float | None


def signal(seconds):
    """The known signal, to be played into the microphone: float32, mono."""
    sound = np.empty(round(seconds * RATE), np.float32)
    for begin in range(0, len(sound), RATE):
        time = np.arange(begin, min(begin + RATE, len(sound))) / RATE
        sound[begin : begin + RATE] = sum(
            level * np.sin(2 * np.pi * pilot * time) for level, pilot in zip((0.2, 0.06, 0.06), PILOTS))
    for number in range(int(seconds / _BURST_PERIOD)):
        begin = round((number + 0.5) * _BURST_PERIOD * RATE)
        piece = sound[begin : begin + round(_BURST_SECONDS * RATE)]
        piece += _burst(number)[: len(piece)]
    return sound


def _burst(number):
    """Noise from 1.5 to 6 kHz, different for each number."""
    count = round(_BURST_SECONDS * RATE)
    spectrum = np.fft.rfft(np.random.default_rng(1000 + number).standard_normal(count))
    frequency = np.fft.rfftfreq(count, 1 / RATE)
    spectrum[(frequency < 1500) | (frequency > 6000)] = 0
    burst = np.fft.irfft(spectrum, count) * np.hanning(count)
    return 0.5 * burst / np.abs(burst).max()


def listen(sound, pilots=PILOTS, shortest=0.010):
    """Finds dropouts of at least `shortest` seconds, and splices, in mono sound with these pilot tones."""
    level = np.abs(_demodulate(sound, pilots[0], 0.010))
    # The median of the audible part, so that silence before or after does not matter.
    typical = float(np.median(level[level > 0.01])) if level.max(initial=0) > 0.01 else 0
    if not typical:
        return Heard(typical, None, [], [])
    begins = int(np.argmax(level >= typical / 2))
    # A player that has stopped is silent up to the end.
    quiet = np.append(level < typical / 2, False)
    gaps = [
        (begin, end) for begin, end in _runs(quiet)
        if begin > begins and (end - begin) * _HOP >= shortest * RATE - _HOP]
    silent = np.zeros(len(level), bool)
    silent[:begins] = True
    for begin, end in gaps:
        silent[begin:end] = True
    dropouts = [(begin * _HOP / RATE, (end - begin) * _HOP / RATE) for begin, end in gaps]
    jumps = sorted({round(at, 1) for at in _confirmed([_turns(sound, pilot, silent) for pilot in pilots])})
    return Heard(typical, begins * _HOP / RATE, dropouts, jumps)


@dataclass(frozen=True)
class _Turn:
    """A pilot's phase turns `at` seconds. `stays` says whether the phase is another one afterwards."""

    at: float
    stays: bool


def _confirmed(turns_of_pilots):
    """The times of the splices. Where a loud burst meets the joint of two segments, MP3 has few bits, and the phase of
    a weak pilot swings and comes back. After a splice the phase stays another one, or several pilots turn at once."""
    for number, turns in enumerate(turns_of_pilots):
        others = turns_of_pilots[:number] + turns_of_pilots[number + 1 :]
        for turn in turns:
            is_shared = any(abs(other.at - turn.at) < _NEAR for each in others for other in each)
            if turn.stays or is_shared or not others:
                yield turn.at


def _turns(sound, pilot, silent):
    """The turns of the pilot's phase."""
    tone = _demodulate(sound, pilot, 0.020)
    stride = 24
    turn = np.angle(tone[stride:] * np.conj(tone[:-stride]))
    # The phase's speed may change slowly, because players vary their rate.
    coarse = np.pad(turn[::10], 25, mode="edge")
    course = np.median(np.lib.stride_tricks.sliding_window_view(coarse, 50), axis=1).repeat(10)[: len(turn)]
    off = np.abs(np.angle(np.exp(1j * (turn - course))))
    # Near silence the pilot has no phase.
    padded = np.pad(silent, (stride, 2 * stride), constant_values=True)
    near_silence = np.convolve(padded, np.ones(3 * stride + 1), "valid")[: len(off)] > 0.5
    least = 2 * np.pi * pilot * _LEAST_JUMP
    # The pilot without its steady course.
    still = tone[: len(turn)] * np.exp(-1j * np.cumsum(course) / stride)

    def stays(begin, end):
        before, after = still[max(0, begin - 3 * stride) : begin], still[end + 2 * stride : end + 5 * stride]
        # At an end of the recording the phase afterwards is unknown.
        is_known = len(before) > 0 and len(after) > 0
        return not is_known or abs(np.angle(_middle(after) * np.conj(_middle(before)))) > least / 2
    return [_Turn(begin * _HOP / RATE, stays(begin, end)) for begin, end in _runs((off > least) & ~near_silence)]


def _middle(values):
    """The median of complex values."""
    return complex(np.median(values.real), np.median(values.imag))


def _demodulate(sound, pilot, seconds):
    """The pilot's complex amplitude each millisecond, through a Hann window of `seconds`."""
    window = np.hanning(round(seconds * RATE) // 2 * 2 + 1)
    window *= 2 / window.sum()
    phases = -2j * np.pi * pilot / RATE
    return _filtered(sound, window, lambda piece, at: piece * np.exp(phases * np.arange(at, at + len(piece))), _HOP)


def _filtered(sound, kernel, prepare=lambda piece, at: piece, hop=1):
    """The sound filtered by a kernel of odd length, without delay; every `hop`th sample. `prepare(piece, at)` changes
    each piece before the filter; the piece begins at the sample `at`."""
    reach, block, size = len(kernel) // 2, 5 * RATE, 1 << 18
    spectrum = np.fft.fft(kernel, size)
    padded = np.pad(np.asarray(sound, np.float32), reach)
    pieces = []
    for begin in range(0, len(sound), block):
        piece = prepare(padded[begin : begin + block + 2 * reach], begin)
        whole = np.fft.ifft(np.fft.fft(piece, size) * spectrum)
        pieces.append(whole[2 * reach : len(piece) : hop].copy())
    return np.concatenate(pieces) if pieces else np.empty(0, complex)


def _runs(flags):
    """(begin, end) of each run of true values between false values."""
    edges = np.flatnonzero(np.diff(flags.astype(np.int8)))
    pairs = edges[1 if len(edges) and flags[0] else 0 :]
    return [(int(a) + 1, int(b) + 1) for a, b in zip(pairs[::2], pairs[1::2])]


def bursts(mic, spk, limit=20):
    """Finds each burst of the microphone's recording in the loudspeaker's recording, up to `limit` seconds later. The
    list ends with a burst that was heard, because the recording may have stopped before the last bursts came out."""
    said, heard = _without_pilots(mic.sound), _without_pilots(spk.sound)
    period, length = round(_BURST_PERIOD * RATE), round(_BURST_SECONDS * RATE)
    opening = said[: period + 2 * length]
    number, at = next((number, at) for number in range(2000) if (at := _find(opening, _burst(number))) is not None)
    found, late = [], None
    while at + length <= len(said):
        # The player of the signal may have gaps, too. So the burst is searched in the microphone's recording.
        first = max(0, at - period // 4)
        place = _find(said[first : at + length + period // 4], _burst(number))
        if place is None:
            number, at = number + 1, at + period
            continue
        at = first + place
        begin = at + round((mic.start - spk.start) * RATE)
        # First the search tries the latency of the burst before. It starts a little early, so that a wrong clock shows.
        near = [(begin + round((late - 1) * RATE), 2 * RATE)] if late is not None else []
        burst, late = _burst(number), None
        for first, count in (*near, (begin - RATE // 10, limit * RATE)):
            first = max(0, first)
            place = _find(heard[first : first + count], burst, _RATES)
            if place is not None:
                late = (first + place) / RATE + spk.start - (at / RATE + mic.start)
                break
        found.append(Burst(at / RATE + mic.start, late))
        number, at = number + 1, at + period
    while found and found[-1].late is None:
        found.pop()
    return found


def _find(sound, burst, rates=(1,)):
    """The position of the burst in sound without pilots; None if the burst is not found."""
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
        best = max(best, (correlation[at] / (np.sqrt((piece**2).sum() * (played[: len(piece)] ** 2).sum()) + 1e-9), at))
        if best[0] > 0.9:
            break
    similarity, at = best
    return at if similarity > 0.6 else None


def _without_pilots(sound):
    """The sound above 1200 Hz."""
    count = 2 * (RATE // 200) + 1
    times = np.arange(count) - count // 2
    low = np.sinc(2 * 1200 / RATE * times) * np.hanning(count)
    kernel = -low / low.sum()
    kernel[count // 2] += 1
    return _filtered(sound, kernel).real.astype(np.float32)
