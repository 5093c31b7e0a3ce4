"""A listener before the loudspeaker: what the microphone is told and what comes out are recorded on one clock."""

import time
from dataclasses import dataclass
from functools import cached_property

from support.sound import ear
from support.sound.control_tone import ControlTone, flaw_times
from support.sound.soundcard import Recording
from support.waiting import wait_until

# Players are still finding their pace, s.
SETTLING = 10
# Nobody starts later than this, s.
_TIMEOUT = 60
# What tears two sounds at once tears them no further apart, s.
_NEAR = 0.25


@dataclass(frozen=True)
class Hearing:
    mic: Recording
    spk: Recording
    control: Recording
    # What the page said of itself, once a second.
    snapshots: list

    @cached_property
    def flaws(self):
        """An `ear.Heard` of everything from the first sound on."""
        return ear.listen(self.spk.sound)

    @cached_property
    def _control_flaws(self):
        return flaw_times(self.control)

    @property
    def control_flaws(self):
        """The flaws of the control."""
        return len(self._control_flaws)

    @property
    def own_dropouts(self):
        """Those of the dropouts in whose time the control has no flaw."""
        return [
            (at, length) for at, length in self.flaws.dropouts
            if not any(-_NEAR < tear - (self.spk.start + at) < length + _NEAR for tear in self._control_flaws)]

    @cached_property
    def bursts(self):
        return ear.bursts(self.mic, self.spk)

    @property
    def settled(self):
        """The bursts that were said when the player had settled."""
        if self.flaws.begins is None:
            return []
        return [burst for burst in self.bursts if burst.said > self.spk.start + self.flaws.begins + SETTLING]

    @property
    def latencies(self):
        """Seconds from microphone to loudspeaker of each of those that was heard."""
        return [burst.late for burst in self.settled if burst.late is not None]


class HearingRecorder:
    """Open from the constructor on, for at most so many seconds."""

    def __init__(self, card, seconds):
        self._control = ControlTone(card, seconds)
        self._mic, self._spk = card.record("mic"), card.record("spk")

    def wait(self, seconds):
        """Until so much is recorded."""
        self._spk.wait(seconds)

    def wait_sound(self):
        wait_until(lambda: self._spk.is_sounding, _TIMEOUT, "a sound comes out of the loudspeaker")

    def stop(self, snapshots=()):
        return Hearing(self._mic.stop(), self._spk.stop(), self._control.stop(), list(snapshots))


def hear(card, browser, url, seconds):
    """Opens a page that plays what the microphone of the card is told, and listens for so many seconds once it has
    settled."""
    recorder = HearingRecorder(card, _TIMEOUT + SETTLING + seconds)
    browser.open(url)
    recorder.wait_sound()
    snapshots = []
    end = time.monotonic() + SETTLING + seconds
    while time.monotonic() < end:
        snapshots.append(browser.evaluate("window.ringcast?.snapshot() ?? null"))
        time.sleep(1)
    return recorder.stop(snapshots)
