"""Browsers over HTTP/2."""

import unittest

from support import browsers
from support.browsers.page import Page
from support.machine.certificate import Certificate
from support.server import Server
from support.sound import browser_tone, ear
from support.sound.soundcard import SoundCard
from Tests.browser.test_sound import flawless

# A minute, and two seconds for its begin.
SECONDS = 62
# The protocol of each request that the page has made, and that of the page itself.
PROTOCOLS = """["navigation", "resource"].flatMap(type =>
    performance.getEntriesByType(type).map(entry => [entry.name, entry.nextHopProtocol]))"""


class Chromium(unittest.TestCase):
    alone = True
    Browser = browsers.Chromium

    def test_a_minute_as_live_as_possible_over_h2_has_no_dropout(self):
        with (
            Certificate() as certificate, SoundCard() as card,
            Server("--source", "tone", certificate=certificate) as server,
        ):
            server.wait_playlist(lambda playlist: len(playlist.entries) >= 4)
            with self.Browser(card) as browser:
                browser.run_first(browser_tone.SCRIPT)
                page = Page(browser, server, "?latency=live")
                page.wait_playing()
                flawless(self, card, page, ear.TONE_PILOTS, seconds=SECONDS)
                now, entries = page.snapshot(), browser.evaluate(PROTOCOLS)
        self.assertEqual(now["engine"], "webcodecs")
        # The page, its modules, and a segment every two seconds.
        self.assertGreater(len(entries), 40)
        self.assertTrue(any("?prompt" in name for name, _ in entries), entries)
        self.assertEqual({protocol for _, protocol in entries}, {"h2"}, entries)


class Firefox(Chromium):
    Browser = browsers.Firefox


if __name__ == "__main__":
    unittest.main()
