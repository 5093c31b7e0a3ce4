"""The end of the input is the end of the stream."""

import tempfile
import unittest
from pathlib import Path

from support.clients.segment_collector import SegmentCollector
from support.formats import hls, mp3, wav
from support.server import Server
from support.sound import signals
from support.waiting import TIMEOUT

RATE = 48000


class End(unittest.TestCase):
    def run_to_end(self, *flags):
        server = Server("--segment-length", 1, *flags)
        self.addCleanup(server.close)
        return server

    def write(self, seconds):
        folder = self.enterContext(tempfile.TemporaryDirectory(prefix="wav."))
        path = Path(folder, "reference.wav")
        path.write_bytes(wav.wav(signals.reference(seconds, RATE, 2), RATE))
        return path

    def test_the_last_partial_segment_and_endlist_are_published_and_served_on(self):
        server = self.run_to_end("--source", f"file:{self.write(3.4)}")
        collector = SegmentCollector(server).to_end()
        segments = collector.parsed()
        self.assertEqual(len(segments), 4)
        self.assertLess(segments[-1].samples, 0.5 * RATE)
        self.assertGreaterEqual(sum(segment.samples for segment in segments), 3.4 * RATE + mp3.DELAY)
        self.assertIsNone(server.process.poll())
        self.assertTrue(server.information()["ended"])
        # Afterwards nothing changes, and everything is still served.
        self.assertEqual(server.playlist(), collector.playlist)
        for entry, body in collector.segments.values():
            self.assertEqual(server.get(f"/{entry.uri}"), body)
        self.assertEqual(server.stop()[0], 0)
        stored = hls.read((server.sound / "live/live.m3u8").read_bytes())
        self.assertTrue(stored.ended)
        self.assertEqual(stored.last, collector.playlist.last)

    def test_exit_at_end_exits_with_0_and_leaves_everything_in_the_folder(self):
        server = self.run_to_end("--source", f"file:{self.write(2.5)}", "--exit-at-end")
        self.assertEqual(server.process.wait(TIMEOUT), 0, server.log)
        folder = server.sound / "live"
        stored = hls.read((folder / "live.m3u8").read_bytes())
        self.assertTrue(stored.ended)
        samples = sum(mp3.segment((folder / entry.uri).read_bytes()).samples for entry in stored.entries)
        self.assertGreaterEqual(samples, 2.5 * RATE + mp3.DELAY)


if __name__ == "__main__":
    unittest.main()
