"""Opens a page again and again, and hears each start from its first sample on."""

import time
from dataclasses import dataclass

from support.sound import ear
from support.sound.control_tone import ControlTone
from support.sound.soundcard import RATE, Recording
from support.waiting import wait_until

# The longest wait for the first sound, in seconds.
_TIMEOUT = 30
# After a page the card's buffer still holds sound. After this time it is silent.
_SILENCE = 0.9


@dataclass(frozen=True)
class Opening:
    """`first` is the time from the start of the navigation to the first sound, in seconds; None if there was no sound.
    `latencies` are pairs: the time since the first sound and the latency of the burst that is heard then."""

    first: float | None
    heard: ear.Heard
    control: ear.Heard
    latencies: list
    # The times at which this machine let no process run.
    stalls: list

    @property
    def is_spoiled(self):
        """Whether this machine was too busy to play the control tone."""
        return bool(self.control.dropouts or self.control.jumps or self.stalls)

    def latest(self, since):
        """The highest latency from `since` seconds after the first sound on; 0 if no burst is heard."""
        return max((late for at, late in self.latencies if at >= since), default=0)


def opened(card, browser, url, count, seconds, before=lambda: None):
    """`count` openings of a page that the browser has opened before. Each lasts `seconds` from the first sound on. Calls
    `before()` before each opening. The card's microphone must play the ear's signal."""
    control = ControlTone(card, (1 + count) * (seconds + _SILENCE + 4) + _TIMEOUT)
    mic, spk = card.record("mic"), card.record("spk")
    spans = [_open(browser, spk, url, seconds, before) for _ in range(1 + count)]
    recordings = mic.stop(), spk.stop(), control.stop()
    return [_opening(recordings, *span) for span in spans[1:]]


def _open(browser, spk, url, seconds, before):
    """The times at which the navigation began and the page was left, on the monotonic clock."""
    browser.open("about:blank")
    silent_from = spk.seconds + _SILENCE
    spk.wait(silent_from)
    before()
    # A command that waits for the page's load would disturb the start.
    browser.evaluate(f"void setTimeout(() => location.assign({url!r}))")
    wait_until(lambda: spk.is_sounding, _TIMEOUT, "a sound from the loudspeaker")
    spk.wait(spk.seconds + seconds)
    # The browser reports the start of the navigation on the wall clock.
    began = browser.evaluate("performance.timeOrigin / 1000") - time.time() + time.monotonic()
    return began, time.monotonic()


def _opening(recordings, began, left):
    mic, spk, control = recordings
    heard = ear.listen(_cut(spk, began, left).sound)
    tone = ear.listen(_cut(control.recording, began, left).sound)
    stalls = [at for at in control.stalls if began <= at <= left]
    if heard.begins is None:
        return Opening(None, heard, tone, [], stalls)
    # A burst that is heard at the start was played before.
    bursts = ear.bursts(_cut(mic, began - 2, left), _cut(spk, began - 2, left))
    since = began + heard.begins
    found = [(burst.said + burst.late - since, burst.late) for burst in bursts if burst.late is not None]
    return Opening(heard.begins, heard, tone, [pair for pair in found if pair[0] >= 0], stalls)


def _cut(recording, begin, end):
    first, last = (max(0, round((at - recording.start) * RATE)) for at in (begin, end))
    return Recording(recording.start + first / RATE, recording.sound[first:last])
