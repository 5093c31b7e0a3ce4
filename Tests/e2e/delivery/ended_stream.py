"""A stream that has ended, so that its content no longer changes."""

import tempfile
import unittest
from pathlib import Path

from support.clients.segment_collector import SegmentCollector
from support.formats.wav import wav
from support.server import Server
from support.sound import signals


class EndedStream(unittest.TestCase):
    """The base of tests that share one ended stream, which pages of every origin may read, as on a public port. `path`
    and `body` belong to its first segment."""

    @classmethod
    def setUpClass(cls):
        folder = cls.enterClassContext(tempfile.TemporaryDirectory(prefix="wav."))
        path = Path(folder, "short.wav")
        path.write_bytes(wav(signals.reference(1.3, 48000, 2), 48000))
        flags = ["--source", f"file:{path}", "--segment-length", "0.5", "--allow-origin", "*"]
        cls.server = cls.enterClassContext(Server(*flags))
        collector = SegmentCollector(cls.server).to_end()
        entry, cls.body = collector.segments[collector.playlist.media_sequence]
        cls.path, cls.sequence = f"/{entry.uri}", entry.sequence

    def ask(self, path=None, method="GET", **headers):
        return self.server.request(
            path or self.path, method, {name.replace("_", "-"): value for name, value in headers.items()})
