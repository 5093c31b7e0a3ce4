"""The machine's clock is set while the stream runs: the sound and its numbers go on, dates follow."""

import signal
import time
import unittest
from datetime import datetime

from support.clients.segment_collector import SegmentCollector
from support.formats import mp3
from support.machine.wall_clock import WallClock
from support.server import Server
from support.sound import ear

HOUR = 3600


class Case(unittest.TestCase):
    def setUp(self):
        self.clock = self.enterContext(WallClock())
        flags = ["--source", "tone", "--segment-length", "0.5", "--ring-size", 20]
        self.server = self.enterContext(Server(*flags, environment=self.clock.environment))
        self.collector = SegmentCollector(self.server, 20, leaps=1)
        self.go_on(4)

    def go_on(self, count):
        wanted = len(self.collector.segments) + count
        self.collector.follow(lambda collector: len(collector.segments) >= wanted, pause=0.05)

    def age(self):
        """How long after its end, by its date and the server's clock, the promptest of three segments is seen: whatever
        holds this machine up makes one late, never early."""
        ages = []
        for _ in range(3):
            self.go_on(1)
            entry = self.collector.playlist.entries[-1]
            ages.append(self.clock.time() - entry.date.timestamp() - float(entry.duration))
        return min(ages)

    def goes_on(self):
        """As if nothing had been, but for the dates: two of them an hour or so apart, each of them true in its time."""
        self.assertLess(abs(self.age()), 1)
        now = datetime.fromisoformat(self.server.information()["now"])
        self.assertLess(abs((now - self.clock.now()).total_seconds()), 1)
        sequences = sorted(self.collector.segments)
        self.assertEqual(sequences, list(range(sequences[0], sequences[-1] + 1)))
        self.assertFalse(any(entry.discontinuity for entry, _ in self.collector.segments.values()))
        sound = mp3.decode(b"".join(segment.payload for segment in self.collector.parsed()), 2)[:, 0]
        heard = ear.listen(sound[mp3.DELAY + 4800 :], ear.TONE_PILOTS)
        self.assertTrue(heard.flawless, heard)
        self.assertEqual(self.server.log.count("warning: clock: "), 1, self.server.log)


class Set(Case):
    def set(self, seconds):
        # Counted from one arrival to another.
        self.go_on(1)
        began, count = time.monotonic(), len(self.collector.segments)
        self.clock.step(seconds)
        self.go_on(10)
        # At the pace of before.
        paced = (time.monotonic() - began) / (len(self.collector.segments) - count)
        self.assertLess(abs(paced - 0.5), 0.1)
        self.goes_on()

    def test_an_hour_ahead(self):
        self.set(HOUR)

    def test_an_hour_back(self):
        self.set(-HOUR)


class Asleep(Case):
    def test_a_machine_that_has_slept_for_eight_hours_goes_on_where_it_was(self):
        # The monotonic clock stands still meanwhile, but for the moment here.
        self.server.process.send_signal(signal.SIGSTOP)
        time.sleep(1)
        self.clock.step(8 * HOUR)
        self.server.process.send_signal(signal.SIGCONT)
        self.go_on(11)
        self.goes_on()


class Restarted(Case):
    def test_numbers_do_not_go_back_with_the_clock(self):
        before = self.collector.playlist
        self.assertEqual(self.server.stop()[0], 0)
        self.clock.step(-HOUR)
        with Server(*self.server.flags, sound=self.server.sound, environment=self.clock.environment) as again:
            self.assertEqual(again.wait_playlist().media_sequence, before.media_sequence)


if __name__ == "__main__":
    unittest.main()
