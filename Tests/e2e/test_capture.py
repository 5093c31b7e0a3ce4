"""A real ALSA capture, from a virtual sound card: what is played in comes out of what is served."""

import signal
import time
import unittest
from datetime import datetime, timezone

from support import mp3, signals
from support.follower import Follower
from support.server import Server
from support.soundcard import RATE, SoundCard

# Of a tenth of a second each.
BLOCK = RATE // 10


class Case(unittest.TestCase):
    def setUp(self):
        self.card = self.enterContext(SoundCard())

    def server(self, *flags):
        flags = ["--source", "alsa", "--channels", 2, "--segment-length", 1, "--ring-size", 40, *flags]
        return self.enterContext(Server(*flags, environment=self.card.environment))

    def lags(self, sound, follower):
        """One lag a block, counted from where the sound begins."""
        decoded = mp3.decode(b"".join(segment.payload for segment in follower.parsed()), 2)[:, 0]
        start = signals.lag(sound[: 5 * RATE, 0], decoded)
        self.assertGreater(start, 0, "the beginning of the sound was not heard")
        return signals.lags(sound[:, 0], decoded, start, BLOCK, RATE // 5)

    def delay(self, follower):
        """How long after its end, by its date, the newest segment is published."""
        last = follower.playlist.last
        follower.follow(lambda follower: follower.playlist.last > last, 5, pause=0.02)
        entry = follower.playlist.entries[-1]
        return datetime.now(timezone.utc).timestamp() - entry.date.timestamp() - float(entry.duration)


class Capture(Case):
    def test_no_sample_is_lost_or_doubled(self):
        sound = signals.programme(25, RATE, 2)
        server = self.server()
        server.wait_playlist()
        self.card.play("mic", signals.int16(sound), channels=2)
        follower = Follower(server, 40).follow(lambda follower: follower.duration >= 25, 40)
        found = self.lags(sound, follower)
        self.assertGreaterEqual(len(found), 200)
        self.assertEqual(len(set(found)), 1, found)
        self.assertNotRegex(server.log, "overrun|lost|back")


class SmallPeriods(Case):
    def test_a_period_of_64_frames_loses_nothing_either(self):
        sound = signals.programme(12, RATE, 2)
        server = self.server("--block-size", 64)
        server.wait_playlist()
        self.card.play("mic", signals.int16(sound), channels=2)
        follower = Follower(server, 40).follow(lambda follower: follower.duration >= 12, 30)
        found = self.lags(sound, follower)
        self.assertGreaterEqual(len(found), 90)
        self.assertEqual(len(set(found)), 1, found)


class Interrupted(Case):
    """The process does not run for a while, as on a machine that is overloaded, or frozen."""

    def stopped(self, seconds, total):
        sound = signals.programme(total, RATE, 2)
        server = self.server()
        server.wait_playlist()
        self.card.play("mic", signals.int16(sound), channels=2)
        follower = Follower(server, 40).follow(lambda follower: len(follower.segments) >= 5, 10)
        delay = self.delay(follower)
        server.process.send_signal(signal.SIGSTOP)
        time.sleep(seconds)
        server.process.send_signal(signal.SIGCONT)
        follower.follow(lambda follower: follower.duration >= total, total + 10)
        # The stream's length is true to the clock.
        self.assertLess(abs(self.delay(follower) - delay), 0.5, server.log)
        return server, self.lags(sound, follower)

    def test_a_short_while_loses_nothing(self):
        _, found = self.stopped(1.5, 10)
        self.assertGreaterEqual(len(found), 70)
        self.assertEqual(len(set(found)), 1, found)


class Frozen(Interrupted):
    test_a_short_while_loses_nothing = None

    def test_what_is_lost_in_a_long_one_is_filled_with_as_much_silence(self):
        # Longer than the sound server keeps for one that does not read: 4 MiB.
        server, found = self.stopped(14, 27)
        before, after = found[:20], found[-20:]
        self.assertEqual((len(set(before)), len(set(after))), (1, 1), found)
        self.assertIn(None, found)
        self.assertIsNotNone(after[0], found)
        # True to the clock by two periods: the sound server hands over in lumps.
        self.assertLess(abs(after[0] - before[0]), RATE // 50)
        self.assertRegex(server.log, "warning: source: .* frames .*silence")


class Unplugged(Case):
    def test_a_card_that_goes_and_comes_back_is_silence_in_between(self):
        sound = signals.programme(8, RATE, 2)
        server = self.server()
        follower = Follower(server, 40)
        self.card.play("mic", signals.int16(sound), channels=2)
        follower.follow(lambda follower: len(follower.segments) >= 3, 10)
        delay = self.delay(follower)
        self.card.unplug()
        server.wait_log("source: .*silence is sent until it is back", 10)
        # The stream goes on.
        last = follower.playlist.last
        follower.follow(lambda follower: follower.playlist.last >= last + 3, 10)
        self.card.plug()
        server.wait_log("source: back", 10)
        self.card.play("mic", signals.int16(sound), channels=2)
        last = follower.playlist.last
        follower.follow(lambda follower: follower.playlist.last >= last + 6, 15)
        self.assertLess(abs(self.delay(follower) - delay), 0.5)
        decoded = mp3.decode(b"".join(segment.payload for segment in follower.parsed()), 2)[:, 0]
        second = decoded[-6 * RATE :]
        found = signals.lags(sound[:, 0], second, signals.lag(sound[:, 0], second), BLOCK, RATE // 5)
        self.assertEqual(len(set(found[-20:])), 1, found)
        self.assertIsNotNone(found[-1])


if __name__ == "__main__":
    unittest.main()
