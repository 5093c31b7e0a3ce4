"""Folders and playlists as the source and as the fallback: one file after the other, without a gap."""

import json
import subprocess
import tempfile
import unittest
from pathlib import Path

import numpy as np

from support import processes
from support.clients.segment_collector import SegmentCollector
from support.formats import mp3
from support.formats.wav import wav
from support.server import Server
from support.sound import signals
from support.waiting import TIMEOUT, wait_until

RATE = 44100


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="list.")))

    def write(self, name, sound, *tags):
        """Writes a file in the format of its ending, without a loss."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        original = self.folder / "original"
        original.write_bytes(wav(sound, RATE))
        result = processes.run(["ffmpeg", "-loglevel", "error", "-y", "-i", original, *tags, path])
        self.assertEqual(result.returncode, 0, result.stderr.decode())
        original.unlink()
        return path

    def write_tone(self, name, amplitude, seconds=1):
        time = np.arange(round(RATE * seconds))[:, None] / RATE
        return self.write(name, amplitude * np.sin(2 * np.pi * 1000 * time))

    def playing(self, server):
        return json.loads(server.get("/live/metadata"))

    def level(self, server, decibels):
        """Waits until the sound has this level, within 2 dB."""
        def holds():
            levels = server.information()["levels"]
            return levels and all(abs(level["rms"] - decibels) < 2 for level in levels)
        wait_until(holds, TIMEOUT, lambda: f"a level of {decibels}, but {server.information()}\n{server.log}")


class Lists(Case):
    def test_a_sound_that_is_cut_over_four_files_of_a_folder_has_no_gap(self):
        sound = signals.reference(6, RATE, 2)
        cuts = [0, 50_000, 50_777, 140_000, len(sound)]
        names = ["1 first.flac", "2/deep.aiff", "3.wav", "4.flac"]
        for name, start, end in zip(names, cuts, cuts[1:]):
            self.write(name, sound[start:end])
        (self.folder / "2.mp3").write_text("This is no sound, whatever its name says.\n")
        (self.folder / "cover.jpg").write_bytes(b"no sound either")
        with Server("--source", f"file:{self.folder}", "--segment-length", 1) as server:
            collector = SegmentCollector(server).to_end()
            log, information = server.log, server.information()
        self.assertEqual((information["sampleRate"], information["channels"]), (RATE, 2))
        decoded = mp3.decode(b"".join(segment.payload for segment in collector.parsed()), 2)
        padding = len(decoded) - len(sound) - mp3.DELAY
        self.assertTrue(0 <= padding < mp3.SAMPLES, f"{padding}\n{log}")
        for channel in range(2):
            found = signals.lags(sound[:, channel], decoded[:, channel], mp3.DELAY, RATE // 10, 1000)
            self.assertGreater(len(found), 50)
            self.assertEqual(set(found), {mp3.DELAY})
        self.assertIn("2.mp3 is skipped: it is not a sound file", log)
        self.assertNotIn("cover.jpg", log)

    def test_the_titles_of_a_playlist_come_from_the_playlist_the_tags_and_the_names(self):
        tone = signals.reference(2, RATE, 1)
        self.write("named.flac", tone)
        self.write("tagged.ogg", tone, "-metadata", "title=Tagged", "-metadata", "artist=Band")
        self.write("plain.wav", tone)
        path = self.folder / "list.m3u"
        path.write_text("#EXTM3U\n#EXTINF:2,Named\nnamed.flac\ntagged.ogg\nplain.wav\nhttp://host/far.mp3\nmissing.mp3\n")
        seen = []
        with Server("--source", f"file:{path}", "--loop", "--segment-length", 1) as server:
            def complete():
                playing = self.playing(server)
                if not seen or seen[-1] != playing:
                    seen.append(playing)
                return len(seen) >= 4
            wait_until(complete, TIMEOUT, lambda: f"four titles, but {seen}\n{server.log}")
            log = server.log
        titles = [(playing["artist"], playing["title"]) for playing in seen if playing["title"]]
        round_ = [(None, "Named"), ("Band", "Tagged"), (None, "plain")]
        start = round_.index(titles[0])
        self.assertEqual(titles[:3], (round_ * 2)[start : start + 3])
        self.assertEqual(log.count("missing.mp3 is skipped: No such file or directory"), 1)
        self.assertIn("it names 1 URL: a playlist may name files alone", log)

    def test_a_folder_without_sound_is_an_outage_until_there_is_a_file(self):
        music = self.folder / "music"
        music.mkdir()
        with Server("--source", f"file:{music}", "--loop", "--shuffle", "--segment-length", 0.5) as server:
            server.wait_log(f"error: source: file:{music}: it holds no sound file; silence is sent until it is back")
            self.write_tone("music/a.mp3", 0.25)
            server.wait_log("source: back after .* frames: folder")
            self.level(server, -15)


class Fallbacks(Case):
    def test_a_playlist_replaces_a_pipe_that_stalls_and_the_pipe_comes_back(self):
        self.write_tone("music/a.flac", 0.05)
        self.write_tone("music/b.opus", 0.05)
        missing = self.folder / "missing.wav"
        flags = ["--fallback", f"file:{missing}", "--fallback", f"file:{self.folder / 'music'}"]
        with Server("--source", "stdin", "--segment-length", 0.5, *flags, stdin=subprocess.PIPE) as server:
            block = signals.int16(np.repeat(
                0.25 * np.sin(2 * np.pi * 1000 * np.arange(48000) / 48000)[:, None], 2, axis=1))
            server.process.stdin.write(2 * block)
            server.process.stdin.flush()
            server.wait_log(
                f"source: the fallback file:{self.folder / 'music'} is heard, because file:{missing} has no sound")
            self.level(server, -29)
            wait_until(
                lambda: self.playing(server)["title"] in ("a", "b"), TIMEOUT, lambda: server.log)
            # More than the second after which the pipe is heard again.
            server.process.stdin.write(6 * block)
            server.process.stdin.flush()
            server.wait_log("source: heard again, and the fallback is not")
            self.level(server, -15)
            self.assertIsNone(self.playing(server)["title"])
            self.assertNotIn("dates leap", server.log)


if __name__ == "__main__":
    unittest.main()
