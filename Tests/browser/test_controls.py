"""The controls: a click where the browser blocks autoplay, keys, volume; and the page on a small phone."""

import json
import unittest

from support import browsers
from support.browsers.page import Page
from support.server import Server
from support.sound.control_tone import with_control_tone
from support.sound.soundcard import SoundCard
from support.waiting import TIMEOUT


class Case(unittest.TestCase):
    def open(self, Browser, autoplay=True):
        card = self.enterContext(SoundCard())
        server = self.enterContext(Server("--source", "tone"))
        server.wait_playlist(lambda playlist: len(playlist.entries) >= 3)
        self.browser = self.enterContext(Browser(card, autoplay))
        self.page = Page(self.browser, server)

    def state(self, state):
        return self.page.wait(lambda now: now["state"] == state, TIMEOUT, f"the state {state}")

    def audio(self, name):
        return self.browser.evaluate(f"document.querySelector('audio').{name}")

    def wait_audio(self, condition):
        """Waits until the media element fulfils the condition: a pressed key takes effect a moment later."""
        self.browser.wait(f"document.querySelector('audio').{condition}")


class BlockedByChromium(Case):
    Browser = browsers.Chromium

    def test_where_autoplay_is_blocked_a_big_button_plays(self):
        self.open(self.Browser, autoplay=False)
        now = self.state("blocked")
        self.assertEqual(now["reason"], "autoplay")
        self.assertTrue(self.audio("paused"))
        width, height, inside = self.browser.evaluate("""(() => {
            const box = document.querySelector("#play").getBoundingClientRect();
            const hit = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
            return [box.width, box.height, document.querySelector("#play").contains(hit)
                && box.top >= 0 && box.bottom <= innerHeight];
        })()""")
        self.assertGreaterEqual(min(width, height), 72)
        self.assertTrue(inside, "the button is visible, and no element covers it")
        self.page.screenshot(f"{self.Browser.name}-blocked")
        self.browser.click("#play")
        self.page.wait_playing()
        self.assertFalse(self.audio("paused"))


class BlockedByFirefox(BlockedByChromium):
    Browser = browsers.Firefox


class BlockedByWebKit(BlockedByChromium):
    Browser = browsers.WebKit


class Keyboard(Case):
    def test_everything_can_be_done_by_keys(self):
        self.open(browsers.Chromium)
        self.page.wait_playing()
        press = self.browser.press

        press("k")
        self.state("paused")
        self.assertTrue(self.audio("paused"))
        press("Space")
        self.state("playing")

        press("m")
        self.wait_audio("muted")
        press("m")
        self.wait_audio("muted === false")

        press("Down")
        press("Down")
        self.wait_audio("volume === 0.9")
        press("Up")
        self.wait_audio("volume === 0.95")

        behind = self.page.snapshot()["behindLive"]
        press("Left")
        now = self.page.wait(
            lambda now: now["state"] == "playing" and now["reason"] == "behind"
            and now["behindLive"] > behind + 4, TIMEOUT, "the seek back")
        press("l")
        now = self.page.wait(
            lambda now: now["reason"] == "live" and now["behindLive"] < 1.5 and now["state"] == "playing", TIMEOUT,
            "the live position")
        self.assertEqual(len(now["buffered"]), 1)

        # The Tab key reaches every control. Each control has a name and shows its focus.
        reached = []
        for _ in range(12):
            press("Tab")
            reached.append(self.browser.evaluate("""(() => {
                const element = document.activeElement, style = getComputedStyle(element);
                const name = element.getAttribute("aria-label") || element.labels?.[0]?.textContent
                    || element.textContent.trim();
                return [element.id, name !== "", style.outlineStyle !== "none" && style.outlineWidth !== "0px"
                    || style.boxShadow !== "none"];
            })()"""))
        names = {name for name, _, _ in reached}
        self.assertLessEqual({"play", "seek", "mute", "volume", "latency-mode"}, names)
        for name, is_named, is_visible in reached:
            if name:
                self.assertTrue(is_named and is_visible, name)


class Preferences(Case):
    def test_volume_and_mute_stick(self):
        self.open(browsers.Chromium)
        self.page.wait_playing()
        for _ in range(4):
            self.browser.press("Down")
        self.browser.press("m")
        # The preferences are stored a moment later.
        self.browser.wait("JSON.parse(localStorage.ringcast ?? '{}').muted")
        self.assertEqual((self.audio("volume"), self.audio("muted")), (0.8, True))
        self.page = Page(self.browser, self.page.server)
        self.page.wait_playing()
        self.assertEqual((self.audio("volume"), self.audio("muted")), (0.8, True))


class LatencyMode(Case):
    def test_how_late_to_be_is_the_listeners_choice_and_sticks(self):
        self.open(browsers.Chromium)
        self.page.server.wait_playlist(lambda playlist: len(playlist.entries) >= 7)
        now = self.page.wait_playing()
        self.assertEqual((now["latencyMode"], now["engine"]), ("low", "mse-mp3"))
        label = "document.querySelector('#latency-mode').getAttribute('aria-valuetext')"

        self.browser.evaluate("document.querySelector('#latency-mode').focus()")
        for _ in range(3):
            self.browser.press("Right")
        now = self.page.wait(
            lambda now: now["latencyMode"] == "never" and now["cushion"] > 9 and now["state"] == "playing"
            and abs(now["behindLive"] - 10.3) < 1, TIMEOUT, "the safe cushion")
        self.browser.wait(f"{label} === 'Never interrupt'")
        self.assertEqual(now["reason"], "live")

        for _ in range(4):
            self.browser.press("Left")
        self.page.wait(
            lambda now: now["engine"] == "webcodecs" and now["state"] == "playing" and now["behindLive"] < 1, TIMEOUT,
            "another engine")
        self.browser.wait(f"{label} === 'As live as possible'")
        self.browser.wait("JSON.parse(localStorage.ringcast).latencyMode === 'live'")
        self.page = Page(self.browser, self.page.server)
        now = self.page.wait_playing()
        self.assertEqual((now["latencyMode"], now["engine"]), ("live", "webcodecs"))
        self.assertEqual(self.browser.errors(), [])

    def test_pausing_the_second_engine_stops_it_where_it_is(self):
        self.open(browsers.Chromium)
        self.browser.open(f"{self.page.server.url}?latency=live")
        self.page.wait_playing()
        self.browser.press("k")
        self.state("paused")
        paused = self.page.snapshot()["currentTime"]
        self.page.wait(lambda now: now["behindLive"] > 4, TIMEOUT, "four seconds behind live")
        self.assertAlmostEqual(self.page.snapshot()["currentTime"], paused, delta=0.3)
        self.browser.press("l")
        self.page.wait(lambda now: now["state"] == "playing" and now["behindLive"] < 1, TIMEOUT, "the live position")


class Fallback(Case):
    def test_where_webcodecs_can_t_play_the_first_engine_does(self):
        self.open(browsers.WebKit)
        self.browser.open(f"{self.page.server.url}?cushion=live")
        now = self.page.wait_playing()
        self.assertEqual((now["latencyMode"], now["engine"]), ("live", "mse-mp3"))


class Pause(Case):
    def test_after_a_pause_it_goes_on_and_one_click_leads_back_to_live(self):
        self.open(browsers.Chromium)
        self.page.wait_playing()
        self.browser.click("#play")
        self.state("paused")
        paused = self.page.snapshot()
        self.page.wait(lambda now: now["lastSequence"] >= paused["lastSequence"] + 3, TIMEOUT, "three more segments")
        self.assertEqual(self.page.snapshot()["currentTime"], paused["currentTime"])
        self.browser.click("#play")
        now = self.page.wait(
            lambda now: now["state"] == "playing" and now["reason"] in ("behind", "live"), TIMEOUT,
            "playback after the pause")
        if now["reason"] == "behind":
            self.browser.click("#live")
        now = self.page.wait(
            lambda now: now["state"] == "playing" and now["reason"] == "live" and now["behindLive"] < 1.5, TIMEOUT,
            "the live position")
        self.assertEqual(len(now["buffered"]), 1)


class Notice(unittest.TestCase):
    def test_without_a_capture_device_the_page_shows_the_notice(self):
        with SoundCard() as microphone, SoundCard() as card:
            microphone.unplug()
            with Server(environment=microphone.environment) as server, browsers.Chromium(card) as browser:
                server.wait_playlist(lambda playlist: len(playlist.entries) >= 2)
                page = Page(browser, server)
                now = page.wait(lambda now: now["notice"], TIMEOUT, "the notice")
                self.assertEqual(now["notice"], server.information()["notice"])
                browser.wait(f"document.body.innerText.includes({json.dumps(now['notice'])})")
                page.wait_playing()

    def test_a_card_that_fails_is_a_notice_on_a_page_that_plays_on(self):
        with SoundCard() as microphone, SoundCard() as card:
            with Server(environment=microphone.environment) as server, browsers.Chromium(card) as browser:
                server.wait_playlist(lambda playlist: len(playlist.entries) >= 3)
                page = Page(browser, server)

                def fails_and_comes_back():
                    before = page.wait_playing()
                    self.assertIsNone(before["notice"])
                    microphone.unplug()
                    now = page.wait(lambda now: now["notice"], TIMEOUT, "the notice")
                    self.assertEqual(now["notice"], "The sound device is gone: silence is sent until it is back")
                    browser.wait(f"document.body.innerText.includes({json.dumps(now['notice'])})")
                    microphone.plug()
                    now = page.wait(lambda now: now["notice"] is None, TIMEOUT, "the end of the notice")
                    self.assertEqual((now["state"], now["stalls"]), ("playing", before["stalls"]))
                    self.assertEqual(len(now["buffered"]), 1)
                with_control_tone(card, 60, fails_and_comes_back)


class Phone(Case):
    def test_nothing_has_to_be_scrolled_sideways(self):
        self.open(browsers.Chromium)
        self.page.wait_playing()
        for scheme in ("dark", "light"):
            self.browser.prefer(scheme)
            for width, height in ((320, 568), (360, 740), (412, 915), (740, 360), (768, 1024), (1280, 900)):
                with self.subTest(f"{width} × {height}, {scheme}"):
                    self.browser.resize(width, height)
                    self.browser.wait(f"innerWidth === {width}")
                    self.assertLessEqual(self.browser.evaluate("document.documentElement.scrollWidth"), width)
                    # Every button is large enough for a thumb.
                    small = self.browser.evaluate("""[...document.querySelectorAll("button")].filter((button) => {
                        const { width, height } = button.getBoundingClientRect();
                        return width && Math.min(width, height) < 24;
                    }).map((button) => button.id)""")
                    self.assertEqual(small, [])
                    self.page.screenshot(f"chromium-{width}x{height}-{scheme}")


if __name__ == "__main__":
    unittest.main()
