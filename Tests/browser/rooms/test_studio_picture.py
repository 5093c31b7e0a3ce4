"""The camera in the studio: a person agrees to be shown, and the listeners get the pictures with the sound."""

import json
import unittest

from support import browsers
from support.browsers.studio_page import StudioPage
from support.server import Server
from support.sound.soundcard import SoundCard
from support.waiting import TIMEOUT, wait_until

# Chromium's own camera and microphone: a green picture with a clock, and beeps.
FLAGS = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]


class Chromium(unittest.TestCase):
    def setUp(self):
        card = self.enterContext(SoundCard(1))
        self.server = self.enterContext(Server("--source", "room:live", "--rooms", "--segment-length", 1))
        self.server.wait_playlist(lambda playlist: len(playlist.entries) >= 3)
        self.browser = self.enterContext(browsers.Chromium(card.seats[0], flags=FLAGS))
        self.studio = StudioPage(self.browser, self.server, keeps_signal=False)

    def picture(self):
        answer = self.server.request("/live/picture.jpg")
        return answer.body if answer.status == 200 else None

    def listed(self):
        return json.loads(self.server.request("/live/pictures.json").body)["pictures"]

    def test_listeners_see_the_person_from_the_press_of_the_button_to_the_next_press(self):
        self.studio.go_live()
        self.assertIsNone(self.picture(), "nobody is shown without having agreed")
        self.browser.evaluate("document.querySelector('#camera-rate').value = '5'")
        self.browser.click("#camera")
        self.studio.wait(lambda now: now["picture"]["isShown"] and now["picture"]["sent"] > 8, "the stills")
        self.assertEqual(self.studio.text("camera-said"), "Listeners see you now.")
        first = wait_until(self.picture, TIMEOUT, "a picture")
        self.assertEqual(first[:2], b"\xff\xd8")
        wait_until(lambda: self.picture() != first, TIMEOUT, "another picture")
        wait_until(lambda: len(self.listed()) >= 10, TIMEOUT, lambda: f"ten pictures: {self.listed()}")
        before = self.studio.snapshot()
        self.assertEqual(before["figures"]["dropped"], 0, before)
        for scheme in ("dark", "light"):
            self.browser.prefer(scheme)
            for width, height in ((390, 844), (1280, 900)):
                self.browser.resize(width, height)
                self.assertLessEqual(self.browser.evaluate("document.documentElement.scrollWidth"), width)
                self.browser.evaluate("document.querySelector('#camera').scrollIntoView({ block: 'end' })")
                self.studio.screenshot(f"picture-{width}x{height}-{scheme}")
        self.browser.click("#camera")
        self.studio.wait(lambda now: not now["picture"]["isShown"], "the end of the pictures")
        self.assertTrue(self.browser.evaluate("document.querySelector('#own-picture').srcObject === null"))
        # The ring forgets the last picture, and no other one comes.
        wait_until(lambda: self.picture() is None, 30, "the last picture goes")
        self.assertEqual(self.studio.snapshot()["air"], "on")
        self.assertEqual(self.browser.errors(), [])


if __name__ == "__main__":
    unittest.main()
