"""A control tone, played beside a measurement, shows whether this machine was too busy to play sound."""

from dataclasses import dataclass
from functools import cached_property

from support import processes
from support.machine.stall_watch import StallWatch
from support.sound import ear, signals
from support.sound.soundcard import Recording

# How often a measurement is made at most, if a busy machine spoils it.
ATTEMPTS = 3


@dataclass(frozen=True)
class Control:
    recording: Recording
    # The times at which this machine let no process run, on the monotonic clock.
    stalls: list

    @cached_property
    def flaw_times(self):
        """The times at which this machine was too busy to play sound, on the monotonic clock."""
        return sorted([*flaw_times(self.recording), *self.stalls])


class ControlTone:
    """A tone that plays from the constructor on, for at most `seconds`. If its recording has a flaw, this machine was
    too busy to play sound, and a gap at the same time is not the player's fault. The same is true if this machine let
    no process run for a while: the tone's player has a buffer, and may sound on over a pause that is too long for a
    browser."""

    def __init__(self, card, seconds):
        # The buffer is as small as the buffer of a low-latency player.
        self._player = card.play("aux", signals.int16(ear.signal(seconds + 10)), buffer=20)
        self._recorder = card.record("aux")
        self._watch = StallWatch()

    def stop(self):
        """Returns the `Control`."""
        stalls, recording = self._watch.stop(), self._recorder.stop()
        processes.end(self._player)
        return Control(recording, stalls)


def flaw_times(recording):
    """The times of the flaws in a recording of the known signal, on the monotonic clock."""
    heard = ear.listen(recording.sound)
    return sorted(recording.start + at for at in [*(at for at, _ in heard.dropouts), *heard.jumps])


def with_control_tone(card, seconds, measure):
    """Returns measure(), which takes at most `seconds`. If measure() fails and the control tone has a flaw at the same
    time, the machine may be the cause: measure() is called again, up to ATTEMPTS times."""
    for _ in range(ATTEMPTS):
        control = ControlTone(card, seconds)
        try:
            result = measure()
            control.stop()
            return result
        except AssertionError as error:
            failure, flaws = error, len(control.stop().flaw_times)
            if not flaws:
                raise
    message = f"this machine is too busy: {flaws} flaws in the control tone, after {ATTEMPTS} attempts"
    raise AssertionError(message) from failure
