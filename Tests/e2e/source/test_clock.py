"""The machine's clock is set while the stream runs: sound and segment numbers go on, and dates follow the clock."""

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
        self.collect(4)

    def collect(self, count):
        wanted = len(self.collector.segments) + count
        self.collector.follow(lambda collector: len(collector.segments) >= wanted, pause=0.05)

    def age(self):
        """The shortest of three times between a segment's end, by its date, and its listing, on the server's clock. A
        busy machine makes a segment late, and never early."""
        ages = []
        for _ in range(3):
            self.collect(1)
            entry = self.collector.playlist.entries[-1]
            ages.append(self.clock.time() - entry.date.timestamp() - float(entry.duration))
        return min(ages)

    def goes_on(self):
        """Checks that sound and numbers have no gap, that new dates are right, and that one warning was logged."""
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
        # The time is counted from one arrival to another.
        self.collect(1)
        began, count = time.monotonic(), len(self.collector.segments)
        self.clock.step(seconds)
        self.collect(10)
        # The pace has not changed.
        paced = (time.monotonic() - began) / (len(self.collector.segments) - count)
        self.assertLess(abs(paced - 0.5), 0.1)
        self.goes_on()

    def test_an_hour_ahead(self):
        self.set(HOUR)

    def test_an_hour_back(self):
        self.set(-HOUR)

    def test_a_title_is_told_at_the_new_dates_too(self):
        self.server.set_now_playing(self.server.operator_token, title="Bolero")
        self.collect(3)
        self.set(-HOUR)
        playlist = self.collector.playlist
        # A player looks for the last title that began before the sound that it plays.
        latest = [range for range in playlist.date_ranges if range.start <= playlist.entries[-1].date]
        self.assertEqual([range.title for range in latest], ["Bolero"])


class Asleep(Case):
    def test_a_machine_that_has_slept_for_eight_hours_goes_on_where_it_was(self):
        # During the sleep of a machine its monotonic clock stops. Here it advances by this second.
        self.server.process.send_signal(signal.SIGSTOP)
        time.sleep(1)
        self.clock.step(8 * HOUR)
        self.server.process.send_signal(signal.SIGCONT)
        self.collect(11)
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
