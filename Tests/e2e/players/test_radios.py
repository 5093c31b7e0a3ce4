"""Independent players listen to `/live.mp3` like to any internet radio: they decode sound without a flaw, and show the
title."""

import json
import os
import re
import tempfile
import unittest
import urllib.request
from pathlib import Path

import numpy as np

from Tests.e2e.players import test_readers
from support import processes
from support.server import Server

TOKEN = "swordfish-and-chips"
# A player must not end the title at the apostrophe.
ARTIST, TITLE = "Müller & Söhne", "L'été; it's"
LINE = f"{ARTIST} - {TITLE}"
SECONDS = 10


class Case(test_readers.Case):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="radio.")))
        server = self.enterContext(Server("--source", "tone", "--segment-length", 0.5, "--admin-token", TOKEN))
        self.url = f"{server.url}live.mp3"
        self.assertEqual(server.set_now_playing(TOKEN, title=TITLE, artist=ARTIST).status, 204)
        # The burst must not contain sound from before the title.
        server.wait_playlist(lambda playlist: len(playlist.entries) >= 6)

    def heard(self, name, seconds=SECONDS):
        """Checks that the raw file (mono, 16 bits) has `seconds` of sound without a flaw."""
        data = (self.folder / name).read_bytes()
        self.flawless(np.frombuffer(data[: len(data) // 2 * 2], "<i2").astype(np.float32) / 32768, seconds)


class FFmpeg(Case):
    def test_it_listens_without_a_warning(self):
        result = test_readers.ffmpeg(self.url, SECONDS)
        self.assertEqual(result.stderr.decode(), "")
        self.flawless(np.frombuffer(result.stdout, "<f4"), SECONDS)
        result = processes.run(
            ["ffprobe", "-loglevel", "warning", "-show_entries", "format_tags", "-of", "json", self.url])
        tags = json.loads(result.stdout)["format"]["tags"]
        self.assertEqual(tags, {"icy-name": "live", "icy-br": "128", "icy-pub": "0", "StreamTitle": LINE})


class MPV(Case):
    def test_it_listens_and_shows_the_title(self):
        log = self.folder / "log"
        result = processes.run(
            ["mpv", "--no-config", "--no-video", "--no-terminal", "--ao=pcm", f"--ao-pcm-file={self.folder}/sound",
             "--ao-pcm-waveheader=no", "--audio-format=s16", "--audio-channels=mono", f"--length={SECONDS}",
             f"--log-file={log}", self.url])
        self.assertEqual(result.returncode, 0, log.read_text())
        self.assertEqual(re.findall(r"\[[ewf]\].*", log.read_text()), [])
        self.assertIn(f"icy-title: {LINE}\n", log.read_text())
        self.heard("sound")


class VLC(Case):
    def test_it_listens_and_knows_the_title(self):
        options = {}
        if os.geteuid() == 0:
            # VLC refuses to run as root.
            self.folder.chmod(0o777)
            options = {"user": "nobody", "group": "nogroup", "extra_groups": []}
        result = processes.run(
            ["cvlc", "-vv", "--intf=dummy", "--no-dbus", "--aout=none",
             f"--sout=#transcode{{acodec=s16l,channels=1,samplerate={test_readers.RATE}}}"
             f":std{{access=file,mux=raw,dst={self.folder}/sound}}",
             f"--run-time={SECONDS}", self.url, "vlc://quit"],
            env=os.environ | {"HOME": str(self.folder)}, **options)
        self.assertEqual(result.returncode, 0, result.stderr.decode())
        self.assertIn(f"New Icy-Title={LINE}", result.stderr.decode())
        self.heard("sound")


class Links(unittest.TestCase):
    def test_an_old_radio_finds_the_endless_stream_by_a_file(self):
        token = "listen-to-the-hall"
        with Server("--source", "tone", "--segment-length", 0.5, "--listen-token", token) as server:
            server.wait_log("listening on")
            host = {"Host": "radio.example:8000"}
            for path, kind in [("/live.m3u", "audio/x-mpegurl"), ("/live.pls", "audio/x-scpls")]:
                with self.subTest(path):
                    self.assertEqual(server.request(path).status, 401)
                    answer = server.request(f"{path}?token={token}", headers=host)
                    self.assertEqual((answer.status, answer.headers["Content-Type"]), (200, kind))
                    self.assertIn(f"http://radio.example:8000/live.mp3?token={token}\r\n", answer.body.decode())
            # mpv opens the files by their endings, plays the stream, and writes its sound.
            for path in ("live.m3u", "live.pls"):
                with self.subTest(path), tempfile.TemporaryDirectory() as folder:
                    sound = Path(folder, "sound")
                    processes.run(
                        ["mpv", "--no-config", "--no-video", "--no-terminal", "--ao=pcm", f"--ao-pcm-file={sound}",
                         "--ao-pcm-waveheader=no", "--length=2", f"{server.url}{path}?token={token}"])
                    self.assertGreater(sound.stat().st_size, 44100 * 2)


class Encodings(Case):
    def test_an_old_radio_gets_titles_in_latin_1(self):
        server = self.enterContext(
            Server("--source", "tone", "--segment-length", 0.5, "--admin-token", TOKEN, "--icy-encoding", "latin1"))
        self.assertEqual(server.set_now_playing(TOKEN, title="L’été", artist=ARTIST).status, 204)
        server.wait_playlist(lambda playlist: len(playlist.entries) >= 6)
        request = urllib.request.Request(f"{server.url}live.mp3", headers={"Icy-MetaData": "1"})
        with urllib.request.urlopen(request, timeout=30) as radio:
            radio.read(int(radio.headers["icy-metaint"]))
            block = radio.read(16 * radio.read(1)[0])
        self.assertEqual(block.rstrip(b"\0").decode("latin-1"), f"StreamTitle='{ARTIST} - L'été';")


if __name__ == "__main__":
    unittest.main()
