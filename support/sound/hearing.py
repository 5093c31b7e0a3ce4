"""Records the signal at the microphone and the sound at the loudspeaker on one clock."""

import time
from dataclasses import dataclass
from functools import cached_property

from support.sound import ear
from support.sound.control_tone import Control, ControlTone, flaw_times
from support.sound.soundcard import Recording
from support.waiting import wait_until

# The time in which players settle, in seconds.
SETTLING = 10
# The longest until a player starts, in seconds.
_TIMEOUT = 60
# A busy machine causes flaws in two sounds within this time, in seconds.
_NEAR = 0.25


@dataclass(frozen=True)
class Hearing:
    mic: Recording
    spk: Recording
    control: Control
    # The page's state, once a second.
    snapshots: list

    @cached_property
    def flaws(self):
        """The flaws of the loudspeaker's recording, an `ear.Heard`."""
        return ear.listen(self.spk.sound)

    @property
    def control_flaws(self):
        """The number of times at which this machine was too busy to play the control tone."""
        return len(self.control.flaw_times)

    @cached_property
    def mic_flaws(self):
        """The times of the flaws in the microphone's recording, in seconds of the loudspeaker's recording. The
        loudspeaker plays each of these flaws later, by the latency."""
        return [round(at - self.spk.start, 1) for at in flaw_times(self.mic)]

    @property
    def own_dropouts(self):
        """The dropouts at whose time the control tone has no flaw."""
        return [
            (at, length) for at, length in self.flaws.dropouts
            if not any(-_NEAR < tear - (self.spk.start + at) < length + _NEAR for tear in self.control.flaw_times)]

    @cached_property
    def bursts(self):
        return ear.bursts(self.mic, self.spk)

    @property
    def settled(self):
        """The bursts that were played after the player had settled."""
        if self.flaws.begins is None:
            return []
        return [burst for burst in self.bursts if burst.said > self.spk.start + self.flaws.begins + SETTLING]

    @property
    def latencies(self):
        """The seconds from microphone to loudspeaker of each settled burst that was heard."""
        return [burst.late for burst in self.settled if burst.late is not None]


class HearingRecorder:
    """Records from the constructor on, for at most `seconds`. `spk` is the sink of the loudspeaker."""

    def __init__(self, card, seconds, spk="spk"):
        self._control = ControlTone(card, seconds)
        self._mic, self._spk = card.record("mic"), card.record(spk)

    def wait(self, seconds):
        """Waits until `seconds` are recorded."""
        self._spk.wait(seconds)

    def wait_sound(self):
        wait_until(lambda: self._spk.is_sounding, _TIMEOUT, "a sound from the loudspeaker")

    def stop(self, snapshots=()):
        return Hearing(self._mic.stop(), self._spk.stop(), self._control.stop(), list(snapshots))


def hear(card, browser, url, seconds):
    """Opens a page that plays the sound of the card's microphone, and records `seconds` after the page has settled."""
    recorder = HearingRecorder(card, _TIMEOUT + SETTLING + seconds)
    browser.open(url)
    return hear_settled(recorder, browser, seconds)


def hear_settled(recorder, browser, seconds):
    """Waits for the first sound, and records `seconds` after the player has settled."""
    recorder.wait_sound()
    snapshots = []
    end = time.monotonic() + SETTLING + seconds
    while time.monotonic() < end:
        snapshots.append(browser.evaluate("window.ringcast?.snapshot() ?? null"))
        time.sleep(1)
    return recorder.stop(snapshots)
