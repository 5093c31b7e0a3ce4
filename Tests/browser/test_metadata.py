"""The title on the page changes together with its sound."""

import time
import unittest

from support import browsers
from support.browsers.page import Page
from support.server import Server
from support.sound.soundcard import SoundCard
from support.waiting import TIMEOUT, wait_until

TOKEN = "swordfish-and-chips"
BOLERO = {"title": "Bolero", "artist": "Maurice Ravel"}
ELISE = {"title": "Für Elise, WoO 59 ”Bagatelle“", "artist": None}


class Case(unittest.TestCase):
    """Runs alone, because the test measures time."""

    alone = True
    Browser = browsers.Chromium

    def open(self, query="", segments=2):
        card = self.enterContext(SoundCard())
        self.server = self.enterContext(Server("--source", "tone", "--admin-token", TOKEN))
        self.server.wait_playlist(lambda playlist: len(playlist.entries) >= segments)
        self.browser = self.enterContext(self.Browser(card))
        self.page = Page(self.browser, self.server, query)

    def set_now_playing(self, playing):
        """Sets the title. Returns the start of its date range, in seconds since 1970."""
        self.assertEqual(self.server.set_now_playing(TOKEN, **playing).status, 204)
        title = playing.get("title")
        ranges = lambda: [range for range in self.server.playlist().date_ranges if range.title == title]
        return wait_until(lambda: ranges()[-1:], TIMEOUT, "the date range")[0].start.timestamp()

    def changes(self, until, seconds=20):
        """Pairs of the title on the page and the recording time of the sound at that moment, until the title is
        `until`."""
        looks, end = [], time.monotonic() + seconds
        while not looks or looks[-1][0] != until:
            self.assertLess(time.monotonic(), end, looks[-1:])
            now, at = self.browser.evaluate("[ringcast.snapshot(), Date.now() / 1000]")
            # While the page measures the server's clock again, the time is unknown.
            if now["behindLive"] is not None:
                looks.append((now["nowPlaying"], at - now["behindLive"]))
        return looks


class Chromium(Case):
    def test_a_listener_with_a_cushion_sees_a_title_with_its_sound(self):
        self.open("?latency=never", segments=7)
        self.page.wait(
            lambda now: now["state"] == "playing" and (now["behindLive"] or 0) > 8, 30, "eight seconds behind live")
        self.assertIsNone(self.page.snapshot()["nowPlaying"])
        start = self.set_now_playing(BOLERO)
        looks = self.changes(BOLERO)
        shown, heard = looks[-2][1], looks[-1][1]
        # Not before the sound, and at most two looks later. Dates are cut to milliseconds.
        self.assertLess(shown, start + 0.15)
        self.assertGreater(heard, start - 0.02)
        self.assertLess(heard, start + 0.3)

    def test_a_listener_near_live_sees_a_title_with_the_next_segment(self):
        self.open()
        self.page.wait_playing()
        start = self.set_now_playing(BOLERO)
        heard = self.changes(BOLERO)[-1][1]
        # A segment lasts two seconds.
        self.assertGreater(heard, start - 0.02)
        self.assertLess(heard, start + 3)

    def test_the_title_is_on_the_page_in_the_media_session_and_in_the_window_s_title(self):
        self.open()
        self.page.wait_playing()

        def everywhere():
            return self.browser.evaluate("""[
                document.querySelector("#title").textContent, document.querySelector("#artist").textContent,
                navigator.mediaSession.metadata.title, navigator.mediaSession.metadata.artist,
                navigator.mediaSession.metadata.album, document.title,
                document.querySelector("#title").closest("[aria-live=polite]").getBoundingClientRect().height > 0]""")
        self.assertEqual(everywhere(), ["", "", "live", "ringcast", "", "live · ringcast", False])
        for playing, expected in [
            (BOLERO, ["Bolero", "Maurice Ravel", "Bolero", "Maurice Ravel", "live",
                      "Maurice Ravel – Bolero · live · ringcast", True]),
            (ELISE, [ELISE["title"], "", ELISE["title"], "", "live", f"{ELISE['title']} · live · ringcast", True]),
            ({}, ["", "", "live", "ringcast", "", "live · ringcast", False]),
        ]:
            self.assertEqual(self.server.set_now_playing(TOKEN, **playing).status, 204)
            self.page.wait(lambda now: now["nowPlaying"] == (playing or None), TIMEOUT, "the title")
            wait_until(lambda: everywhere() == expected, TIMEOUT, lambda: f"{expected}, not {everywhere()}")
        self.assertEqual(self.browser.errors(), [])

    def test_a_late_listener_sees_the_current_title_and_after_a_seek_back_the_title_then(self):
        self.open(segments=5)
        self.set_now_playing(BOLERO)
        self.page.wait_playing()
        self.page.wait(lambda now: now["nowPlaying"] == BOLERO, TIMEOUT, "the title")
        start = self.set_now_playing(ELISE)
        self.page.wait(lambda now: now["nowPlaying"] == ELISE, TIMEOUT, "the title")
        wait_until(lambda: time.time() > start + 3, TIMEOUT, "three seconds of the second title")
        self.browser.press("Left")
        self.page.wait(
            lambda now: now["nowPlaying"] == BOLERO and now["state"] == "playing", TIMEOUT, "the earlier title")
        self.assertEqual(self.changes(ELISE)[-1][0], ELISE)

    def test_it_fits_on_every_screen(self):
        self.open()
        self.set_now_playing({
            "title": "Symphony No. 9 in D minor, Op. 125 “Choral”: IV. Finale: Presto – Allegro assai – Presto",
            "artist": "Berliner Philharmoniker, Herbert von Karajan, Gundula Janowitz, Hilde Rössel-Majdan"})
        self.page.wait_playing()
        self.page.wait(lambda now: now["nowPlaying"], TIMEOUT, "the title")
        for scheme in ("dark", "light"):
            self.browser.prefer(scheme)
            for width, height in ((320, 568), (360, 740), (740, 360), (1280, 900)):
                with self.subTest(f"{width} × {height}, {scheme}"):
                    self.browser.resize(width, height)
                    self.assertEqual(self.browser.evaluate("innerWidth"), width)
                    self.assertLessEqual(self.browser.evaluate("document.documentElement.scrollWidth"), width)
                    self.page.screenshot(f"title-{width}x{height}-{scheme}")


if __name__ == "__main__":
    unittest.main()
