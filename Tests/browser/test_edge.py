"""The page through caches, https and HTTP/2: it plays, and plays on after an outage of a cache or of the server."""

import tempfile
import unittest

from support import browsers
from support.browsers.page import Page
from support.machine.certificate import Certificate
from support.proxies.edges import Nginx, NginxBeforeVarnish, Varnish
from support.server import Server
from support.sound.control_tone import with_control_tone
from support.sound.soundcard import SoundCard

AWAY = 10


class Edge:
    """The tests of each chain of caches. A subclass starts `edges` between `self.server` and the page, the outermost
    first."""

    # The most that the page may report as its delay behind live, in seconds.
    behind = 1.5

    def setUp(self):
        self.card = self.enterContext(SoundCard())
        self.sound = self.enterContext(tempfile.TemporaryDirectory(prefix="sound."))
        self.server = self.start()
        self.server.wait_playlist(lambda playlist: len(playlist.entries) >= 4)
        self.certificate = self.enterContext(Certificate())
        self.edges = self.start_edges()
        self.browser = self.enterContext(browsers.Chromium(self.card))

    def start(self, port=0):
        return self.enterContext(Server("--source", "tone", sound=self.sound, port=port))

    def open(self):
        """Opens a new page for each outage, because a page that has met two outages keeps a larger cushion."""
        self.page = Page(self.browser, self.server, front=self.edges[0])
        self.page.wait_playing()
        self.browser.evaluate("window.marker = 'the same page'")

    def plays(self):
        """Checks that the page plays for some seconds without a pause, near the live end."""

        def steadily():
            samples = [now for _, now in self.page.samples(6)]
            self.assertEqual({now["state"] for now in samples}, {"playing"})
            self.assertGreater(samples[-1]["sequence"], samples[0]["sequence"])
            self.assertLess(samples[-1]["behindLive"], self.behind)
        with_control_tone(self.card, 10, steadily)

    def plays_on_after(self, stop, start):
        """Checks that the page plays the sound from after an outage, near the live end, without a reload."""
        self.open()
        before = self.page.snapshot()
        stop()
        self.page.samples(AWAY)
        start()

        def wait(condition, seconds, what):
            self.page.wait(lambda now: now["state"] == "playing" and condition(now), seconds, what)
        wait(lambda now: (now["sequence"] or 0) > before["lastSequence"] + 4, 30, "playback after the outage")
        wait(lambda now: now["behindLive"] < self.behind, 20, "the live position")
        self.plays()
        self.assertEqual(self.browser.evaluate("window.marker"), "the same page")

    def test_it_plays(self):
        self.open()
        self.plays()
        protocols = self.browser.evaluate(
            "[...new Set(performance.getEntriesByType('resource').map((entry) => entry.nextHopProtocol))]")
        self.assertEqual(protocols, ["h2"])

    def test_it_goes_on_when_a_cache_was_away(self):
        for edge in self.edges:
            with self.subTest(edge.name):
                self.plays_on_after(edge.stop, edge.start)

    def test_it_goes_on_when_the_server_was_away(self):
        self.plays_on_after(self.server.kill, lambda: self.start(self.server.port))


class ThroughNginx(Edge, unittest.TestCase):
    # The page takes parts here, and nginx checks waiting requests every half second.
    behind = 3

    def start_edges(self):
        return [self.enterContext(Nginx(self.server.port, self.certificate))]


class ThroughVarnish(Edge, unittest.TestCase):
    def start_edges(self):
        varnish = self.enterContext(Varnish(self.server.port))
        return [self.enterContext(NginxBeforeVarnish(varnish.port, self.certificate)), varnish]


if __name__ == "__main__":
    unittest.main()
