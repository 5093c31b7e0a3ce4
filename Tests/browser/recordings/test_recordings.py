"""The page of the recordings lists, plays and seeks, in real browsers."""

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
TITLES = [("Bolero", "Maurice Ravel"), ("Für Elise, WoO 59 <b>”Bagatelle“</b>", "Ludwig van Beethoven")]
AUDIO = "document.querySelector('audio')"


class Case(unittest.TestCase):
    Browser = browsers.Chromium

    def open(self, *flags, query="", token=TOKEN):
        folder = self.enterContext(tempfile.TemporaryDirectory(prefix="recordings."))
        self.server = self.enterContext(Server(
            "--source", "tone", "--record", folder, "--record-length", 8, "--admin-token", TOKEN, *flags))
        headers = {"Authorization": f"Bearer {token}"}
        # The first recording may be short. The next one has eight seconds, with both titles near its beginning.
        wait_until(lambda: len(list(Path(folder).glob("*.mp3"))) > 1, TIMEOUT, "a second recording begins")
        for title, artist in TITLES:
            self.server.set_now_playing(TOKEN, title=title, artist=artist)
            wait_until(
                lambda: any(artist in path.read_text() for path in Path(folder).glob("*.cue")), TIMEOUT,
                "the title is in the recording")
        def finished():
            answer = self.server.request("/recordings.json", headers=headers)
            found = json.loads(answer.body)["recordings"] if answer.status == 200 else []
            return [recording for recording in found if len(recording["chapters"]) == 2]
        self.recording, = wait_until(finished, TIMEOUT, "a recording is finished")[:1]
        self.browser = self.enterContext(self.Browser(self.enterContext(SoundCard())))
        self.browser.open(f"{self.server.url}recordings/{query}")


class Chromium(Case):
    def screenshot(self, name):
        OUT.mkdir(exist_ok=True)
        self.browser.screenshot(OUT / f"recordings-{self.Browser.name}-{name}.png")

    def test_a_recording_plays_in_place_seeks_by_its_titles_and_is_downloaded_by_its_name(self):
        self.open()
        row = f"[data-id=\"{self.recording['id']}\"]"
        self.browser.wait(f"document.querySelector('{row}')")
        self.assertRegex(self.browser.evaluate("document.getElementById('headline').textContent"), r"^\d recordings?$")
        self.browser.click(f"{row} .start")
        self.browser.wait(f"{AUDIO}.currentTime > 0.5 && {AUDIO}.parentElement.matches('{row}')")
        self.assertRegex(self.browser.evaluate(f"document.querySelector('{row} .start').ariaLabel"), "^Pause live, ")
        self.browser.click(f"{row} summary")
        titles = self.browser.evaluate(
            f"[...document.querySelectorAll('{row} .titles span:last-child')].map((span) => span.textContent)")
        self.assertEqual(titles, [f"{artist} - {title}" for title, artist in TITLES])
        start = self.recording["chapters"][1]["start"]
        self.browser.click(f"{row} .titles li:last-child button")
        self.browser.wait(f"{AUDIO}.currentTime > {start} && {AUDIO}.currentTime < {start + 3}")
        self.browser.wait(f"document.querySelector('{row} .titles li:last-child [aria-current]')")
        self.assertAlmostEqual(self.browser.evaluate(f"{AUDIO}.duration"), self.recording["length"], delta=0.3)
        self.assertEqual(
            self.browser.evaluate(f"document.querySelector('{row} .download').download"),
            f"{self.recording['id']}.mp3")
        if self.Browser is browsers.Chromium:
            for width, height in ((1280, 800), (390, 844), (320, 568)):
                self.browser.resize(width, height)
                for scheme in ("dark", "light"):
                    self.browser.prefer(scheme)
                    self.screenshot(f"{width}x{height}-{scheme}")
                # Nothing is wider than the window.
                self.assertTrue(self.browser.evaluate("document.documentElement.scrollWidth <= innerWidth"))
        self.browser.click(f"{row} .start")
        self.browser.wait(f"{AUDIO}.paused")

    def test_the_keyboard_alone_plays_and_pauses(self):
        self.open()
        row = f"[data-id=\"{self.recording['id']}\"]"
        self.browser.wait(f"document.querySelector('{row}')")
        self.browser.evaluate(f"document.querySelector('{row} .start').focus()")
        self.browser.press(" ")
        self.browser.wait(f"{AUDIO} && {AUDIO}.currentTime > 0.2")
        self.browser.press(" ")
        self.browser.wait(f"{AUDIO}.paused")


class Token(Case):
    def test_the_page_asks_for_the_token_and_then_lists(self):
        self.open("--listen-token", "listener-token", token="listener-token")
        self.browser.wait("!document.getElementById('token-form').hidden")
        self.browser.click("#token")
        for character in "listener-token":
            self.browser.press(character)
        self.browser.click("#token-form button")
        self.browser.wait("document.getElementById('headline').textContent.match(/recording/)")
        self.assertNotIn("token", self.browser.evaluate("location.href"))
        # Another recording may be shorter than the sound that is awaited.
        start = f"[data-id=\"{self.recording['id']}\"] .start"
        self.browser.wait(f"document.querySelector('{start}')")
        self.browser.click(start)
        self.browser.wait(f"{AUDIO}.currentTime > 0.3")
