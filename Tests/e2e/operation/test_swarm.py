"""Eight streams of one station with different sources: faults of three do not touch the sound of the other five."""

import json
import subprocess
import tempfile
import threading
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from support import processes
from support.clients.segment_collector import SegmentCollector
from support.sources.source_client import PASSWORD, FFmpeg
from support.formats import mp3
from support.formats.wav import wav
from support.machine.disk import Disk
from support.server import Server
from support.sound import ear, signals
from support.sound.soundcard import SoundCard
from support.waiting import TIMEOUT, wait_until

RATE = 48000
SECONDS = 40
# The sound that is judged, in seconds. The faults come within this time.
HEARD = 20
# The streams whose sound is known to the sample.
EXACT = ["wave", "folder", "lossless", "pipe"]
BYSTANDERS = [*EXACT, "tone"]
FAULTY = ["card", "client", "disk"]


class Swarm(unittest.TestCase):
    is_long = True

    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="swarm.")))
        self.sounds = {name: signals.reference(SECONDS, RATE, 2, seed) for seed, name in enumerate(EXACT)}
        passwords = self.folder / "passwords"
        passwords.write_text(PASSWORD)
        passwords.chmod(0o600)
        self.card = self.enterContext(SoundCard())
        self.card.play("mic", signals.int16(ear.signal(2 * SECONDS)))
        sound = self.folder / "sound"
        (sound / "disk").mkdir(parents=True)
        self.disk = self.enterContext(Disk(path=sound / "disk"))
        self.files()
        streams = {
            "wave": f"file:{self.folder}/wave.wav", "folder": f"file:{self.folder}/pieces",
            "lossless": f"file:{self.folder}/list.m3u", "pipe": "stdin", "tone": "tone", "card": "alsa",
            "client": "icecast", "disk": "tone"}
        flags = [flag for name, source in streams.items() for flag in ("--stream", name, "--source", source)]
        at = flags.index("icecast") + 1
        flags[at:at] = ["--source-password-file", passwords]
        self.server = self.enterContext(Server(
            "--segment-length", 0.5, "--ring-size", 20, "--host", "127.0.0.1", *flags, sound=sound,
            stdin=subprocess.PIPE, environment=self.card.environment))
        data = signals.int16(self.sounds["pipe"])
        threading.Thread(target=self.feed, args=(data,), daemon=True).start()

    def feed(self, data):
        try:
            self.server.process.stdin.write(data)
            self.server.process.stdin.flush()
        except BrokenPipeError:
            pass  # The test has ended.

    def files(self):
        """The same kind of sound in a file, in the pieces of a folder, and in a playlist of compressed files."""
        (self.folder / "wave.wav").write_bytes(wav(self.sounds["wave"], RATE, "int24"))
        (self.folder / "pieces").mkdir()
        for number in range(5):
            piece = self.sounds["folder"][number * 8 * RATE:(number + 1) * 8 * RATE]
            (self.folder / f"pieces/{number}.wav").write_bytes(wav(piece, RATE))
        (self.folder / "lossless.wav").write_bytes(wav(self.sounds["lossless"], RATE))
        result = processes.run([
            "ffmpeg", "-loglevel", "error", "-i", self.folder / "lossless.wav", self.folder / "lossless.flac"])
        self.assertEqual(result.returncode, 0, result.stderr.decode())
        (self.folder / "list.m3u").write_text("lossless.flac\n")

    def information(self, name):
        return json.loads(self.server.get(f"/{name}.json"))

    def wait_level(self, name, is_silent):
        def holds():
            levels = self.information(name)["levels"]
            return levels and all((level["rms"] < -90) == is_silent for level in levels)
        wait_until(holds, TIMEOUT, lambda: f"{name} is {'silent' if is_silent else 'heard'}\n{self.server.log}")

    def faults(self):
        """The card is pulled out, the client is killed and the disk is removed; and all of them come back."""
        with FFmpeg(self.server, mount="/client") as client:
            for name in ("card", "client"):
                self.wait_level(name, is_silent=False)
            self.card.unplug()
            client.kill()
            self.disk.remove()
            for name in ("card", "client"):
                self.wait_level(name, is_silent=True)
            self.server.wait_log("disk: disk: .*the write is tried again")
        self.card.plug()
        self.card.play("mic", signals.int16(ear.signal(2 * SECONDS)))
        with FFmpeg(self.server, mount="/client"):
            for name in ("card", "client"):
                self.wait_level(name, is_silent=False)
        self.assertEqual(self.server.request("/disk.m3u8").status, 200)

    def test_faults_of_three_streams_are_not_heard_in_the_other_five(self):
        with ThreadPoolExecutor(len(BYSTANDERS)) as pool:
            collected = {name: pool.submit(self.collected, name) for name in BYSTANDERS}
            self.faults()
            collected = {name: collector.result() for name, collector in collected.items()}
        for name, segments in collected.items():
            sound = mp3.decode(b"".join(segment.payload for segment in segments), 2)
            with self.subTest(name):
                if name == "tone":
                    self.assertTrue(ear.listen(sound[:, 0], ear.TONE_PILOTS).flawless)
                    continue
                original = self.sounds[name][:, 0]
                self.assertEqual(signals.lag(original, sound[:, 0]), mp3.DELAY)
                found = signals.lags(original, sound[:, 0], mp3.DELAY, RATE // 10, 2000)
                self.assertGreater(len(found), (HEARD - 1) * 10)
                self.assertEqual(set(found), {mp3.DELAY})

    def collected(self, name):
        """The segments of a stream from its first one on, without a discontinuity."""
        collector = SegmentCollector(self.server, ring_size=20, name=name)
        collector.follow(lambda collector: collector.duration >= HEARD)
        self.assertFalse(any(entry.discontinuity for entry, _ in collector.segments.values()), name)
        return collector.parsed()


if __name__ == "__main__":
    unittest.main()
