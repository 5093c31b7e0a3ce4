"""A hidden page plays on, as near to live as before."""

import time
import unittest

from support import browsers
from support.browsers.page import Page
from support.server import Server
from support.sound.control_tone import with_control_tone
from support.sound.soundcard import SoundCard

SECONDS = 20


class Hidden(unittest.TestCase):
    def hide(self, query, engine):
        card = self.enterContext(SoundCard())
        server = self.enterContext(Server("--source", "tone"))
        server.wait_playlist(lambda playlist: len(playlist.entries) >= 4)
        # In headless mode no page is ever hidden.
        browser = self.enterContext(browsers.Chromium(card, headless=False))
        page = Page(browser, server, query)
        self.assertEqual(page.wait_playing()["engine"], engine)

        def plays_on():
            before = page.wait_playing()
            browser.evaluate("""(() => {
                clearInterval(window.look);
                window.seen = [];
                window.look = setInterval(() => {
                    const { state, stalls, jumps, behindLive } = window.ringcast.snapshot();
                    window.seen.push([document.hidden, state, stalls, jumps, behindLive]);
                }, 1000);
            })()""")
            with browser.behind_another_tab():
                time.sleep(SECONDS)
            seen = [rest for hidden, *rest in browser.evaluate("window.seen") if hidden]
            self.assertGreater(len(seen), SECONDS / 2)
            for state, stalls, jumps, behind in seen:
                self.assertEqual((state, stalls, jumps), ("playing", before["stalls"], before["jumps"]), seen)
                self.assertLess(behind, 1, seen)
        with_control_tone(card, 2 * SECONDS, plays_on)

    def test_with_media_source_extensions(self):
        self.hide("", "mse-mp3")

    def test_as_live_as_possible(self):
        self.hide("?latency=live", "webcodecs")


if __name__ == "__main__":
    unittest.main()
