"""Several streams in one station, from a configuration file with sections."""

import json
import tempfile
import unittest
from pathlib import Path

import numpy as np

from support import processes
from support.formats import hls
from support.formats.metrics import Metrics
from support.formats.wav import wav
from support.server import ROOT, Server, program, refusal
from support.waiting import TIMEOUT, wait_until

SETTINGS = """\
segment-length = 0.5
part-length = 0.1

[stream live]
source = tone

[stream hall]
source = file:{file}
bitrate = 64
"""


class Streams(unittest.TestCase):
    def configuration(self, seconds, text=SETTINGS):
        """The path of a configuration file whose WAV file lasts this long."""
        folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="streams.")))
        time = np.arange(int(seconds * 48000)) / 48000
        (folder / "hall.wav").write_bytes(wav(0.3 * np.sin(2 * np.pi * 300 * time)[:, None], 48000))
        (folder / "ringcast.conf").write_text(text.format(file=folder / "hall.wav"))
        return folder / "ringcast.conf"

    def playlist(self, server, name, condition=lambda playlist: True):
        def look():
            response = server.request(f"/{name}.m3u8")
            playlist = hls.read(response.body) if response.status == 200 else None
            return playlist if playlist and condition(playlist) else None
        return wait_until(look, TIMEOUT, lambda: f"the playlist of {name}\n{server.log}")

    def test_each_has_its_playlist_its_folder_and_its_figures_and_one_that_ends_leaves_the_other_on_air(self):
        server = self.enterContext(Server("--config", self.configuration(3)))
        for name, bits in (("live", 128_000), ("hall", 64_000)):
            playlist = self.playlist(server, name)
            self.assertEqual({entry.uri.split("/")[0] for entry in playlist.entries}, {name})
            self.assertTrue(server.get(f"/{playlist.entries[-1].uri}"))
            self.assertEqual(server.request(f"/{name}-ll.m3u8").status, 200)
            description = json.loads(server.get(f"/{name}.json"))
            self.assertEqual((description["stream"], description["bitrate"]), (name, bits))
            self.assertTrue((server.sound / name / f"{name}.m3u8").exists())
        self.assertEqual(server.request("/tower.m3u8").status, 404)
        self.assertEqual(server.set_now_playing(server.operator_token, title="Bolero").status, 204)
        self.assertEqual(json.loads(server.get("/live/metadata"))["title"], "Bolero")
        self.assertEqual(json.loads(server.get("/hall/metadata"))["title"], None)

        ended = self.playlist(server, "hall", lambda playlist: playlist.ended)
        before = self.playlist(server, "live").last
        after = self.playlist(server, "live", lambda playlist: playlist.last >= before + 3)
        self.assertFalse(after.ended)
        self.assertEqual(self.playlist(server, "hall").last, ended.last)
        self.assertRegex(server.log, r"hall: stream: the input has ended")

        status = json.loads(server.operator_get("/status"))
        self.assertEqual([stream["name"] for stream in status["streams"]], ["live", "hall"])
        first, second = status["streams"]
        self.assertEqual((status["stream"]["stream"], status["ring"]["first"] > 0), ("live", True))
        self.assertEqual((first["stream"]["source"], second["stream"]["source"]), ("tone", "file"))
        self.assertEqual((first["stream"]["ended"], second["stream"]["ended"]), (False, True))
        self.assertEqual((first["playing"]["title"], second["playing"]["title"]), ("Bolero", None))
        self.assertEqual(second["ring"]["last"], ended.last)
        for key in ("stream", "playing", "source", "production", "ring", "disk"):
            self.assertEqual(status[key].keys(), first[key].keys())

        metrics = Metrics(server)
        self.assertEqual(metrics['ringcast_stream_ended{stream="live"}'], 0)
        self.assertEqual(metrics['ringcast_stream_ended{stream="hall"}'], 1)
        self.assertEqual(metrics['ringcast_ring_last_sequence{stream="hall"}'], ended.last)
        self.assertEqual(metrics['ringcast_source_info{kind="file",stream="hall"}'], 1)
        self.assertGreaterEqual(metrics['ringcast_sessions_total{stream="live"}'], 1)
        checked = processes.run(["promtool", "check", "metrics"], input=metrics.text.encode())
        self.assertEqual((checked.returncode, checked.stdout, checked.stderr), (0, b"", b""))

        status, seconds = server.stop()
        self.assertEqual(status, 0, server.log)
        self.assertLess(seconds, 2)

    def test_who_listens_to_one_is_no_listener_of_the_other(self):
        server = self.enterContext(Server("--config", self.configuration(60)))
        radio = server.connect(TIMEOUT)
        self.addCleanup(radio.close)
        self.playlist(server, "hall")
        radio.request("GET", "/hall.mp3")
        # The response holds the connection: without it the listener is gone.
        response = radio.getresponse()
        self.addCleanup(response.close)
        self.assertGreater(len(response.read(20_000)), 0)

        def listeners():
            return [stream["listeners"]["endless"] for stream in json.loads(server.operator_get("/status"))["streams"]]
        wait_until(lambda: listeners() == [0, 1], TIMEOUT, lambda: f"one listener of the hall, not {listeners()}")

    def test_it_exits_at_the_end_when_the_last_input_has_ended(self):
        text = "exit-at-end\nsegment-length = 0.5\npart-length = 0.1\n[stream a]\nsource = file:{file}\n[stream b]\nsource = file:{file}\n"
        with tempfile.TemporaryDirectory(prefix="sound.") as folder:
            result = processes.run([
                program(), "--config", self.configuration(1, text), "--port", "0", "--sound-dir", folder,
                "--web-dir", ROOT / "web"])
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertEqual(result.stderr.count(b"the input has ended"), 2)
            self.assertEqual(sorted(path.name for path in Path(folder).iterdir() if path.is_dir()), ["a", "b"])

    def test_an_error_in_one_names_it_and_nothing_stays_behind(self):
        text = "[stream a]\nsource = tone\n[stream b]\nsource = file:/etc/passwd\n"
        with tempfile.TemporaryDirectory(prefix="sound.") as folder:
            result = processes.run([
                program(), "--config", self.configuration(1, text), "--port", "0", "--sound-dir", folder,
                "--web-dir", ROOT / "web"])
            self.assertEqual(result.returncode, 1)
            self.assertRegex(result.stderr.decode(), r"stream b: .*/etc/passwd")

    def test_a_section_that_is_wrong_is_refused_with_its_line(self):
        path = self.configuration(1, "[stream hall]\nsource = tone\nport = 80\n")
        self.assertIn(f"{path}:3: port: it is a setting of the whole station", refusal("--config", path))
        path = self.configuration(1, "\n[stream status]\n")
        self.assertIn(f"{path}:2: stream status: its name must be none of the program's own", refusal("--config", path))


if __name__ == "__main__":
    unittest.main()
