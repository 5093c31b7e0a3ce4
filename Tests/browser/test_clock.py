"""The server's clock is set while a page plays, as NTP sets it after a start: the page says nothing absurd."""

import re
import time
import unittest

from support import browsers
from support.browsers.page import Page
from support.machine.wall_clock import WallClock
from support.server import Server
from support.sound.soundcard import SoundCard
from support.waiting import TIMEOUT

YEAR = 365 * 24 * 3600
# The page's ring has twenty seconds.
MOST = 30


class Chromium(unittest.TestCase):
    def test_the_page_never_says_that_the_listener_is_years_behind(self):
        clock = self.enterContext(WallClock())
        card = self.enterContext(SoundCard())
        server = self.enterContext(Server("--source", "tone", environment=clock.environment))
        server.wait_playlist(lambda playlist: len(playlist.entries) >= 4)
        server.set_now_playing(server.operator_token, title="Bolero")
        page = Page(self.enterContext(browsers.Chromium(card)), server)
        page.wait(lambda now: now["state"] == "playing" and now["nowPlaying"], TIMEOUT, "the title")
        for seconds in (YEAR, -YEAR):
            with self.subTest(seconds):
                clock.step(seconds)
                end = time.monotonic() + 20
                while time.monotonic() < end:
                    now = page.snapshot()
                    self.assertTrue(now["behindLive"] is None or 0 <= now["behindLive"] + 1 < MOST, now)
                    shown = page.browser.evaluate("document.getElementById('behind').textContent")
                    self.assertRegex(shown, r"^(–|[0-9.]+ s)$")
                    self.assertLess(float(re.sub(r"[^0-9.]", "", shown) or 0), MOST)
                    self.assertEqual(now["nowPlaying"], {"title": "Bolero", "artist": None})
                    time.sleep(0.2)
                # The clocks agree again.
                page.wait(lambda now: now["behindLive"] is not None and now["behindLive"] < 3, TIMEOUT, "the delay")


if __name__ == "__main__":
    unittest.main()
