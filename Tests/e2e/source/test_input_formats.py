"""Sound as programs write it: WAV files of every kind, headers without a length, and standard input with and without a
header."""

import struct
import subprocess
import tempfile
import threading
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from support import processes
from support.clients.segment_collector import SegmentCollector
from support.formats import mp3
from support.formats.wav import wav
from support.server import ROOT, Server, program

RATE = 44100
SECONDS = 3


def tone(rate=RATE, channels=1, hertz=(1000,), seconds=SECONDS):
    """A sine of half of full scale in each channel; the channels have the pitches of `hertz` in turn."""
    time = np.arange(round(rate * seconds))[:, None] / rate
    return 0.5 * np.sin(2 * np.pi * np.array([hertz[channel % len(hertz)] for channel in range(channels)]) * time)


def pitch(sound, rate):
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    return np.argmax(spectrum) * rate / len(sound)


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="input.")))

    def play(self, *flags, data=b"", is_late=False):
        """The server's log, its description and the sound that came out, of an input that ends. `data` comes through a
        pipe: at once, or only when the server has started."""
        path = self.folder / "piped"
        path.write_bytes(data)
        producer = None if is_late else processes.start(["cat", str(path)], stdout=subprocess.PIPE)
        stdin = subprocess.PIPE if is_late else producer.stdout
        with Server("--segment-length", 0.5, *flags, stdin=stdin) as server:
            if is_late:
                def feed():
                    server.process.stdin.write(data)
                    server.process.stdin.close()
                threading.Thread(target=feed, daemon=True).start()
            else:
                producer.stdout.close()
                self.addCleanup(processes.end, producer)
            collector = SegmentCollector(server).to_end()
            information = server.information()
            log = server.log
        payload = b"".join(segment.payload for segment in collector.parsed())
        return log, information, mp3.decode(payload, information["channels"])

    def check(self, played, hertz=1000, rate=RATE, seconds=SECONDS, channel=0, delta=0.02):
        """The sound has this pitch, is as long as what went in, and is no noise."""
        log, information, decoded = played
        self.assertEqual(information["sampleRate"], rate, log)
        self.assertAlmostEqual(len(decoded) / rate, seconds, delta=0.15, msg=log)
        middle = decoded[rate // 4 : 3 * rate // 4, channel]
        self.assertAlmostEqual(pitch(middle, rate), hertz, delta=2, msg=log)
        # A sine of half of full scale, and little else.
        self.assertAlmostEqual(float(np.sqrt(np.mean(middle ** 2))), 0.3535, delta=delta, msg=log)

    def convert(self, name, *flags, source=None):
        """Writes a file with ffmpeg."""
        original, path = self.folder / "original.wav", self.folder / name
        original.write_bytes(wav(tone() if source is None else source, RATE, "float32"))
        result = processes.run(["ffmpeg", "-loglevel", "error", "-y", "-i", original, *flags, path])
        self.assertEqual(result.returncode, 0, result.stderr.decode())
        return path


class Variants(Case):
    def test_every_width_and_companding_of_wav_is_played(self):
        kinds = {
            "u8": ["-c:a", "pcm_u8"], "mulaw": ["-c:a", "pcm_mulaw"], "alaw": ["-c:a", "pcm_alaw"],
            "ms": ["-c:a", "adpcm_ms"], "ima": ["-c:a", "adpcm_ima_wav"], "f64": ["-c:a", "pcm_f64le"], "rf64": ["-rf64", "always"], "s24": ["-c:a", "pcm_s24le"],
            "tagged": ["-metadata", "title=" + 3000 * "long "],
        }
        paths = {kind: self.convert(f"{kind}.wav", *flags) for kind, flags in kinds.items()}
        with ThreadPoolExecutor(len(kinds)) as pool:
            runs = dict(zip(paths, pool.map(lambda path: self.play("--source", f"file:{path}"), paths.values())))
        for kind, played in runs.items():
            with self.subTest(kind):
                self.check(played)
                self.assertNotIn("warning", played[0])

    def test_every_other_format_of_libsndfile_is_played(self):
        kinds = {
            "a.flac": [], "b.flac": ["-sample_fmt", "s32"], "a.mp3": ["-b:a", "192k"], "a.ogg": ["-c:a", "libvorbis"],
            "a.opus": ["-b:a", "128k"], "a.aiff": [], "a.au": [], "a.caf": [], "a.w64": [],
            "mp3.wav": ["-c:a", "libmp3lame", "-b:a", "192k"], "gsm.wav": ["-c:a", "libgsm_ms", "-ar", 8000],
        }
        rates = {"a.opus": 48000, "gsm.wav": 48000}
        paths = {name: self.convert(name, *flags) for name, flags in kinds.items()}
        with ThreadPoolExecutor(len(kinds)) as pool:
            runs = dict(zip(paths, pool.map(lambda path: self.play("--source", f"file:{path}"), paths.values())))
        for name, played in runs.items():
            with self.subTest(name):
                # GSM is made for voices, and may clip the padding behind the sound. LAME makes a sine a little quieter.
                delta = 0.05 if name in ("a.mp3", "mp3.wav", "gsm.wav") else 0.02
                self.check(played, rate=rates.get(name, RATE), delta=delta)
                self.assertNotRegex(played[0], "warning: source: (?!clipping)" if name == "gsm.wav" else "warning")

    def test_headers_without_a_true_length_are_played_to_the_end_with_a_word(self):
        sound = tone()
        files = {
            "zero": wav(sound, RATE, data_length=0), "sox": wav(sound, RATE, data_length=0x7FFFF000),
            "ffmpeg": wav(sound, RATE, data_length=0xFFFFFFFF), "cut": wav(sound, RATE, data_length=10_000_000),
        }
        for name, data in files.items():
            (self.folder / name).write_bytes(data)
        with ThreadPoolExecutor(len(files)) as pool:
            runs = pool.map(lambda name: self.play("--source", f"file:{self.folder / name}"), files)
        for name, played in zip(files, runs):
            with self.subTest(name):
                self.check(played)
                self.assertRegex(played[0], "warning: source: (its header names no|it is cut off)")

    def test_a_megabyte_and_a_half_of_cover_art_before_the_sound_is_passed_over(self):
        data = wav(tone(), RATE)
        cover = b"id3 " + struct.pack("<I", 1_500_000) + bytes(1_500_000)
        path = self.folder / "cover.wav"
        path.write_bytes(data[:12] + cover + data[12:])
        self.check(self.play("--source", f"file:{path}"))

    def test_sound_behind_the_length_of_the_header_is_told(self):
        path = self.folder / "long.wav"
        path.write_bytes(wav(tone(), RATE, data_length=RATE * 2))
        played = self.play("--source", f"file:{path}")
        self.check(played, seconds=1)
        self.assertIn("more: they are not played", played[0])

    def test_six_channels_are_mixed_down_and_any_two_can_be_chosen(self):
        pitches = (500, 700, 900, 1100, 1300, 1500)
        path = self.folder / "six.wav"
        path.write_bytes(wav(tone(channels=6, hertz=pitches), RATE))
        mixed = self.play("--source", f"file:{path}")
        self.assertIn("its 6 channels are mixed down to 2: --input-channels", mixed[0])
        self.assertAlmostEqual(pitch(mixed[2][RATE : 2 * RATE, 0], RATE), 500, delta=2)
        self.assertAlmostEqual(pitch(mixed[2][RATE : 2 * RATE, 1], RATE), 700, delta=2)
        chosen = self.play("--source", f"file:{path}", "--input-channels", "5,6")
        self.check(chosen, hertz=1300)
        self.check(chosen, hertz=1500, channel=1)
        one = self.play("--source", f"file:{path}", "--input-channels", "4")
        self.assertEqual(one[1]["channels"], 1)
        self.check(one, hertz=1100)


class StandardInput(Case):
    def test_a_wav_file_is_played_at_its_own_rate(self):
        data = self.convert("a.wav").read_bytes()
        self.check(self.play("--source", "stdin", data=data))

    def test_a_header_that_comes_late_is_read_too(self):
        played = self.play("--source", "stdin", data=wav(tone(), RATE), is_late=True)
        self.assertEqual(played[1]["channels"], 2)
        self.check(played, rate=48000)

    def test_what_ffmpeg_writes_to_a_pipe_is_played(self):
        path = self.convert("a.flac")
        result = processes.run(["ffmpeg", "-loglevel", "error", "-i", path, "-f", "wav", "-"])
        played = self.play("--source", "stdin", data=result.stdout)
        self.check(played)
        self.assertIn("standard input, WAV, int16, 44100 Hz, 1 channel", played[0])

    def test_the_default_of_arecord_is_played_at_the_right_pitch(self):
        path = self.convert("a.wav", "-c:a", "pcm_u8", "-ar", "8000")
        data = bytearray(path.read_bytes())
        # arecord does not know the length.
        place = data.index(b"data") + 4
        data[place : place + 4] = struct.pack("<I", 0x80000000)
        self.check(self.play("--source", "stdin", data=bytes(data)), rate=48000)

    def test_raw_sound_has_a_rate_a_format_and_channels_of_its_own(self):
        sound = tone(rate=96000, channels=8, hertz=range(400, 2000, 200))
        played = self.play(
            "--source", "stdin", "--raw-format", "f32le", "--raw-rate", 96000, "--raw-channels", 8, "--input-channels",
            "5,6", data=sound.astype("<f4").tobytes())
        self.check(played, hertz=1200, rate=48000)
        self.check(played, hertz=1400, rate=48000, channel=1)

    def test_float_without_a_word_is_warned_of(self):
        played = self.play("--source", "stdin", data=tone(rate=48000, channels=2).astype("<f4").tobytes())
        self.assertIn("it looks like 32-bit float, and is played as s16le: --raw-format f32le", played[0])

    def test_other_formats_are_refused_with_the_command_that_converts_them(self):
        for name in ("a.flac", "a.mp3", "a.aiff", "a.ogg", "a.au"):
            with self.subTest(name):
                self.refuse("stdin", self.convert(name).read_bytes(), "stdin: it begins like ")
        path = self.convert("a.m4a")
        self.refuse(f"file:{path}", b"", f"file:{path}: it begins like MP4, and it is not a sound file")

    def refuse(self, source, data, reason):
        command = [
            program(), "--source", source, "--sound-dir", self.folder / "sound", "--web-dir", ROOT / "web", "--port", 0]
        process = processes.start(
            [str(part) for part in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        _, message = process.communicate(data, timeout=30)
        self.assertEqual(process.returncode, 1, message)
        self.assertIn(reason, message.decode())
        self.assertRegex(message.decode(), r"ffmpeg -i \S+ -f wav - \| ringcast --source stdin")


if __name__ == "__main__":
    unittest.main()
