"""The operators' page: its content, and its requests."""

import json
import tempfile
import time
import unittest
import urllib.request

from support import browsers
from support.browsers.page import OUT
from support.server import Server
from support.sound.soundcard import SoundCard
from support.waiting import TIMEOUT, wait_until

TOKEN = "open-sesame"


class Case(unittest.TestCase):
    Browser = browsers.Chromium

    def setUp(self):
        self.card = self.enterContext(SoundCard())

    def serve(self, *flags):
        return self.enterContext(Server("--segment-length", "1", *flags, environment=self.card.environment))

    def browse(self, **options):
        self.browser = self.enterContext(self.Browser(self.card, **options))
        return self.browser

    def text(self, selector):
        return self.browser.evaluate(f"document.querySelector({json.dumps(selector)}).textContent")

    def wait_text(self, selector, words, seconds=15):
        latest = None

        def look():
            nonlocal latest
            latest = self.text(selector)
            return words in latest
        wait_until(look, seconds, lambda: f"{words} in {selector}, which contains {latest}")

    def screenshot(self, name):
        OUT.mkdir(exist_ok=True)
        self.browser.screenshot(OUT / f"{self.browser.name}-status-{name}.png")


class Shown(Case):
    def test_the_ring_the_listeners_the_levels_and_the_log_live(self):
        titles = self.enterContext(tempfile.NamedTemporaryFile("w", prefix="titles."))
        titles.write("title=Spring\nartist=Nobody\n")
        titles.flush()
        server = self.serve("--source", "tone", "--admin-port", "0", "--metadata-file", titles.name)
        browser = self.browse()
        browser.open(server.operator_page)
        url = server.operator_page.partition("?")[0]
        self.wait_text("#headline", "On air")
        self.assertEqual(self.text("#listeners"), "0")
        with urllib.request.urlopen(url + "status", timeout=10) as response:
            recording = json.load(response)["ring"]["recording"]["sequence"]
        connection = server.connect(30)
        self.addCleanup(connection.close)
        connection.request("GET", f"/live/{recording + 1}.mp3")
        for sequence in (recording, recording + 3):
            self.wait_text("#ring .segments", str(sequence)[-3:])
        self.wait_text("#listeners", "1")
        self.wait_text("#listeners-word", "listener")
        self.wait_text("#log", "listening on")
        self.wait_text("#facts", "128 kbit/s, 48 kHz, stereo")
        self.assertRegex(self.text("#levels"), r"^Lpeak −\d+\.\d dBrms −\d+\.\d dBRpeak")
        self.assertTrue(browser.evaluate("document.querySelector('#plot .line').getAttribute('d').startsWith('M')"))
        self.assertRegex(
            browser.evaluate("document.querySelector('#plot').getAttribute('aria-label')"),
            "^Listeners in the last hour")
        self.assertEqual((self.text("#alarm"), self.text("#playing")), ("", "Nobody – Spring"))
        if self.Browser is browsers.Chromium:
            for width, height, scheme in ((1280, 900, "light"), (1280, 900, "dark"), (360, 740, "dark")):
                browser.resize(width, height)
                browser.prefer(scheme)
                self.assertTrue(browser.evaluate("document.documentElement.scrollWidth <= innerWidth"), width)
                self.wait_text("#headline", "On air")
                self.screenshot(f"{width}-{scheme}")
        if self.Browser is not browsers.WebKit:  # The driver does not report the console.
            self.assertEqual(browser.errors(), [])

        server.stop()
        self.wait_text("#headline", "Not reachable")


class FirefoxShown(Shown):
    Browser = browsers.Firefox


class WebKitShown(Shown):
    Browser = browsers.WebKit


class Alarm(Case):
    def test_a_device_that_is_gone_is_an_alarm_until_it_is_back(self):
        server = self.serve("--source", "alsa")
        browser = self.browse()
        browser.open(server.operator_page)
        self.wait_text("#headline", "On air")
        self.card.unplug()
        self.wait_text("#headline", "Alarm")
        self.assertEqual(
            browser.evaluate("document.querySelector('#alarm').getAttribute('role')"), "alert")
        self.assertIn("The sound device is gone: silence is sent until it is back.", self.text("#alarm"))
        self.wait_text("#alarm-age", "Since ")
        self.wait_text("#log", "error")
        self.screenshot("alarm")
        self.card.plug()
        self.wait_text("#headline", "On air", 30)
        self.assertEqual(self.text("#alarm"), "")


class Asked(Case):
    def asked(self):
        return sum("/status" in url and "html" not in url for url in self.browser.requests())

    def test_a_hidden_page_sends_no_requests(self):
        server = self.serve("--source", "tone")
        # In headless mode no page is ever hidden.
        browser = self.browse(headless=False)
        browser.open(server.operator_page)
        wait_until(lambda: self.asked() >= 3, 15, "three requests")
        with browser.behind_another_tab():
            # A request may be under way or due.
            time.sleep(2)
            before = self.asked()
            time.sleep(4)
            self.assertEqual(self.asked(), before)
        wait_until(lambda: self.asked() > before, TIMEOUT, "another request")

    def test_the_page_asks_for_a_token_and_keeps_it(self):
        server = self.serve("--source", "tone", "--admin-token", TOKEN)
        browser = self.browse()
        browser.open(server.url + "status.html")
        self.wait_text("#headline", "A token is needed")
        self.screenshot("token")
        for token in ("wrong-one", TOKEN):
            browser.click("#token")
            for key in [*token, "Enter"]:
                browser.press(key)
            self.wait_text("#sentence" if token != TOKEN else "#headline", "not valid" if token != TOKEN else "On air")
        self.assertEqual(browser.evaluate("location.href"), server.url + "status.html")
        self.assertFalse(browser.evaluate("document.cookie"), "a script can't read it")
        browser.open(server.url + "status.html")
        self.wait_text("#headline", "On air")


if __name__ == "__main__":
    unittest.main()
