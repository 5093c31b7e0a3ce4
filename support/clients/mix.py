"""The mix that a member of a room has received, with the time of each packet's arrival."""

import bisect
from dataclasses import dataclass

import numpy as np

from support.sound.opus import FRAME, OpusDecoder
from support.sound.soundcard import RATE, Recording


@dataclass(frozen=True)
class Arrival:
    # Seconds of the monotonic clock.
    at: float
    packet: object


class Mix:
    """Collects packets. Everything else is computed from them later, so that receiving takes no time."""

    def __init__(self):
        self.arrivals = []

    def __len__(self):
        return len(self.arrivals)

    @property
    def packets(self):
        return [arrival.packet for arrival in self.arrivals]

    def sound(self, begin=None, end=None):
        """The sound that arrived from `begin` to `end` on the monotonic clock, mono. A lost packet is silence."""
        recording = self.recording()
        at = self.places
        chosen = [i for i, arrival in enumerate(self.arrivals)
                  if (begin is None or arrival.at >= begin) and (end is None or arrival.at < end)]
        if not chosen:
            return np.zeros(0, np.float32)
        return recording.sound[at[chosen[0]] : at[chosen[-1]] + FRAME]

    @property
    def places(self):
        """The place of each packet in the recording, in samples."""
        return [arrival.packet.time - self.arrivals[0].packet.time for arrival in self.arrivals]

    def recording(self):
        """All sound by the sample times of the server, mono; its start is the earliest that the arrivals allow."""
        stereo = self.stereo()
        places = np.array(self.places)
        start = min(arrival.at - (place + FRAME) / RATE for arrival, place in zip(self.arrivals, places))
        return Recording(start, stereo.mean(1))

    def stereo(self):
        """All sound by the sample times of the server, in two columns."""
        places = self.places
        sound = np.zeros((places[-1] + FRAME, 2), np.float32)
        decoders = {}
        for place, packet in zip(places, self.packets):
            if packet.codec == "pcm16":
                frame = np.frombuffer(packet.frame, "<i2").reshape(FRAME, packet.channels) / np.float32(32768)
            else:
                # A decoder of two channels decodes mono frames too, and keeps its state over the change.
                frame = decoders.setdefault("opus", OpusDecoder(2)).decode(packet.frame)
            sound[place : place + FRAME] = frame
        return sound

    def holder(self, position):
        """The packet that holds a position of the recording, in seconds: the time at which it arrived, and the position
        of its last sample; None if no packet holds the position."""
        places = self.places
        index = bisect.bisect_right(places, position * RATE) - 1
        if index < 0 or position * RATE >= places[index] + FRAME:
            return None
        return self.arrivals[index].at, (places[index] + FRAME) / RATE

    def lateness(self):
        """For each packet the time of its arrival, and by how many seconds it came later than the promptest packet."""
        at = np.array([arrival.at for arrival in self.arrivals])
        spoken = np.array(self.places) / RATE
        return at, at - spoken - (at - spoken).min()

    def gaps(self):
        """The longest time between two arrivals, and the number of packets that are missing between the first and the
        last, by their sequences."""
        at = np.array([arrival.at for arrival in self.arrivals])
        sequences = [packet.sequence for packet in self.packets]
        return float(np.diff(at).max()), sequences[-1] - sequences[0] + 1 - len(sequences)
