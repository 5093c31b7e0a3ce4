"""The page of the recordings in a browser: operators rename, hide and publish, a waveform seeks, and a clip is cut."""

import json
import tempfile
import unittest
from pathlib import Path

from support import browsers
from support.browsers.page import OUT
from support.server import Server
from support.sound.soundcard import SoundCard
from support.waiting import TIMEOUT, wait_until

TOKEN = "swordfish-and-chips"
AUDIO = "document.querySelector('.recording > audio')"


class Chromium(unittest.TestCase):
    Browser = browsers.Chromium

    def open(self, path=None):
        folder = self.enterContext(tempfile.TemporaryDirectory(prefix="recordings."))
        self.server = self.enterContext(Server(
            "--source", "tone", "--record", folder, "--record-length", 12, "--segment-length", 1, "--ring-size", 20,
            "--admin-token", TOKEN))
        if path is None:
            def finished():
                return [recording for recording in self.listed() if recording["length"] > 6]
            self.recording = wait_until(finished, TIMEOUT, "a recording is finished")[0]
        self.browser = self.enterContext(self.Browser(self.enterContext(SoundCard())))
        self.browser.open(f"{self.server.url}{f'recordings/?edit&token={TOKEN}' if path is None else path}")

    def listed(self):
        return json.loads(self.server.get("/recordings.json"))["recordings"]

    def text(self, selector):
        return self.browser.evaluate(f"document.querySelector({json.dumps(selector)}).textContent")

    def screenshots(self, name):
        OUT.mkdir(exist_ok=True)
        for width, height in ((1280, 800), (390, 844)):
            self.browser.resize(width, height)
            for scheme in ("dark", "light"):
                self.browser.prefer(scheme)
                self.browser.screenshot(OUT / f"shelf-{name}-{width}x{height}-{scheme}.png")
            # Nothing is wider than the window.
            self.assertTrue(self.browser.evaluate("document.documentElement.scrollWidth <= innerWidth"))
        self.browser.resize(1280, 800)

    def test_an_operator_renames_hides_and_publishes_and_everybody_seeks_and_cuts(self):
        self.open()
        row = f"[data-id=\"{self.recording['id']}\"]"
        self.browser.wait(f"document.querySelector('{row} .waveform .whole path')")
        # The address keeps no token.
        self.assertNotIn(TOKEN, self.browser.evaluate("location.href"))
        # Rename and publish.
        self.browser.evaluate(f"document.querySelector('{row} .title-field').value = 'A <i>good</i> hour'")
        self.browser.click(f"{row} .rename button")
        self.browser.wait(f"document.querySelector('{row} h3 bdi').textContent === 'A <i>good</i> hour'")
        self.browser.click(f"{row} .publish")
        self.browser.wait("document.querySelector('#podcasts a')?.href.endsWith('/recordings/live.rss')")
        found, = [recording for recording in self.listed() if recording["id"] == self.recording["id"]]
        self.assertEqual((found["title"], found["public"]), ("A <i>good</i> hour", True))
        # A click in the waveform seeks.
        self.browser.click(f"{row} .waveform")
        half = self.recording["length"] / 2
        self.browser.wait(f"{AUDIO}.currentTime > {half - 0.5} && {AUDIO}.currentTime < {half + 4}")
        self.browser.click(f"{row} .start")
        # A clip, from here on.
        self.browser.click(f"{row} details.clip summary")
        # The panel is built by an event that comes after the click.
        self.browser.wait(f"document.querySelector('{row} .clip-from')")
        self.browser.evaluate(f"""(() => {{
            for (const [which, value] of [['from', 1], ['to', 4]]) {{
                const input = document.querySelector(`{row} .clip-${{which}}`);
                input.value = value;
                input.dispatchEvent(new Event('input'));
            }}
        }})()""")
        url = self.browser.evaluate(f"document.querySelector('{row} .clip-download').href")
        self.assertIn("/clip.mp3?from=1&to=4", url)
        self.assertEqual(self.server.request(url[len(self.server.url) - 1:]).status, 200)
        self.browser.click(f"{row} .clip-play")
        self.browser.wait(f"document.querySelector('{row} .clip-panel audio').currentTime > 0.3")
        self.screenshots("recordings")
        # A hidden recording stays for operators alone.
        self.browser.click(f"{row} .hide")
        self.browser.wait(f"document.querySelector('{row}').matches('.is-hidden')")
        self.assertNotIn(self.recording["id"], [recording["id"] for recording in self.listed()])
        # Two presses delete.
        self.browser.click(f"{row} .remove")
        self.browser.wait(f"document.querySelector('{row} .remove').matches('.asks')")
        self.browser.click(f"{row} .remove")
        wait_until(
            lambda: self.server.request(self.recording["url"], headers={"Authorization": f"Bearer {TOKEN}"}).status == 404,
            TIMEOUT, "the recording is deleted")

    def test_a_listener_cuts_a_clip_of_the_ring_with_the_keyboard(self):
        self.open("")
        self.browser.wait("document.body.dataset.state === 'playing'")
        # The clip that the page proposes is longer than the mark moves.
        self.server.wait_playlist(lambda playlist: len(playlist.entries) >= 8)
        self.browser.click("#clip summary")
        self.browser.wait("document.querySelector('#clip .clip-download')?.href")
        self.browser.evaluate("document.querySelector('#clip .clip-to').focus()")
        before = self.text("#clip .clip-row:nth-child(2) output")
        for _ in range(20):
            self.browser.press("\ue012")
        self.assertNotEqual(self.text("#clip .clip-row:nth-child(2) output"), before)
        url = self.browser.evaluate("document.querySelector('#clip .clip-download').href")
        self.assertRegex(url, r"/live/clip\.mp3\?from=20\d\d-.*Z&to=20\d\d-.*Z$")
        self.assertEqual(self.server.request(url[len(self.server.url) - 1:]).status, 200)
        self.assertRegex(self.text("#clip .clip-note"), "works until about")
        self.browser.click("#clip .clip-play")
        self.browser.wait("document.querySelector('#clip audio').currentTime > 0.3")
        self.screenshots("ring")

    def test_the_operators_page_stops_marks_and_starts_the_recording(self):
        self.open(f"status.html?token={TOKEN}")
        row = ".stream-row[data-stream=live]"
        self.browser.wait(f"document.querySelector('{row} [data-kind=mark]')")
        self.browser.evaluate(f"document.querySelector('{row} .mark-title').value = 'Here it was good'")
        self.browser.click(f"{row} [data-kind=mark]")
        self.browser.wait("document.getElementById('streams-said').textContent === 'Done: Mark, live.'")
        self.screenshots("operators")
        self.browser.click(f"{row} [data-kind=stop]")
        self.browser.wait(f"document.querySelector('{row} [data-kind=start]')")
        wait_until(
            lambda: "Here it was good" in [
                chapter["title"] for recording in self.listed() for chapter in recording["chapters"]],
            TIMEOUT, "the mark is in a recording")
        self.browser.click(f"{row} [data-kind=start]")
        self.browser.wait(f"document.querySelector('{row} [data-kind=stop]')")


if __name__ == "__main__":
    unittest.main()
