"""A chain of fallbacks with other streams, other stations and a capture device: the best one that has sound is heard."""

import json
import os
import signal
import tempfile
import unittest
from pathlib import Path

import numpy as np

from support.sources.endless_station import Station, encoded, live
from support.clients.webhook_receiver import free_port
from support.formats import mp3
from support.formats.wav import wav
from support.server import Server, refusal
from support.sound.soundcard import SoundCard
from support.waiting import TIMEOUT, wait_until

RATE = 48000
LEVELS = "segment-length = 0.5\nring-size = 60\n"


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="chain.")))
        self.settings = self.folder / "settings"

    def write_sine(self, name, amplitude):
        path = self.folder / name
        path.write_bytes(wav(amplitude * np.sin(2 * np.pi * 1000 * np.arange(4 * RATE) / RATE)[:, None], RATE))
        return path

    def server(self, text, **options):
        self.settings.write_text(LEVELS + text)
        return self.enterContext(Server("--config", self.settings, **options))

    def reload(self, server, text):
        self.settings.write_text(LEVELS + text)
        before = server.log.count("reload: done")
        os.kill(server.process.pid, signal.SIGHUP)
        wait_until(lambda: server.log.count("reload: done") > before, TIMEOUT, lambda: server.log)

    def sounds(self, server, decibels, stream="live"):
        def holds():
            levels = json.loads(server.get(f"/{stream}.json"))["levels"]
            return levels and all(abs(level["rms"] - decibels) < 1.5 for level in levels)
        wait_until(
            holds, TIMEOUT, lambda: f"{stream} at {decibels}, but {server.get(f'/{stream}.json')}\n{server.log}")


class Streams(Case):
    # Sines of 0.5 and of 0.05: -9 and -29 dB.
    def text(self, *fallbacks, hall=True, source):
        hall_text = f"[stream hall]\nsource = file:{self.hall}\nloop\n" if hall else ""
        lines = "".join(f"fallback = {fallback}\n" for fallback in fallbacks)
        return f"[stream live]\nsource = {source}\n{lines}{hall_text}"

    def setUp(self):
        super().setUp()
        self.hall = self.write_sine("hall.wav", 0.5)

    def test_another_stream_is_heard_and_may_be_removed_and_the_better_source_takes_over(self):
        port = free_port()
        jingle = self.write_sine("jingle.wav", 0.05)
        chain = {"source": f"http://127.0.0.1:{port}/live"}
        fallbacks = ["stream:hall", f"file:{jingle}", "tone"]
        server = self.server(self.text(*fallbacks, **chain))
        server.wait_log("live: source: the fallback stream:hall is heard")
        self.sounds(server, -9)
        self.reload(server, self.text(*fallbacks, hall=False, **chain))
        server.wait_log(f"source: the fallback file:{jingle} is heard, because stream:hall has no sound")
        server.wait_log("fallback stream:hall: there is no stream hall; it is not heard until it has sound")
        self.sounds(server, -29)
        before = server.log.count("the fallback stream:hall is heard")
        self.reload(server, self.text(*fallbacks, **chain))
        wait_until(
            lambda: server.log.count("the fallback stream:hall is heard") > before, TIMEOUT, lambda: server.log)
        self.sounds(server, -9)
        with Station({"/live": live(encoded())}, port=port):
            server.wait_log("live: source: heard again, and the fallback is not")
            self.sounds(server, -12)
        self.assertNotIn("dates leap", server.log)

    def test_the_sound_of_another_stream_has_no_gap_and_its_title(self):
        server = self.server(self.text(hall=True, source="stream:hall"))
        self.sounds(server, -9)
        server.request(
            "/hall/metadata", "PUT", server.operator_headers | {"Content-Type": "application/json"},
            json.dumps({"title": "Song", "artist": "Anna"}))
        wait_until(
            lambda: json.loads(server.get("/live/metadata"))["title"] == "Song", TIMEOUT, lambda: server.log)
        first = server.wait_playlist().last
        last = server.wait_playlist(lambda playlist: playlist.last >= first + 10).last
        entries = [entry for entry in server.playlist().entries if first < entry.sequence <= last]
        segments = [mp3.segment(server.get(f"/{entry.uri}")) for entry in entries]
        sound = mp3.decode(b"".join(segment.payload for segment in segments), 2)[2000:-2000, 0]
        blocks = sound[:len(sound) // 480 * 480].reshape(-1, 480)
        levels = np.sqrt(np.mean(blocks.astype(float) ** 2, axis=1))
        self.assertGreater(levels.min(), 0.9 * np.median(levels), server.log)
        self.assertEqual(server.information()["source"], "stream")
        self.assertNotIn("error", server.log)

    def test_a_circle_of_streams_is_refused_at_the_start_and_on_reload(self):
        message = refusal(
            "--stream", "a", "--source", "stream:b", "--stream", "b", "--source", "auto", "--fallback", "stream:a")
        self.assertIn(
            "stream a: --source stream:b: the streams play one another in a circle: a → b → a", message)
        server = self.server(self.text("stream:hall", source="auto"))
        self.sounds(server, -9)
        self.reload(
            server, self.text("stream:hall", source="auto") + "[stream tower]\nsource = auto\nfallback = stream:tower\n")
        server.wait_log(
            "error: reload: .*stream tower: .*the streams play one another in a circle: tower → tower; the streams stay")
        self.sounds(server, -9)


class Device(Case):
    def test_a_capture_device_is_a_fallback(self):
        card = self.enterContext(SoundCard())
        server = self.server(
            f"[stream live]\nsource = file:{self.folder}/gone.wav\nfallback = alsa\n", environment=card.environment)
        server.wait_log("source: the fallback alsa:default is heard")
        sound = np.sin(2 * np.pi * 1000 * np.arange(20 * RATE) / RATE)[:, None] * np.ones(2) * 0.25
        card.play("mic", (sound * 32767).astype(np.int16), channels=2)
        self.sounds(server, -15)
