"""A stream that has ended, and so stands still."""

import tempfile
import unittest
from pathlib import Path

from support import signals
from support.follower import Follower
from support.server import Server
from support.wav import wav


class EndedStream(unittest.TestCase):
    """Each test asks something of the same one; `path` and `body` are of its first segment. Pages of every origin may
    read the stream, as on a public port."""

    @classmethod
    def setUpClass(cls):
        folder = cls.enterClassContext(tempfile.TemporaryDirectory(prefix="wav."))
        path = Path(folder, "short.wav")
        path.write_bytes(wav(signals.programme(1.3, 48000, 2), 48000))
        cls.server = cls.enterClassContext(Server("--source", f"file:{path}", "--segment-length", "0.5", "--allow-origin", "*"))
        follower = Follower(cls.server).to_end()
        entry, cls.body = follower.segments[follower.playlist.media_sequence]
        cls.path, cls.sequence = f"/{entry.uri}", entry.sequence

    def ask(self, path=None, method="GET", **headers):
        return self.server.request(
            path or self.path, method, {name.replace("_", "-"): value for name, value in headers.items()})
