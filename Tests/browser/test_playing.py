"""The page in real browsers starts by itself and plays at the pace of the clock, near the live end. It shows the sound of the
whole ring, and the titles of before."""

import unittest
from urllib.parse import urlsplit

from support import browsers
from support.browsers.page import Page
from support.server import Server
from support.sound.control_tone import ATTEMPTS, ControlTone
from support.sound.soundcard import SoundCard
from support.waiting import TIMEOUT, wait_until

SECONDS = 12
# The segments that the page shows, the number of those without a picture, and the addresses of pictures asked for.
RING = """(() => {
    const groups = [...document.querySelectorAll('#ring .segment:not(.leaving)')];
    const heights = (group) => [...group.querySelectorAll('path')].flatMap((path) =>
        [...(path.getAttribute('d') ?? '').matchAll(/M([\\d.-]+),([\\d.-]+)L([\\d.-]+),([\\d.-]+)/g)]
            .map(([, ...n]) => Math.hypot(n[2] - n[0], n[3] - n[1])));
    return {
        count: groups.length, dotted: groups.filter((group) => group.classList.contains('unfetched')).length,
        flat: groups.filter((group) => !(Math.max(0, ...heights(group)) > 4)).length,
        asked: performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => /\\.peaks(\\?|$)/.test(name)),
    };
})()"""
# An engine gets the frames of a segment one by one. The answer is the number of frames, and of those frames whose place
# the engine knows at the end.
FRAME_BY_FRAME = """(async () => {
    const script = document.querySelector('script[src$="js/main.js"]').src;
    const load = (module) => import(new URL(module, script));
    const { MSEEngine } = await load('playback/engines/engine-mse.js');
    const { SegmentReader } = await load('mp3/segment-reader.js');
    const playlist = await (await fetch('live.m3u8')).text();
    const bytes = await (await fetch(playlist.match(/^[^#].*\\.mp3$/m)[0])).arrayBuffer();
    const whole = new SegmentReader({ sequence: 7, date: null }, 0).push(new Uint8Array(bytes));
    const seconds = whole.durationSeconds / whole.frames.length;
    const engine = new MSEEngine(document.createElement('audio'), { behindSecondsToKeep: () => 60 });
    let failure = null;
    engine.addEventListener('error', ({ error }) => { failure = String(error); });
    for (const [index, frame] of whole.frames.entries()) {
        await engine.append({ ...whole, offsetSeconds: index * seconds, frames: [frame], durationSeconds: seconds });
    }
    const { end } = engine.timeline;
    const known = whole.frames.filter((_, index) => {
        const time = engine.timeline.find(7, index * seconds);
        return Math.abs(time - end + (whole.frames.length - index) * seconds) < 0.01;
    });
    engine.close();
    return { failure, frames: whole.frames.length, known: known.length };
})()"""


class Playing:
    """The tests of every browser. They measure time, so that each class runs alone: two browsers on two cores slow each
    other down."""

    alone = True

    @classmethod
    def setUpClass(cls):
        card = cls.enterClassContext(SoundCard())
        cls.server = cls.enterClassContext(Server("--source", "tone"))
        cls.server.wait_playlist(lambda playlist: len(playlist.entries) >= 4)
        cls.browser = cls.enterClassContext(cls.Browser(card))
        cls.page = Page(cls.browser, cls.server)
        cls.page.wait_playing()
        # The samples of a machine that was too busy are discarded.
        for _ in range(ATTEMPTS):
            control = ControlTone(card, 2 * SECONDS)
            cls.samples = cls.page.samples(SECONDS)
            if not control.stop().flaw_times:
                break
        cls.page.screenshot(cls.Browser.name)

    def test_it_says_that_it_plays(self):
        self.assertEqual({now["state"] for _, now in self.samples}, {"playing"})
        self.assertEqual({now["engine"] for _, now in self.samples}, {self.engine})

    def test_its_time_advances_in_step_with_the_clock(self):
        (begin, first), (end, last) = self.samples[0], self.samples[-1]
        elapsed = end - begin
        # The page may vary the playback rate by one per cent.
        self.assertAlmostEqual(last["currentTime"] - first["currentTime"], elapsed, delta=0.01 * elapsed + 0.1)
        self.assertAlmostEqual(last["elapsed"] - first["elapsed"], elapsed, delta=0.01 * elapsed + 0.6)
        self.assertEqual((last["stalls"], last["jumps"]), (first["stalls"], first["jumps"]))

    def test_one_contiguous_range_is_buffered_around_it(self):
        for _, now in self.samples:
            self.assertEqual(len(now["buffered"]), 1, now)
            begin, end = now["buffered"][0]
            self.assertLess(begin, now["currentTime"])
            self.assertGreater(end, now["currentTime"])

    def test_an_engine_takes_its_first_sound_frame_by_frame(self):
        heard = self.browser.evaluate(FRAME_BY_FRAME)
        self.assertIsNone(heard["failure"])
        self.assertGreater(heard["frames"], 50)
        self.assertEqual(heard["known"], heard["frames"])

    def test_it_is_behind_live_by_less_than_a_segment(self):
        behind = [now["behindLive"] for _, now in self.samples]
        # The newest encoded sound is some tens of milliseconds old.
        self.assertGreater(min(behind), 0.1)
        self.assertLess(max(behind), 1.5)
        self.assertGreater(min(now["cushion"] for _, now in self.samples), 0.05)

    def test_it_follows_the_ring(self):
        for key in ("sequence", "lastSequence"):
            heard = [now[key] for _, now in self.samples]
            self.assertEqual(heard, sorted(heard))
            self.assertGreaterEqual(heard[-1] - heard[0], SECONDS // 2 - 1)
        for _, now in self.samples:
            self.assertLessEqual(now["firstSequence"], now["lastSequence"])

    def test_no_request_leaves_the_origin(self):
        requests = self.browser.requests()
        self.assertGreater(len(requests), 10)
        foreign = [url for url in requests if urlsplit(url).netloc != urlsplit(self.server.url).netloc]
        self.assertEqual(foreign, [])


class Console:
    """The test of the browsers whose driver reports the messages of the console."""

    def test_the_console_is_silent(self):
        self.assertEqual(self.browser.errors(), [])


class Chromium(Playing, Console, unittest.TestCase):
    Browser = browsers.Chromium
    engine = "mse-mp3"


class Firefox(Playing, Console, unittest.TestCase):
    Browser = browsers.Firefox
    engine = "mse-mp4"


class WebKit(Playing, unittest.TestCase):
    Browser = browsers.WebKit
    engine = "mse-mp3"


class Waveform(unittest.TestCase):
    def test_the_whole_ring_is_drawn_before_it_is_heard_and_titles_of_before_are_listed(self):
        server = self.enterContext(Server("--source", "tone", "--segment-length", "1", "--ring-size", "10"))
        for title in ("Earlier <b>", "Now"):
            server.set_now_playing(server.operator_token, title=title)
            wait_until(lambda: title.encode() in server.get("/live.m3u8"), TIMEOUT, title)
        server.wait_playlist(lambda playlist: len(playlist.entries) >= 10)
        card = self.enterContext(SoundCard())
        browser = self.enterContext(browsers.Chromium(card))
        page = Page(browser, server)
        page.wait_playing()

        def drawn():
            ring = browser.evaluate(RING)
            # The segment that is recorded has no picture before its first sound.
            return ring if ring["count"] >= 10 and ring["dotted"] == 0 and ring["flat"] <= 1 else None
        ring = wait_until(drawn, TIMEOUT, lambda: f"a picture of each segment: {browser.evaluate(RING)}")
        heard = page.snapshot()["elapsed"]
        self.assertLess(heard, 9)
        self.assertEqual(sum("ring.peaks" in address for address in ring["asked"]), 1, ring)
        # The page draws the sound that it plays without asking.
        self.assertLessEqual(len(ring["asked"]), 3, ring)
        browser.wait("document.querySelector('#before li')?.textContent.includes('Earlier <b>')")
        self.assertEqual(browser.errors(), [])


if __name__ == "__main__":
    unittest.main()
