"""sound/live: the folder of the ring is a valid HLS stream at every moment, which any other web server can serve."""

import functools
import http.server
import threading
import time
import unittest

import numpy as np

from support import processes
from support.formats import hls, mp3
from support.machine.disk import read_folder
from support.server import Server
from support.sound import ear
from support.sound.soundcard import RATE
from support.waiting import TIMEOUT, wait_until

RING = 7


class Folder(unittest.TestCase):
    def test_it_is_a_valid_stream_at_every_moment_and_never_more_than_the_ring(self):
        """Reads the folder as often as possible, while files come and go."""
        with Server("--source", "tone", "--segment-length", "0.5", "--ring-size", RING) as server:
            folder = server.sound / "live"
            server.wait_playlist()
            # The folder may be written after the listeners' first playlist.
            wait_until((folder / "live.m3u8").exists, TIMEOUT, "the playlist in the folder")
            first, _ = read_folder(folder)
            before, looks, most = first, 0, 0
            end = time.monotonic() + 2 * TIMEOUT
            # Until every file of the ring was replaced.
            while before.media_sequence <= first.media_sequence + RING or looks <= 500:
                self.assertLess(time.monotonic(), end, f"{looks} looks, {before}\n{server.log}")
                names = [path.name for path in folder.iterdir()]
                segments = [name for name in names if name.endswith(".mp3")]
                self.assertLessEqual(len(segments), RING, names)
                most = max(most, len(segments))
                playlist, bodies = read_folder(folder)
                hls.check_window(playlist, RING)
                hls.check_reload(before, playlist)
                before, looks = playlist, looks + 1
            # The folder was full.
            self.assertEqual(most, RING)
            for uri, body in bodies.items():
                mp3.segment(body)
                self.assertEqual(server.get(f"/live/{uri}"), body)
            server.stop()
            # A stopped server leaves the ring, the playlist and the era in the folder, and no other file.
            playlist = hls.read((folder / "live.m3u8").read_bytes())
            listed = {entry.uri for entry in playlist.entries}
            self.assertEqual({path.name for path in folder.iterdir()}, listed | {"live.m3u8", "era"})
            self.assertEqual(len(listed), RING)

    def test_another_web_server_can_serve_it(self):
        with Server("--source", "tone", "--segment-length", "1.92") as server:
            server.wait_playlist(lambda playlist: len(playlist.entries) >= 3)
            handler = functools.partial(_Quiet, directory=str(server.sound / "live"))
            with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as other:
                threading.Thread(target=other.serve_forever, daemon=True).start()
                result = processes.run(
                    ["ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "warning", "-i",
                     f"http://127.0.0.1:{other.server_port}/live.m3u8", "-t", 15, "-ac", 1, "-f", "f32le", "-"])
                other.shutdown()
        self.assertEqual(result.stderr.decode(), "")
        sound = np.frombuffer(result.stdout, "<f4")
        self.assertGreater(len(sound), 14.9 * RATE)
        # The first frame of a decoder is incomplete.
        heard = ear.listen(sound[RATE // 10 :], ear.TONE_PILOTS)
        self.assertTrue(heard.flawless, heard)


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


if __name__ == "__main__":
    unittest.main()
