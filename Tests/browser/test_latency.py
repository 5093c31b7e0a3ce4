"""The latency of the page from a microphone to a loudspeaker: a short version of `scripts/bench latency`."""

import unittest

import numpy as np

from support import browsers
from support.server import Server
from support.sound import ear, signals
from support.sound.hearing import hear
from support.sound.soundcard import SoundCard

SECONDS = 60
# Wide bounds, for a busy machine. The page's aims are in the benchmark's table.
MEDIAN_BOUND = 1.0
DROPOUTS_BOUND = 2
ATTEMPTS = 2


class Chromium(unittest.TestCase):
    alone = True

    def test_a_minute_is_heard_within_a_second_and_almost_without_a_gap(self):
        hearing = self.hear_repeatedly()
        self.assertGreater(len(hearing.latencies), 0.9 * len(hearing.settled))
        self.assertLessEqual(float(np.median(hearing.latencies)), MEDIAN_BOUND)
        self.assertLessEqual(len(hearing.flaws.dropouts), DROPOUTS_BOUND, hearing.flaws)

    def hear_repeatedly(self):
        """Measures again if a busy machine has caused gaps."""
        for _ in range(ATTEMPTS):
            hearing = self.hear()
            if not hearing.control_flaws or len(hearing.flaws.dropouts) <= DROPOUTS_BOUND:
                return hearing
        self.fail(f"this machine is too busy: {hearing.control_flaws} flaws in the control tone\n{hearing.flaws}")

    def hear(self):
        with SoundCard() as card, Server("--source", "alsa", environment=card.environment) as server:
            card.play("mic", signals.int16(ear.signal(SECONDS + 60)))
            server.wait_playlist(lambda playlist: len(playlist.entries) >= 4)
            with browsers.Chromium(card) as browser:
                return hear(card, browser, server.url, SECONDS)


if __name__ == "__main__":
    unittest.main()
