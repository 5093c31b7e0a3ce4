"""Whether this machine keeps time: a tone of our own, played beside what is judged."""

from support import processes
from support.sound import ear, signals

# What a machine that is too busy has spoilt is tried so often in all.
ATTEMPTS = 3


class ControlTone:
    """Sounds from the constructor on, for at most so many seconds. Where it has a flaw, this machine was too busy to
    play sound, and a hole in what was heard beside it is no fault of the player's."""

    def __init__(self, card, seconds):
        # As little of it is kept ahead as by a player of low latency.
        self._player = card.play("aux", signals.int16(ear.signal(seconds + 10)), buffer=20)
        self._recorder = card.record("aux")

    def stop(self):
        """The recording."""
        recording = self._recorder.stop()
        processes.end(self._player)
        return recording


def flaw_times(control):
    """When the recording of a control has its flaws, on the monotonic clock."""
    heard = ear.listen(control.sound)
    return sorted(control.start + at for at in [*(at for at, _ in heard.dropouts), *heard.jumps])


def with_control_tone(card, seconds, judge):
    """What judge() returns, which takes no more than so many seconds. Where it fails and the control has a flaw, it is
    this machine that may have failed, and it judges again."""
    for _ in range(ATTEMPTS):
        control = ControlTone(card, seconds)
        try:
            result = judge()
            control.stop()
            return result
        except AssertionError as error:
            failure, torn = error, len(flaw_times(control.stop()))
            if not torn:
                raise
    raise AssertionError(f"this machine is too busy: {torn} flaws in a tone of our own, {ATTEMPTS} times") from failure
