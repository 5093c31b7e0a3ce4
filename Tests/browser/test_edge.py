"""The page through caches, https and HTTP/2: it plays, and goes on when a cache or the server was away."""

import tempfile
import unittest

from support import browsers
from support.certificate import Certificate
from support.edges import Nginx, NginxBeforeVarnish, Varnish
from support.page import Page
from support.server import Server
from support.soundcard import SoundCard

AWAY = 10


class Edge:
    """One way through; a subclass puts up `edges`, those in front first, between `self.server` and the page."""

    # The page may say that it is so many seconds behind live.
    behind = 1.5

    def setUp(self):
        self.card = self.enterContext(SoundCard())
        self.sound = self.enterContext(tempfile.TemporaryDirectory(prefix="sound."))
        self.server = self.start()
        self.server.wait_playlist(lambda playlist: len(playlist.entries) >= 4)
        self.certificate = self.enterContext(Certificate())
        self.edges = self.put_up()
        self.browser = self.enterContext(browsers.Chromium(self.card))
        self.page = Page(self.browser, self.server, front=self.edges[0])
        self.page.wait_playing()
        self.browser.evaluate("window.marker = 'the same page'")

    def start(self, port=0):
        return self.enterContext(Server("--source", "tone", sound=self.sound, port=port))

    def plays(self):
        """For some seconds, without a break, near the live end."""
        samples = [now for _, now in self.page.samples(6)]
        self.assertEqual({now["state"] for now in samples}, {"playing"})
        self.assertGreater(samples[-1]["sequence"], samples[0]["sequence"])
        self.assertLess(samples[-1]["behindLive"], self.behind)

    def plays_on(self, before):
        """It plays what was recorded after that, and is the same page."""
        def wait(condition, seconds, what):
            self.page.wait(lambda now: now["state"] == "playing" and condition(now), seconds, what)
        wait(lambda now: (now["sequence"] or 0) > before["lastSequence"] + 4, 30, "it plays on")
        wait(lambda now: now["behindLive"] < self.behind, 20, "it is near live again")
        self.assertEqual(self.browser.evaluate("window.marker"), "the same page")

    def test_it_plays_and_goes_on_when_a_cache_or_the_server_was_away(self):
        self.plays()
        protocols = self.browser.evaluate(
            "[...new Set(performance.getEntriesByType('resource').map((entry) => entry.nextHopProtocol))]")
        self.assertEqual(protocols, ["h2"])
        for edge in self.edges:
            with self.subTest(edge.name):
                before = self.page.snapshot()
                edge.stop()
                self.page.samples(AWAY)
                edge.start()
                self.plays_on(before)
        before = self.page.snapshot()
        self.server.kill()
        self.page.samples(AWAY)
        self.page.server = self.start(self.server.port)
        self.plays_on(before)
        self.plays()


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
