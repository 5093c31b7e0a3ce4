"""Known sounds, and the search for them in a recording. Pure functions of arrays.

A sound is float32 in [-1, 1], with one row a sample frame and one column a channel.
"""

import numpy as np


def reference(seconds, rate, channels, seed=1):
    """Pink noise and a slow sweep, different in each channel. The sound never repeats, so that a lost or doubled sample
    shows at any place."""
    count = round(seconds * rate)
    time = np.arange(count) / rate
    columns = []
    for channel in range(channels):
        sweep = np.sin(2 * np.pi * (300 + 200 * channel + 2000 * time / max(seconds, 1)) * time)
        columns.append(0.15 * pink(count, seed + channel) + 0.1 * sweep)
    return np.stack(columns, 1).astype(np.float32)


def pink(count, seed):
    """Noise of equal power in each octave, with a peak of 1."""
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(count))
    spectrum[1:] /= np.sqrt(np.arange(1, len(spectrum)))
    spectrum[0] = 0
    noise = np.fft.irfft(spectrum, count)
    return noise / np.abs(noise).max()


def int16(sound):
    """The sound as interleaved s16le bytes."""
    return np.clip(np.round(sound * 32768), -32768, 32767).astype("<i2").tobytes()


def from_int16(data, channels):
    return np.frombuffer(data, "<i2").reshape(-1, channels).astype(np.float32) / 32768


def lag(reference, heard):
    """By how many samples `heard` is later than `reference`: the peak of their cross-correlation. For mono arrays."""
    size = 1 << (len(reference) + len(heard)).bit_length()
    correlation = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(reference, size)), size)
    peak = int(np.argmax(correlation))
    return peak if peak < len(heard) else peak - size


def lags(reference, heard, start, block, reach):
    """The lag of each block of `block` samples of `heard`, searched within ± `reach` samples of `start`. None for a
    block in which the reference is not found. If all lags are equal, no sample is lost or doubled. For mono arrays."""
    found = []
    size = 1 << (block + 2 * reach + block).bit_length()
    for begin in range(reach + max(start, 0), len(heard) - block, block):
        if begin - start + block + reach > len(reference):
            break
        piece = heard[begin : begin + block]
        window = reference[begin - start - reach : begin - start + block + reach]
        correlation = np.fft.irfft(np.fft.rfft(window, size) * np.conj(np.fft.rfft(piece, size)), size)
        power = np.concatenate([[0], np.cumsum(np.square(window, dtype=np.float64))])
        energy = np.sqrt((power[block:] - power[:-block]) * np.square(piece, dtype=np.float64).sum()) + 1e-9
        similarity = correlation[: len(energy)] / energy
        best = int(np.argmax(similarity))
        found.append(start + reach - best if similarity[best] > 0.8 else None)
    return found
