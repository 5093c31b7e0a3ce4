"""What plays, on the page: it changes when the sound does that it belongs to."""

import time
import unittest

from support import browsers
from support.page import Page
from support.server import Server
from support.soundcard import SoundCard
from support.waiting import PATIENCE, wait_until

TOKEN = "swordfish-and-chips"
BOLERO = {"title": "Bolero", "artist": "Maurice Ravel"}
ELISE = {"title": "Für Elise, WoO 59 ”Bagatelle“", "artist": None}


class Case(unittest.TestCase):
    """Alone, because it measures time."""

    alone = True
    Browser = browsers.Chromium

    def open(self, query="", segments=2):
        card = self.enterContext(SoundCard())
        self.server = self.enterContext(Server("--source", "tone", "--admin-token", TOKEN))
        self.server.wait_playlist(lambda playlist: len(playlist.entries) >= segments)
        self.browser = self.enterContext(self.Browser(card))
        self.page = Page(self.browser, self.server, query)

    def say(self, playing):
        """Returns since when it plays, s since 1970."""
        self.assertEqual(self.server.say(TOKEN, **playing).status, 204)
        title = playing.get("title")
        ranges = lambda: [range for range in self.server.playlist().date_ranges if range.title == title]
        return wait_until(lambda: ranges()[-1:], PATIENCE, "it is told")[0].start.timestamp()

    def changes(self, until, seconds=20):
        """What was shown and when what was heard then was recorded, at each look until that is shown."""
        looks, end = [], time.monotonic() + seconds
        while not looks or looks[-1][0] != until:
            self.assertLess(time.monotonic(), end, looks[-1:])
            now, at = self.browser.evaluate("[ringcast.snapshot(), Date.now() / 1000]")
            # Where the server's clock is doubted, nobody knows for a moment.
            if now["behindLive"] is not None:
                looks.append((now["nowPlaying"], at - now["behindLive"]))
        return looks


class Chromium(Case):
    def test_who_keeps_a_cushion_is_shown_it_with_the_sound(self):
        self.open("?latency=never", segments=7)
        self.page.wait(lambda now: now["state"] == "playing" and (now["behindLive"] or 0) > 8, 30, "it is far behind")
        self.assertIsNone(self.page.snapshot()["nowPlaying"])
        start = self.say(BOLERO)
        looks = self.changes(BOLERO)
        shown, heard = looks[-2][1], looks[-1][1]
        # Not before the sound, and no later than a look or two: dates are cut to milliseconds.
        self.assertLess(shown, start + 0.15)
        self.assertGreater(heard, start - 0.02)
        self.assertLess(heard, start + 0.3)

    def test_who_is_live_is_shown_it_with_the_next_segment(self):
        self.open()
        self.page.wait_playing()
        start = self.say(BOLERO)
        heard = self.changes(BOLERO)[-1][1]
        # A segment lasts two seconds.
        self.assertGreater(heard, start - 0.02)
        self.assertLess(heard, start + 3)

    def test_it_is_on_the_page_in_the_media_session_and_in_the_window_s_title(self):
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
            self.assertEqual(self.server.say(TOKEN, **playing).status, 204)
            self.page.wait(lambda now: now["nowPlaying"] == (playing or None), PATIENCE, "it is shown")
            wait_until(lambda: everywhere() == expected, PATIENCE, lambda: f"{expected}, and not {everywhere()}")
        self.assertEqual(self.browser.errors(), [])

    def test_who_comes_later_is_shown_what_plays_and_who_goes_back_what_played(self):
        self.open(segments=5)
        self.say(BOLERO)
        self.page.wait_playing()
        self.page.wait(lambda now: now["nowPlaying"] == BOLERO, PATIENCE, "it is shown")
        start = self.say(ELISE)
        self.page.wait(lambda now: now["nowPlaying"] == ELISE, PATIENCE, "it is shown")
        wait_until(lambda: time.time() > start + 3, PATIENCE, "time goes by")
        self.browser.press("Left")
        self.page.wait(
            lambda now: now["nowPlaying"] == BOLERO and now["state"] == "playing", PATIENCE, "what played then")
        self.assertEqual(self.changes(ELISE)[-1][0], ELISE)

    def test_it_fits_on_every_screen(self):
        self.open()
        self.say({"title": "Symphony No. 9 in D minor, Op. 125 “Choral”: IV. Finale: Presto – Allegro assai – Presto",
                  "artist": "Berliner Philharmoniker, Herbert von Karajan, Gundula Janowitz, Hilde Rössel-Majdan"})
        self.page.wait_playing()
        self.page.wait(lambda now: now["nowPlaying"], PATIENCE, "it is shown")
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
