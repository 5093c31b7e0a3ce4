"""An appliance without a clock battery, whose folder is in memory, is switched off and on: a browser that has the sound of
the boot before in its cache plays the sound of this boot."""

import hashlib
import shutil
import tempfile
import unittest
from pathlib import Path

import numpy as np

from support import browsers
from support.browsers.page import Page
from support.formats.wav import wav
from support.machine.wall_clock import WallClock
from support.server import Server
from support.sound.soundcard import RATE, SoundCard
from support.waiting import TIMEOUT, wait_until

# The tone of each boot, in Hz. The boots begin at the same time of the clock, and the last at an earlier time.
BOOTS = [(700, 0), (1700, 0), (2900, -4)]
SECONDS = 60


class ClockWithoutBattery(unittest.TestCase):
    def setUp(self):
        self.card = self.enterContext(SoundCard())
        self.clock = self.enterContext(WallClock())
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="boots.")))
        self.profile = self.folder / "profile"
        self.booted, self.port = self.clock.time(), 0
        # {media sequence number: SHA-256 of the segment}, of all boots.
        self.known = {}

    def boot(self, frequency, step):
        """A server with an empty folder, at the same address as before, that plays a tone. Its ring keeps each segment, so
        that the first segments are those of the same time in each boot, however long the browser takes to start."""
        file, sound = self.folder / f"{frequency}.wav", self.folder / "sound"
        time = np.arange(SECONDS * RATE) / RATE
        file.write_bytes(wav(0.3 * np.sin(2 * np.pi * frequency * time)[:, None], RATE))
        shutil.rmtree(sound, ignore_errors=True)
        sound.mkdir()
        self.clock.step(self.booted + step - self.clock.time())
        server = Server(
            "--source", f"file:{file}", "--segment-length", "1", "--ring-size", str(SECONDS), sound=sound,
            port=self.port, environment=self.clock.environment)
        self.addCleanup(server.close)
        self.port = server.port
        server.wait_playlist(lambda playlist: len(playlist.entries) >= 4)
        return server

    def heard(self, seconds=4):
        """{frequency of a boot: its part of the power at the loudspeaker}. The page may play half a percent too fast or
        too slowly."""
        recorder = self.card.record("spk")
        recorder.wait(seconds)
        sound = recorder.stop().sound[RATE:]
        power = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) ** 2
        frequencies = np.fft.rfftfreq(len(sound), 1 / RATE)
        return {tone: power[abs(frequencies / tone - 1) < 0.02].sum() / (power.sum() + 1e-9) for tone, _ in BOOTS}

    def check_heard(self, frequency):
        """Checks that the tone of one boot is heard, and that of no other."""
        shares = self.heard()
        self.assertGreater(shares.pop(frequency), 0.9)
        self.assertLess(max(shares.values()), 0.01)

    def test_the_page_plays_no_sound_of_another_boot(self):
        repeated = 0
        for frequency, step in BOOTS:
            with self.subTest(frequency), self.boot(frequency, step) as server:
                # The browser ends and starts again; its profile, and in it the cache, stays.
                with browsers.Chromium(self.card, profile=self.profile) as browser:
                    page = Page(browser, server)
                    page.wait_playing()
                    self.check_heard(frequency)
                    playlist = server.playlist()
                    for entry in playlist.entries[:8]:
                        # As a player asks, which takes what its cache has.
                        digest = browser.evaluate(_DIGEST % f"{server.url}{entry.uri}")
                        self.assertEqual(digest, hashlib.sha256(server.get(f"/{entry.uri}")).hexdigest())
                        repeated += self.known.get(entry.sequence, digest) != digest
                        self.known[entry.sequence] = digest
                server.kill()
                server.crash_memory.unlink()
        # The boots had the same numbers for other sound. Otherwise this test would prove nothing.
        self.assertGreater(repeated, 0)


    def test_a_page_that_stays_open_over_a_boot_plays_the_sound_of_the_new_one(self):
        (first, _), (second, _) = BOOTS[:2]
        server = self.boot(first, 0)
        with browsers.Chromium(self.card) as browser:
            page = Page(browser, server)
            page.wait_playing()
            browser.evaluate("window.marker = 'the same page'")
            self.check_heard(first)
            server.kill()
            server.crash_memory.unlink()
            page.server = self.boot(second, 0)
            wait_until(lambda: self.heard(2)[second] > 0.9, TIMEOUT, lambda: f"the new sound: {page.snapshot()}")
            self.check_heard(second)
            self.assertEqual(browser.evaluate("window.marker"), "the same page")


_DIGEST = """fetch("%s").then((answer) => answer.arrayBuffer()).then((bytes) => crypto.subtle.digest("SHA-256", bytes))
    .then((hash) => [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join(""))"""


if __name__ == "__main__":
    unittest.main()
