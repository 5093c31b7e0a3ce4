"""The pictures of a stream in the player's page: each is shown when its sound is heard."""

import asyncio
import threading
import time
import unittest

import numpy as np

from support import browsers
from support.browsers.page import Page
from support.clients.picture_piece import pieces
from support.clients.room_member import websockets
from support.clients.talker import Talker
from support.formats import jpeg
from support.server import Server
from support.sound.soundcard import RATE, SoundCard
from support.waiting import TIMEOUT, wait_until

# A picture comes in each fifth of a second. At each full second, a burst begins whose tone tells the second.
PICTURE_MS = 200
BURST_SECONDS = 0.15
TONES = [500 + 170 * index for index in range(8)]
# The picture and the sound are in step within this time, in seconds.
STEP = 0.1
SECONDS = 7
# Pictures of full seconds in a measurement, and measurements.
LEAST, ATTEMPTS = 3, 3

# Notes the number that each picture shows, and the time in seconds since 1970 at which the page draws the picture.
WATCH = """(() => {
    window.shown = [];
    const canvas = document.querySelector('#picture canvas');
    const reader = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    let last = null;
    const look = () => {
        requestAnimationFrame(look);
        if (document.querySelector('#picture').hidden || canvas.dataset.id === last) return;
        last = canvas.dataset.id;
        reader.drawImage(canvas, 0, 0);
        const { data } = reader.getImageData(0, 0, canvas.width, canvas.height);
        let number = 0;
        for (let row = 0; row < 6; row++) {
            for (let column = 0; column < 8; column++) {
                number = 2 * number + (data[4 * ((8 * row + 4) * canvas.width + 8 * column + 4)] > 128);
            }
        }
        shown.push([number, (performance.timeOrigin + performance.now()) / 1000]);
    };
    look();
    return true;
})()"""


def clock_sound(samples):
    """The bursts of the seconds, as a function of the numbers of samples."""
    seconds = samples // RATE
    within = samples / RATE - seconds
    tones = np.take(TONES, seconds % len(TONES))
    return np.where(within < BURST_SECONDS, 0.3 * np.sin(2 * np.pi * tones * within), 0)


class Clock:
    """A member on the air whose sound and whose pictures tell the same time. To be used with `with`."""

    def __init__(self, server):
        self._server = server
        self._ended = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()))

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._ended.set()
        self._thread.join(TIMEOUT)

    async def _run(self):
        talker = await Talker.join(
            self._server, "studio", "Clock", sound="none", token=self._server.operator_token)
        talker.talk(clock_sound)
        await talker.send("agree", on=True)
        await talker.send("show", on=True)
        while talker.began is None:
            await asyncio.sleep(0.01)
        number = 0
        while not self._ended.is_set():
            number += 1
            milliseconds = number * PICTURE_MS
            await asyncio.sleep(max(0, talker.began + milliseconds / 1000 - time.monotonic()))
            for message in pieces(number, milliseconds * RATE // 1000, jpeg.number(milliseconds)):
                await talker.send_raw(message)
            talker.pass_over()
        await talker.close()


def onsets(recording):
    """The bursts that were heard: (index of the tone, time of the beginning on the monotonic clock)."""
    sound = np.abs(recording.sound)
    hop = RATE // 500
    envelope = sound[: len(sound) // hop * hop].reshape(-1, hop).max(1)
    loud = envelope > 0.1 * envelope.max()
    found, quiet = [], 0
    for place, is_loud in enumerate(loud):
        if is_loud and quiet > 100:
            piece = recording.sound[place * hop + RATE // 50 : place * hop + RATE // 8]
            spectrum = np.abs(np.fft.rfft(piece * np.hanning(len(piece)), RATE))
            tone = int(np.argmin(np.abs(np.array(TONES) - np.argmax(spectrum[300:2000]) - 300)))
            found.append((tone, recording.start + place * hop / RATE))
        quiet = 0 if is_loud else quiet + 1
    return found


@unittest.skipIf(websockets is None, "python3-websockets is not installed")
class Chromium(unittest.TestCase):
    """Runs alone, because the test measures sound."""

    alone = True

    def test_the_picture_and_the_sound_are_in_step_at_live_and_wherever_the_listener_is(self):
        card = self.enterContext(SoundCard())
        server = self.enterContext(Server("--source", "room:studio", "--rooms", "--room-open", "talker", "--ring-size", 15))
        self.enterContext(Clock(server))
        server.wait_playlist(lambda playlist: len(playlist.entries) >= 7, 30)
        browser = self.enterContext(browsers.Chromium(card))
        page = Page(browser, server)
        page.wait_playing()
        browser.wait("!document.querySelector('#picture').hidden", what="a picture")
        self.assertTrue(browser.evaluate("Boolean(document.querySelector('#picture canvas').getAttribute('aria-label'))"))
        browser.evaluate(WATCH)
        self.assert_in_step(card, browser, page, "at live", lambda now: now["reason"] == "live")
        browser.press("Left")
        browser.press("Left")
        self.assert_in_step(card, browser, page, "ten seconds behind", lambda now: now["behindLive"] > 8)
        browser.press("Left")
        self.assert_in_step(card, browser, page, "after a seek", lambda now: now["behindLive"] > 13)
        self.assertEqual(browser.errors(), [])
        page.screenshot("picture-desk")
        for scheme in ("dark", "light"):
            browser.prefer(scheme)
            for width, height in ((390, 844), (1280, 900)):
                browser.resize(width, height)
                self.assertLessEqual(browser.evaluate("document.documentElement.scrollWidth"), width)
                page.screenshot(f"picture-{width}x{height}-{scheme}")

    def assert_in_step(self, card, browser, page, where, is_there):
        page.wait(lambda now: now["state"] == "playing" and now["behindLive"] and is_there(now), 20, where)
        for _ in range(ATTEMPTS):
            late, facts = self.measure(card, browser)
            # A machine that is too busy plays no sound, or draws no pictures, for a while.
            if len(late) >= LEAST:
                break
        print(f"{where}: pictures later than their sound by {[round(1000 * value) for value in late]} ms")
        self.assertGreaterEqual(len(late), LEAST, f"{where}: {facts}\n{page.snapshot()}")
        self.assertLess(abs(float(np.median(late))), STEP, f"{where}: {late}\n{page.snapshot()}")

    def measure(self, card, browser):
        """By how much each picture of a full second was later than the burst of that second, in seconds; and the facts."""
        browser.evaluate("shown.length = 0")
        recorder = card.record("spk")
        recorder.wait(SECONDS)
        recording = recorder.stop()
        # From the wall clock to the monotonic one.
        offset = time.monotonic() - time.time()
        shown = {number // 1000: at + offset for number, at in browser.evaluate("shown") if number % 1000 == 0}
        heard = onsets(recording)
        late = []
        for tone, at in heard:
            times = [seen for second, seen in shown.items() if second % len(TONES) == tone]
            if times:
                late.append(min((seen - at for seen in times), key=abs))
        return late, (heard, shown)


if __name__ == "__main__":
    unittest.main()
