"""The page through caches, https and HTTP/2: it plays, and goes on when a cache or the server was away."""

import tempfile
import unittest

from support import browsers
from support.browsers.page import Page
from support.machine.certificate import Certificate
from support.proxies.edges import Nginx, NginxBeforeVarnish, Varnish
from support.server import Server
from support.sound.soundcard import SoundCard

AWAY = 10


class Edge:
    """One way through; a subclass puts up `edges`, those in front first, between `self.server` and the page."""

    # The page may say that it is so many seconds behind live.
    behind = 1.5

    def setUp(self):
        card = self.enterContext(SoundCard())
        self.sound = self.enterContext(tempfile.TemporaryDirectory(prefix="sound."))
        self.server = self.start()
        self.server.wait_playlist(lambda playlist: len(playlist.entries) >= 4)
        self.certificate = self.enterContext(Certificate())
        self.edges = self.put_up()
        self.browser = self.enterContext(browsers.Chromium(card))

    def start(self, port=0):
        return self.enterContext(Server("--source", "tone", sound=self.sound, port=port))

    def open(self):
        """A new page each time: who has met two outages keeps more in hand."""
        self.page = Page(self.browser, self.server, front=self.edges[0])
        self.page.wait_playing()
        self.browser.evaluate("window.marker = 'the same page'")

    def plays(self):
        """For some seconds, without a break, near the live end."""
        samples = [now for _, now in self.page.samples(6)]
        self.assertEqual({now["state"] for now in samples}, {"playing"})
        self.assertGreater(samples[-1]["sequence"], samples[0]["sequence"])
        self.assertLess(samples[-1]["behindLive"], self.behind)

    def plays_on_after(self, stop, start):
        """What was recorded after it was away, near the live end, and it is the same page."""
        self.open()
        before = self.page.snapshot()
        stop()
        self.page.samples(AWAY)
        start()

        def wait(condition, seconds, what):
            self.page.wait(lambda now: now["state"] == "playing" and condition(now), seconds, what)
        wait(lambda now: (now["sequence"] or 0) > before["lastSequence"] + 4, 30, "it plays on")
        wait(lambda now: now["behindLive"] < self.behind, 20, "it is near live again")
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
    # By parts, and nginx makes those who wait look again every half a second.
    behind = 3

    def put_up(self):
        return [self.enterContext(Nginx(self.server.port, self.certificate))]


class ThroughVarnish(Edge, unittest.TestCase):
    def put_up(self):
        varnish = self.enterContext(Varnish(self.server.port))
        return [self.enterContext(NginxBeforeVarnish(varnish.port, self.certificate)), varnish]


if __name__ == "__main__":
    unittest.main()
