"""The page that records sends what it hears, over a bad line and after a reload, in real browsers."""

import base64
import io
import json
import tempfile
import unittest
import wave
from pathlib import Path

import numpy as np

from support import browsers, processes
from support.browsers.page import OUT
from support.browsers.talk_page import CHROMIUM_FLAGS, FIREFOX_PREFERENCES
from support.proxies.broken_road import BrokenRoad
from support.server import Server
from support.sound import signals
from support.sound.soundcard import RATE, SoundCard
from support.waiting import TIMEOUT, wait_until

PLACE = "document.body.dataset.place"


def tone(hertz, seconds):
    time = np.arange(seconds * RATE) / RATE
    return signals.int16((0.3 * np.sin(2 * np.pi * hertz * time)).astype(np.float32))


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="uploads.")))
        self.card = self.enterContext(SoundCard(seats=1))
        self.card.play(self.card.seats[0].mic, tone(440, 180))
        self.server = self.enterContext(Server("--source", "tone", "--uploads", self.folder, "--upload-open"))

    def place(self, place):
        self.browser.wait(f"{PLACE} === '{place}'", what=f"the page is at {place}")

    def state(self):
        return self.browser.evaluate("document.querySelector('main').innerText")

    def partial(self):
        return max((path.stat().st_size for path in self.folder.glob("*.part")), default=0)

    def start(self, url=None):
        self.browser.open(f"{url or self.server.url}record")
        self.place("check")
        self.browser.click("#open-microphone")
        self.browser.wait("!document.getElementById('record').hidden")
        self.browser.click("#record")
        self.place("recording")

    def wait_partial(self, size=3000):
        wait_until(lambda: self.partial() > size, TIMEOUT, lambda: f"the sound comes: {self.partial()}")

    def send(self, name):
        self.browser.evaluate(f"document.getElementById('name').value = {json.dumps(name)}")
        self.browser.click("#send")
        self.place("sent")

    def check_upload(self, name, least):
        """The upload is listed, with a copy of its whole length."""
        def ready():
            found = [entry for entry in json.loads(self.server.get("/recordings.json"))["recordings"] if entry.get("upload")]
            return found and found[0]["state"] == "ready" and found
        entry, = wait_until(ready, TIMEOUT, lambda: f"the copy is made\n{self.server.log}")
        self.assertEqual(entry["title"], name)
        self.assertGreater(entry["length"], least)
        self.assertGreater(max(entry["peaks"]), 5)
        with tempfile.NamedTemporaryFile(suffix=".mp3") as file:
            file.write(self.server.get(entry["url"]))
            file.flush()
            result = processes.run(["ffmpeg", "-v", "error", "-i", file.name, "-f", "s16le", "-ac", "1", "-ar", "8000", "-"])
        samples = np.frombuffer(result.stdout, np.int16).astype(float)
        spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
        self.assertAlmostEqual(np.argmax(spectrum) * 8000 / len(samples), 440, delta=5)


class Chromium(Case):
    def open(self):
        self.browser = self.enterContext(browsers.Chromium(self.card.seats[0], flags=CHROMIUM_FLAGS))

    def screenshot(self, name):
        if self.browser.name != "chromium":
            return
        OUT.mkdir(exist_ok=True)
        for width, height in ((1280, 800), (390, 844)):
            self.browser.resize(width, height)
            for scheme in ("light", "dark"):
                self.browser.prefer(scheme)
                self.browser.screenshot(OUT / f"record-{name}-{width}-{scheme}.png")

    def test_a_person_records_pauses_listens_and_sends(self):
        self.open()
        self.start()
        self.wait_partial()
        self.browser.click("#pause")
        self.place("paused")
        self.screenshot("paused")
        self.browser.click("#pause")
        self.place("recording")
        self.screenshot("recording")
        size = self.partial()
        self.wait_partial(size + 3000)
        self.browser.click("#stop")
        self.place("review")
        self.browser.wait("document.getElementById('player').readyState > 0")
        self.screenshot("review")
        self.send("A tone <b>of</b> “mine”")
        self.check_upload("A tone <b>of</b> “mine”", 1)
        self.browser.wait("document.getElementById('progress-text').textContent.includes('ready')")
        self.screenshot("sent")
        # Nothing of it stays in the browser.
        self.browser.open(f"{self.server.url}record")
        self.place("check")
        self.screenshot("check")

    def test_a_reload_in_the_middle_keeps_the_sound(self):
        self.open()
        self.start()
        self.wait_partial()
        self.browser.evaluate("location.reload()")
        self.place("review")
        self.assertIn("was closed", self.browser.evaluate("document.getElementById('hint').textContent"))
        self.screenshot("interrupted")
        self.send("Interrupted")
        self.check_upload("Interrupted", 0.5)


class Firefox(Chromium):
    def open(self):
        self.browser = self.enterContext(browsers.Firefox(self.card.seats[0], preferences=FIREFOX_PREFERENCES))


class Line(Case):
    def test_a_bad_line_waits_in_the_page_and_goes_on_after_a_reload(self):
        self.browser = self.enterContext(browsers.Chromium(self.card.seats[0], flags=CHROMIUM_FLAGS))
        road = self.enterContext(BrokenRoad(self.server.port))
        self.start(road.url)
        self.wait_partial()
        with road.broken():
            self.browser.wait("document.getElementById('line').textContent.includes('The line is bad')")
            size = self.partial()
            # More sound waits in the page.
            self.browser.wait("parseInt(document.getElementById('clock').textContent.split(':')[1]) >= 6")
            self.browser.click("#stop")
            self.place("review")
            self.browser.click("#send")
            self.place("sending")
        # The page itself is loaded again over a good line; the sound is in the browser.
        self.browser.evaluate("location.reload()")
        wait_until(lambda: not list(self.folder.glob("*.part")), TIMEOUT, self.state)
        self.place("sent")
        whole, = [path for path in self.folder.glob("upload-*.webm")]
        self.assertGreater(whole.stat().st_size, size)


class WebKit(Case):
    def test_a_browser_that_cannot_record_sends_a_file(self):
        """Debian's WebKitGTK has a MediaRecorder without a format."""
        self.browser = self.enterContext(browsers.WebKit(self.card.seats[0]))
        self.browser.open(f"{self.server.url}record")
        self.place("check")
        self.assertIn("A file can be sent", self.state())
        file = io.BytesIO()
        with wave.open(file, "wb") as writer:
            writer.setnchannels(1)
            writer.setsampwidth(2)
            writer.setframerate(RATE)
            writer.writeframes(tone(440, 4))
        self.browser.evaluate(f"""(() => {{
          const bytes = Uint8Array.from(atob('{base64.b64encode(file.getvalue()).decode()}'), (c) => c.charCodeAt(0));
          const transfer = new DataTransfer();
          transfer.items.add(new File([bytes], 'My tone.wav'));
          const input = document.getElementById('file');
          input.files = transfer.files;
          input.dispatchEvent(new Event('change', {{ bubbles: true }}));
        }})()""")
        self.place("sent")
        self.check_upload("My tone", 3.9)


if __name__ == "__main__":
    unittest.main()
