"""The count of listeners with real pages."""

import subprocess
import unittest

from support import browsers, processes
from support.browsers.page import Page
from support.formats.metrics import Metrics
from support.server import Server
from support.sound.soundcard import SoundCard
from support.waiting import TIMEOUT, wait_until


class Chromium(unittest.TestCase):
    def setUp(self):
        self.server = self.enterContext(Server("--source", "tone", "--segment-length", "1"))
        wait_until(lambda: Metrics(self.server)["ringcast_ring_segments"] >= 4, 15, "four segments")
        self.browser = self.enterContext(browsers.Chromium(self.enterContext(SoundCard())))

    def tab(self):
        """A playing page in a new tab."""
        tab = self.browser.session.command("POST", "/window/new", {"type": "tab"})
        self.browser.session.command("POST", "/window", {"handle": tab["handle"]})
        page = Page(self.browser, self.server)
        page.wait_playing()
        return page

    def start(self, command):
        child = processes.start(
            ["sh", "-c", command, "sh", self.server.url], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(processes.end, child)

    @property
    def listeners(self):
        return Metrics(self.server).listeners

    def wait(self, listeners, seconds=TIMEOUT):
        wait_until(lambda: self.listeners == listeners, seconds, lambda: f"{listeners}, not {self.listeners}")

    def stays(self, page, listeners, seconds):
        """Checks for some seconds that the count stays, and that no listener is counted again."""
        sessions = Metrics(self.server)["ringcast_sessions_total"]
        for _ in page.samples(seconds):
            self.assertEqual(self.listeners, listeners)
        self.assertEqual(Metrics(self.server)["ringcast_sessions_total"], sessions)

    def test_two_pages_a_curl_loop_and_a_curl_of_growing_segments_are_four_listeners(self):
        self.tab()
        page = self.tab()
        self.wait([0, 0, 2, 0])
        self.start('while curl -sf -o /dev/null "$1live.m3u8"; do sleep 0.5; done')
        sequence = int(Metrics(self.server)["ringcast_ring_last_sequence"]) + 1
        self.start(f'exec curl -sf "$1live/[{sequence}-{sequence + 1000}].mp3"')
        self.wait([1, 0, 3, 0])

        # Seeks back and to the live end: the page stays the same listener.
        for key in ("Left", "Left", "End"):
            self.browser.press(key)
            self.stays(page, [1, 0, 3, 0], 2)

        self.browser.session.command("DELETE", "/window")
        self.wait([1, 0, 2, 0])

    def test_a_page_that_is_paused_is_no_listener_until_it_plays_again(self):
        page = self.tab()
        self.wait([0, 0, 1, 0])
        self.browser.evaluate("document.querySelector('#audio').pause()")
        page.wait(lambda now: now["state"] == "paused", TIMEOUT, "the pause")
        self.wait([0, 0, 0, 0], 30)
        self.browser.click("#play")
        self.wait([0, 0, 1, 0])
