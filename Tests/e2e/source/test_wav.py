"""WAV files as the source: each sample format, rates with and without resampling, and damaged files."""

import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from support import processes
from support.clients.segment_collector import SegmentCollector
from support.formats import mp3
from support.formats.wav import wav
from support.server import ROOT, Server, program
from support.sound import signals

# Kind, sample rate, channels, extensible header, the rate served.
CASES = [
    ("int16", 48000, 2, False, 48000), ("int24", 44100, 1, True, 44100), ("int32", 32000, 2, False, 32000),
    ("float32", 48000, 1, True, 48000), ("int24", 96000, 2, False, 48000), ("int16", 22050, 1, False, 44100),
    ("float32", 88200, 2, False, 44100), ("int16", 8000, 1, False, 48000),
]
SECONDS = 4


def resampled(sound, source, target):
    """Resamples by the spectrum, which is exact for the frequencies of both rates."""
    if source == target:
        return sound
    count = len(sound) * target // source
    spectrum = np.fft.rfft(sound, axis=0)
    wanted = np.zeros((count // 2 + 1, sound.shape[1]), complex)
    shared = min(len(spectrum), len(wanted))
    wanted[:shared] = spectrum[:shared]
    return np.fft.irfft(wanted, count, axis=0) * target / source


class Files(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="wav.")))
        with ThreadPoolExecutor(len(CASES)) as pool:
            cls.runs = dict(zip(CASES, pool.map(cls.run_file, CASES)))

    @classmethod
    def run_file(cls, case):
        kind, rate, channels, extensible, _ = case
        sound = signals.reference(SECONDS, rate, channels)
        path = cls.folder / f"{kind}-{rate}.wav"
        path.write_bytes(wav(sound, rate, kind, extensible))
        with Server("--source", f"file:{path}", "--segment-length", 1) as server:
            collector = SegmentCollector(server).to_end()
        return sound, collector.parsed()

    def test_every_sample_format_comes_out_whole_and_in_time(self):
        for case, (sound, segments) in self.runs.items():
            kind, rate, channels, _, served = case
            with self.subTest(f"{kind}, {rate} Hz, {channels} channels"):
                self.assertEqual(
                    {(frame.rate, frame.channels) for segment in segments for frame in segment.frames},
                    {(served, channels)})
                decoded = mp3.decode(b"".join(segment.payload for segment in segments), channels)
                reference = resampled(sound, rate, served)
                for channel in range(channels):
                    lag = signals.lag(reference[:, channel], decoded[:, channel])
                    # The resampler adds a delay. Without it there is only the codec's delay.
                    self.assertAlmostEqual(lag, mp3.DELAY, delta=0 if rate == served else 200)
                    found = signals.lags(reference[:, channel], decoded[:, channel], lag, served // 10, 1000)
                    self.assertGreater(len(found), (SECONDS - 0.5) * 10)
                    self.assertLessEqual(max(found) - min(found), 0 if rate == served else 1)

    def test_loop_goes_on_without_a_seam(self):
        sound = signals.reference(1.5, 44100, 1)
        path = self.folder / "loop.wav"
        path.write_bytes(wav(sound, 44100))
        with Server("--source", f"file:{path}", "--loop", "--segment-length", 1) as server:
            collector = SegmentCollector(server).follow(lambda collector: len(collector.segments) >= 5)
        decoded = mp3.decode(b"".join(segment.payload for segment in collector.parsed()), 1)
        found = signals.lags(np.tile(sound[:, 0], 5), decoded[:, 0], mp3.DELAY, 4410, 1000)
        self.assertGreater(len(found), 45)
        self.assertEqual(set(found), {mp3.DELAY})

    def test_a_recording_that_was_cut_off_is_played_as_far_as_it_goes(self):
        sound = signals.reference(1.2, 48000, 2)
        path = self.folder / "cut.wav"
        path.write_bytes(wav(sound, 48000, data_length=0xFFFFFFFF)[:-3])
        with Server("--source", f"file:{path}", "--segment-length", 1) as server:
            collector = SegmentCollector(server).to_end()
        padding = sum(segment.samples for segment in collector.parsed()) - len(sound) - mp3.DELAY
        self.assertTrue(-1 <= padding < mp3.SAMPLES, padding)


class Damaged(unittest.TestCase):
    def test_a_file_that_is_no_use_is_refused_with_its_name_and_the_reason(self):
        good = wav(signals.reference(0.1, 48000, 2), 48000)
        fmt = good.index(b"fmt ") + 8
        damaged = {
            "empty": (b"", "it is not a sound file: it is empty"),
            "text": (b"This is no sound at all.\n" * 10, "it is not a sound file"),
            "header only": (good[:20], "chunk"),
            "no data chunk": (good[: good.index(b"data")], "data"),
            "no samples": (good[: good.index(b"data") + 8], "sample"),
            "GSM": (good[:fmt] + b"\x31\0" + good[fmt + 2 :], "format tag 49"),
            "five channels": (good[: fmt + 2] + b"\x05\0" + good[fmt + 4 :], "block alignment is 4: 10"),
            "no rate": (good[: fmt + 4] + bytes(4) + good[fmt + 8 :], "0 Hz"),
        }
        with tempfile.TemporaryDirectory(prefix="wav.") as folder:
            for name, (data, reason) in damaged.items():
                with self.subTest(name):
                    path = Path(folder, f"{name}.wav")
                    path.write_bytes(data)
                    self.refuse(folder, path, reason)
            self.refuse(folder, Path("/dev/null"), "neither a file nor a folder nor a pipe")

    def refuse(self, folder, path, reason):
        command = [program(), "--source", f"file:{path}", "--sound-dir", folder, "--web-dir", ROOT / "web", "--port", 0]
        result = processes.run(command)
        message = result.stderr.decode()
        self.assertIn(result.returncode, (1, 2), message)
        self.assertIn(str(path), message)
        self.assertIn(reason, message)


if __name__ == "__main__":
    unittest.main()
