"""The ring over time: new segments come in time, and old segments stay as long as RFC 8216 demands."""

import statistics
import time
import unittest
from datetime import datetime, timezone

from support.clients.segment_collector import SegmentCollector
from support.server import Server
from support.waiting import TIMEOUT

RING = 7
SEGMENTS = 24


class Ring(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        server = cls.enterClassContext(Server("--source", "tone", "--segment-length", "0.5", "--ring-size", RING))
        cls.collector = SegmentCollector(server, RING)
        # {media sequence number: seconds on the monotonic clock}: the segment first listed; the last playlist with it
        # requested; the first playlist without it; the segment last served; the segment first missing.
        cls.appeared, cls.listed, cls.removed, cls.served, cls.gone = {}, {}, {}, {}, {}
        # {media sequence number: seconds between the segment's end, by its date, and its listing}.
        cls.lateness = {}
        end = time.monotonic() + 2 * TIMEOUT
        while (len(cls.appeared) <= SEGMENTS or len(cls.gone) <= 3) and time.monotonic() < end:
            asked = time.monotonic()
            cls.collector.step()
            if cls.collector.playlist:
                cls.look(server, asked)
            time.sleep(0.02)

    @classmethod
    def look(cls, server, asked):
        now = time.monotonic()
        for entry in cls.collector.playlist.entries:
            cls.listed[entry.sequence] = asked
            if entry.sequence not in cls.appeared:
                cls.appeared[entry.sequence] = now
                end = entry.date.timestamp() + float(entry.duration)
                cls.lateness[entry.sequence] = datetime.now(timezone.utc).timestamp() - end
        for sequence in range(min(cls.appeared), cls.collector.playlist.media_sequence):
            cls.removed.setdefault(sequence, now)
            if sequence not in cls.gone:
                asked = time.monotonic()
                if server.request(f"/live/{sequence}.mp3").status == 404:
                    cls.gone[sequence] = time.monotonic()
                else:
                    cls.served[sequence] = asked

    def test_a_new_segment_comes_no_later_than_one_and_a_half_target_durations_after_the_last(self):
        times = [self.appeared[sequence] for sequence in sorted(self.appeared)]
        self.assertGreater(len(times), SEGMENTS)
        steps = [after - before for before, after in zip(times, times[1:])]
        # rfc8216bis §6.2.1: "no later than 1.5 times the Target Duration after the previous time the Playlist was
        # updated with a Media Segment".
        self.assertLessEqual(max(steps), 1.5 * self.collector.playlist.target_duration)

    def test_a_segment_is_dated_when_it_was_recorded(self):
        # A segment is listed shortly after its end: the encoder holds about 30 ms, and the folder is written first.
        # A busy machine may see one segment late, and not most of them.
        late = list(self.lateness.values())
        self.assertGreater(min(late), 0)
        self.assertLess(statistics.median(late), 0.4)

    def test_a_removed_segment_stays_for_its_own_and_the_longest_playlists_duration_and_then_goes(self):
        entries = {sequence: entry for sequence, (entry, _) in self.collector.segments.items()}
        longest = RING * 0.504
        self.assertGreater(len(self.gone), 3, "old segments are removed")
        for sequence, gone in self.gone.items():
            # RFC 8216 §6.2.2: "the corresponding Media Segment MUST remain available to clients for a period of time
            # equal to the duration of the segment plus the duration of the longest Playlist file distributed by the
            # server containing that segment."
            self.assertGreaterEqual(gone - self.listed[sequence], float(entries[sequence].duration) + longest)
            self.assertLess(self.served[sequence] - self.removed[sequence], 3 * longest)

    def test_the_playlist_is_full_and_stays_full(self):
        self.assertEqual(len(self.collector.playlist.entries), RING)
        self.assertEqual(len(self.removed), len(self.appeared) - RING)


if __name__ == "__main__":
    unittest.main()
