"""The studio: a person goes live from a browser, by the keyboard alone, and comes back after interruptions."""

import json
import tempfile
import time
import unittest
from pathlib import Path

import numpy as np

from support import browsers
from support.browsers.page import Page
from support.browsers.room_page import RoomPage
from support.browsers.studio_page import StudioPage
from support.browsers.talk_page import CHROMIUM_FLAGS
from support.server import Server
from support.sound import signals, spectrum
from support.sound.soundcard import RATE, SoundCard
from support.waiting import TIMEOUT, wait_until

# The tone of the microphone, in Hz.
TONE = spectrum.TONES[2]
# The longest that the test's microphone plays, in seconds.
SECONDS = 200
STREAM = ("--source", "room:live", "--rooms", "--stream-room", "--segment-length", 1)


class Case(unittest.TestCase):
    """Runs alone, because a busy machine has gaps in the sound."""

    alone = True

    def setUp(self):
        self.card = self.enterContext(SoundCard(2))
        self.sound = self.enterContext(tempfile.TemporaryDirectory(prefix="sound."))

    def serve(self, *flags, port=0):
        self.server = self.enterContext(Server(*(flags or STREAM), sound=self.sound, port=port))
        return self.server

    def browse(self, seat=0, flags=CHROMIUM_FLAGS):
        return self.enterContext(browsers.Chromium(self.card.seats[seat], flags=flags))

    def play_tone(self):
        time_axis = np.arange(RATE) / RATE
        second = signals.int16(0.3 * np.sin(2 * np.pi * TONE * time_axis))
        self.card.play("mic", second * SECONDS)

    def link(self, server, room="live", role="host"):
        """The path of the studio with an invite."""
        answer = server.request(
            f"/rooms/{room}/invites", "POST", {**server.operator_headers, "Content-Type": "application/json"},
            json.dumps({"role": role, "expires": 3600}))
        self.assertEqual(answer.status, 201, answer)
        return "studio/live?" + json.loads(answer.body)["url"].partition("?")[2]

    def level_heard(self):
        """The level of the microphone's tone at the listener's loudspeaker in the next second, in dBFS. Players vary
        their rate, and the mixer follows the talker's clock, so that the tone is near its frequency."""
        recorder = self.card.record(self.card.seats[1].spk)
        recorder.wait(1)
        sound = recorder.stop().sound
        window = np.blackman(len(sound))
        amplitudes = np.abs(np.fft.rfft(sound * window)) * 2 / window.sum()
        first, last = (round(TONE * factor * len(sound) / RATE) for factor in (0.97, 1.03))
        return 20 * np.log10(amplitudes[first:last].max() + 1e-9)

    def wait_heard(self, is_heard=True):
        """Waits until the listener hears the microphone's tone, or no longer does."""
        latest = None

        def listen():
            nonlocal latest
            latest = self.level_heard()
            return latest > spectrum.PRESENT if is_heard else latest < spectrum.ABSENT
        wait_until(listen, TIMEOUT, lambda: f"the tone is {'' if is_heard else 'not '}heard: {latest} dBFS\n{self.server.log}")


class Live(Case):
    def test_a_link_and_the_enter_key_are_enough_and_the_listeners_hear_the_microphone(self):
        self.play_tone()
        server = self.serve()
        server.wait_playlist(lambda playlist: len(playlist.entries) >= 3)
        listener = self.browse(seat=1)
        page = Page(listener, server, "?latency=live")
        page.wait_playing()
        self.assertLess(self.level_heard(), spectrum.ABSENT)

        browser = self.browse()
        path = self.link(server)
        began = time.monotonic()
        studio = StudioPage(browser, server, path=path)
        ready = time.monotonic()
        studio.go_live()
        on_air = time.monotonic()
        print(
            f"studio: from the link to the desk {ready - began:.2f} s, to the air {on_air - began:.2f} s; "
            f"by the page's own clock {studio.snapshot()['since']:.2f} s")
        # The invite is in no address any more.
        self.assertEqual(browser.evaluate("location.href"), f"{server.url}studio/live")
        self.assertEqual(studio.text("lamp-title"), "On air")
        self.wait_heard()
        studio.wait(lambda now: now["delay"] is not None, "the measured delay")
        self.assertRegex(studio.text("delay"), r"^\d+ ms$")

        # A listener writes in the player's page.
        listener.wait('document.querySelector("#room .log") !== null', what="the room")
        listener.click("#room-name")
        for key in ["T", "o", "m", "Enter"]:
            listener.press(key)
        listener.wait('document.activeElement.id === "room-message"', what="the field to write in")
        for key in [*"Hi", "Enter"]:
            listener.press(key)
        studio.wait(lambda now: {"name": "Tom", "text": "Hi"} in now["texts"], "the listener's message")
        self.assertIn("Hi", studio.text("log"))

        # One tap of the button does not stop, two taps do.
        studio.tab_to("stop")
        browser.press("Enter")
        studio.wait_text("stop", "Tap again to stop")
        self.assertEqual(studio.snapshot()["air"], "on")
        # A double click is one tap. The page's own clock tells when the second tap counts.
        wait_until(
            lambda: browser.press("Enter") or studio.snapshot()["air"] != "on", TIMEOUT, "the end of the programme")
        studio.wait_air("off")
        self.wait_heard(False)
        self.assertEqual(studio.snapshot()["you"]["on_air"], False)
        studio.wait_focus("go")
        self.assertEqual(browser.errors(), [])
        self.assertEqual(listener.errors(), [])

    def test_mute_and_cough_silence_the_microphone(self):
        self.play_tone()
        server = self.serve()
        server.wait_playlist(lambda playlist: len(playlist.entries) >= 3)
        listener = self.browse(seat=1)
        Page(listener, server, "?latency=live").wait_playing()
        browser = self.browse()
        studio = StudioPage(browser, server, path=self.link(server)).go_live()
        self.wait_heard()
        browser.press("m")
        studio.wait_text("lamp-title", "Muted")
        self.wait_heard(False)
        browser.press("m")
        studio.wait_text("lamp-title", "On air")
        self.wait_heard()
        for type, title in (("keyDown", "Muted"), ("keyUp", "On air")):
            # The key stays down between the two commands.
            browser.session.command("POST", "/actions", {"actions": [
                {"type": "key", "id": "keyboard", "actions": [{"type": type, "value": "c"}]}]})
            studio.wait_text("lamp-title", title)
            self.wait_heard(type == "keyUp")


class Interruptions(Case):
    def test_a_page_that_is_loaded_again_is_back_on_the_air(self):
        server = self.serve()
        browser = self.browse()
        studio = StudioPage(browser, server, path=self.link(server)).go_live()
        you = studio.snapshot()["you"]["id"]
        # The browser asks whether to leave the page, and the driver answers yes.
        browser.session.command("POST", "/refresh", {})
        now = studio.wait_air("on")
        self.assertEqual(now["you"]["id"], you)
        # The clock counts from the beginning of the programme, which was before this page.
        self.assertLess(now["since"], 0)
        studio.tab_to("stop")
        wait_until(lambda: browser.press("Enter") or studio.snapshot()["air"] != "on", TIMEOUT, "the end")
        browser.session.command("POST", "/refresh", {})
        studio.wait_place("desk")
        self.assertEqual(studio.wait_air("off")["you"]["on_air"], False)

    def test_a_killed_server_that_starts_again_has_the_person_back_on_the_air(self):
        server = self.serve()
        browser = self.browse()
        studio = StudioPage(browser, server, path=self.link(server)).go_live()
        since = studio.snapshot()["since"]
        server.kill()
        studio.wait_air("broken")
        studio.wait_text("sentence", "The line broke")
        studio.screenshot("broken")
        server = self.serve(port=server.port)
        listening = time.monotonic()
        self.assertEqual(studio.wait_air("on")["since"], since)
        print(f"studio: back on the air {time.monotonic() - listening:.2f} s after the server listens again")

        def is_on_air():
            members = json.loads(server.operator_get("/rooms/live/members"))["members"]
            return [member["on_air"] for member in members] == [True]
        wait_until(is_on_air, TIMEOUT, "the server has the person on the air")


class Door(Case):
    def test_a_wrong_token_stays_at_the_door(self):
        server = self.serve()
        browser = self.browse()
        studio = StudioPage(browser, server, path="studio", place="door")
        self.assertIsNone(studio.text("door-error"))
        self.type(browser, "wrong")
        studio.wait_text("door-error", "does not open the studio")
        studio.screenshot("door")
        self.type(browser, server.operator_token)
        studio.wait_place("desk")
        self.assertEqual(studio.wait(lambda now: now.get("you"), "the member")["you"]["role"], "operator")

    def type(self, browser, text):
        browser.wait("document.activeElement.id === 'token'", what="the field for the token")
        for key in [*text, "Enter"]:
            browser.press(key)

    def test_a_talker_s_invite_does_not_open_the_studio(self):
        server = self.serve()
        studio = StudioPage(self.browse(), server, path=self.link(server, role="talker"), place="door")
        studio.wait_text("door-error", "does not open the studio")

    def test_a_stream_with_another_source_says_how_a_room_becomes_its_source(self):
        server = self.serve("--source", "tone", "--rooms")
        studio = StudioPage(
            self.browse(), server, path=f"studio?token={server.operator_token}", place="no-room")
        self.assertIn("“live”", studio.text("no-room-text"))
        self.assertIn("--source room:live", studio.text("no-room-command"))

    def test_several_streams_are_a_choice(self):
        path = Path(self.sound, "ringcast.conf")
        path.write_text("[rooms]\n\n[stream live]\nsource = room:live\n\n[stream night]\nsource = room:cellar\n")
        server = self.serve("--config", path)
        studio = StudioPage(self.browse(), server, path=f"studio?token={server.operator_token}", place="choice")
        names = studio.browser.evaluate("[...document.querySelectorAll('#streams b')].map((b) => b.textContent)")
        self.assertEqual(names, ["live", "night"])
        studio.browser.click("#streams li:nth-child(2) a")
        studio.wait_place("desk")
        self.assertEqual(studio.text("stream"), "night")

    def test_a_person_who_refuses_the_microphone_learns_what_to_do(self):
        server = self.serve()
        browser = self.browse(flags=["--deny-permission-prompts"])
        studio = StudioPage(browser, server, path=self.link(server))
        studio.wait_focus("go")
        browser.press("Enter")
        studio.wait_text("warnings", "This page may not use the microphone.")
        studio.wait_air("off")
        self.assertIn("the microphone did not start", studio.text("sentence"))


class Guests(Case):
    def test_a_guest_is_asked_onto_the_air_and_taken_off(self):
        server = self.serve()
        browser = self.browse()
        studio = StudioPage(browser, server).go_live()
        browser.click("#invite")
        browser.wait("document.querySelector('#sheet input')?.value.includes('invite=')", what="the link for a guest")
        link = browser.evaluate("document.querySelector('#sheet input').value")
        browser.press("Escape")
        guest = RoomPage(self.browse(seat=1), server.url, "live", "?" + link.partition("?")[2]).join("Ben")
        studio.wait_text("guests", "Ben")
        browser.click("#guests button")
        studio.wait_text("guests", "asked onto the air")
        guest.browser.wait("document.querySelector('dialog[open]')?.textContent.includes('on the air')", what="the question")
        guest.browser.evaluate(
            "[...document.querySelectorAll('dialog[open] button')].find((b) => /agree|yes|go on/i.test(b.textContent)).click()")
        studio.wait_text("guests", "on the air")
        browser.wait("document.querySelector('#guests li').classList.contains('on-air')", what="the guest on the air")
        browser.click("#guests button")
        browser.wait("!document.querySelector('#guests li').classList.contains('on-air')", what="the guest off the air")
        self.assertEqual(studio.snapshot()["air"], "on")


class Looks(Case):
    def test_it_fits_on_every_screen(self):
        server = self.serve(*STREAM, "--fallback", "tone")
        browser = self.browse()
        studio = StudioPage(browser, server, path=f"studio?token={server.operator_token}")
        sizes = ((320, 568), (390, 844), (740, 360), (1024, 768), (1280, 720), (1680, 1000))
        for air in ("off", "on"):
            if air == "on":
                studio.go_live()
            for scheme in ("dark", "light"):
                browser.prefer(scheme)
                for width, height in sizes:
                    with self.subTest(f"{width} × {height}, {scheme}, {air}"):
                        browser.resize(width, height)
                        self.assertEqual(browser.evaluate("innerWidth"), width)
                        self.assertLessEqual(browser.evaluate("document.documentElement.scrollWidth"), width)
                        browser.evaluate("window.scrollTo(0, 0)")
                        shown = "stop" if air == "on" else "go"
                        self.assertTrue(browser.evaluate(f"""(() => {{
                            const box = document.getElementById("{shown}").getBoundingClientRect();
                            return box.width > 60 && box.top >= 0 && box.bottom <= innerHeight + 1;
                        }})()"""), f"the button {shown} is in sight")
                        studio.screenshot(f"{air}-{width}x{height}-{scheme}")


if __name__ == "__main__":
    unittest.main()
