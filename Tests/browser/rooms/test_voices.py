"""Voices: the members of a room hear each other through the server, in real browsers with microphones of a virtual
sound card."""

import json
import tempfile
import time
import unittest

import numpy as np

from support import browsers
from support.browsers.talk_page import CHROMIUM_FLAGS, FIREFOX_PREFERENCES, TalkPage
from support.proxies.blocking_proxy import BlockingProxy
from support.server import Server
from support.sound import signals, spectrum
from support.sound.soundcard import RATE, SoundCard
from support.waiting import TIMEOUT, wait_until

ROOMS = ["--source", "tone", "--rooms", "--room-open", "talker"]
# The tones of the microphones, in Hz, by seat.
TONES = spectrum.TONES[:3]
ADA, BOB, CLEO = TONES


def tone(hertz, seconds=180):
    time = np.arange(seconds * RATE) / RATE
    return signals.int16((0.2 * np.sin(2 * np.pi * hertz * time)).astype(np.float32))


class Case(unittest.TestCase):
    seats = 2

    def setUp(self):
        self.card = self.enterContext(SoundCard(seats=self.seats))
        self.sound = self.enterContext(tempfile.TemporaryDirectory(prefix="sound."))
        self.browsers = []
        for seat, hertz in zip(self.card.seats, TONES):
            self.card.play(seat.mic, tone(hertz))

    def serve(self, *flags, port=0):
        return self.enterContext(Server(*ROOMS, *flags, sound=self.sound, port=port))

    def chromium(self, seat=0, flags=CHROMIUM_FLAGS, **options):
        place = self.card.seats[seat] if self.seats else self.card
        return self.opened(browsers.Chromium(place, flags=flags, **options))

    def firefox(self, seat=0, **options):
        return self.opened(browsers.Firefox(self.card.seats[seat], preferences=FIREFOX_PREFERENCES, **options))

    def opened(self, browser):
        self.browsers.append(self.enterContext(browser))
        return browser

    def loudspeaker(self, seat, seconds=1):
        """The next sound of a loudspeaker."""
        recorder = self.card.record(self.card.seats[seat].spk)
        recorder.wait(seconds)
        return recorder.stop().sound

    def wait_heard(self, seat, *tones, seconds=TIMEOUT):
        """Waits until a loudspeaker plays these tones, and no other tone."""
        levels = {}

        def listen():
            levels.update(spectrum.levels(self.loudspeaker(seat), TONES))
            return all((level > spectrum.PRESENT) if hertz in tones else (level < spectrum.ABSENT)
                       for hertz, level in levels.items())
        wait_until(listen, seconds, lambda: f"seat {seat} hears {tones}: {levels}\n{self.state()}")

    def state(self):
        """What each page reports, and the streams that the browsers have opened."""
        pages = [browser.evaluate("window.ringcast?.snapshot() ?? null") for browser in self.browsers]
        return "\n".join([*map(json.dumps, pages), self.card.streams()])


class TwoChromiums(Case):
    def pair(self, query=""):
        server = self.serve()
        ada = TalkPage(self.chromium(0), server.url, query=query).join("Ada")
        bob = TalkPage(self.chromium(1), server.url, query=query).join("Bob")
        for page in (ada, bob):
            page.wait_listening()
        return server, ada, bob

    def check_talk(self, query, form):
        _, ada, bob = self.pair(query)
        ada.wait_member("Bob", "muted")
        self.assertEqual(ada.figures()["sent"], 0, "a page begins muted")
        ada.speak_up()
        self.wait_heard(1, ADA)
        bob.wait_member("Ada", "Ada")
        bob.speak_up()
        self.wait_heard(0, BOB)
        self.wait_heard(1, ADA)
        for page in (ada, bob):
            figures = page.figures()
            self.assertEqual((figures["form"], figures["receivedForm"], figures["way"]), (form, form, "processor"))
            self.assertEqual(page.browser.errors(), [])
        return ada, bob

    def test_each_hears_the_other_and_not_the_own_voice(self):
        ada, bob = self.check_talk("", "opus")
        ada.screenshot("voice-speaking")
        ada.wait_bar("ms late")
        # The level and the delay of each talker are in the list of members.
        delays = "[...document.querySelectorAll('.voice-of')].filter(v => v.checkVisibility()).map(v => v.innerText)"
        bob.browser.wait(f"({delays}).length === 2", what="the delays of two talkers")
        for delay in bob.browser.evaluate(delays):
            self.assertRegex(delay, r"^\s*[1-9]\d* ms$")

    def test_pcm16_works_as_well(self):
        self.check_talk("?sound=pcm16", "pcm16")

    def test_mute_is_instant_here_and_on_the_server(self):
        _, ada, bob = self.pair()
        ada.speak_up()
        self.wait_heard(1, ADA)
        # The sending stops with the click, and not when the server has answered.
        before, after, enabled = ada.browser.evaluate("""(async () => {
            [...document.querySelectorAll('#voice button')].find(b => b.textContent === 'Mute').click();
            const before = ringcast.snapshot().voice.sent;
            await new Promise((resolve) => setTimeout(resolve, 500));
            return [before, ringcast.snapshot().voice.sent, document.querySelector('#microphone').ariaPressed];
        })()""")
        self.assertEqual((before, enabled), (after, "true"))
        bob.wait_member("Ada", "muted")
        self.wait_heard(1)
        ada.browser.press("Escape")
        ada.browser.press("m")
        self.wait_heard(1, ADA)

        # C closes the microphone while it is held.
        ada.browser.evaluate("document.querySelector('#log').focus()")
        key = "void document.activeElement.dispatchEvent(new KeyboardEvent('%s', { key: 'c', bubbles: true }))"
        ada.browser.evaluate(key % "keydown")
        bob.wait_member("Ada", "muted")
        self.wait_heard(1)
        ada.browser.evaluate(key % "keyup")
        self.wait_heard(1, ADA)

    def test_push_to_talk_opens_the_microphone_while_the_space_bar_is_held(self):
        _, ada, bob = self.pair()
        ada.open_dialog()
        ada.choose_mode("music")
        ada.browser.evaluate("document.querySelector('.voice-dialog [role=switch]').click()")
        ada.confirm()
        ada.wait_bar("Hold the space bar to speak.")
        ada.wait(lambda now: now["you"]["muted"], "Ada is muted until the key is held")
        self.wait_heard(1)
        recorder = self.card.record(self.card.seats[1].spk)
        ada.browser.session.perform([{"type": "key", "id": "keyboard", "actions": [
            {"type": "keyDown", "value": " "}, {"type": "pause", "duration": 2000}, {"type": "keyUp", "value": " "}]}])
        self.wait_heard(1)
        sound = recorder.stop().sound
        piece = RATE // 2
        heard = [spectrum.levels(sound[at : at + piece], TONES)[ADA] > spectrum.PRESENT
                 for at in range(0, len(sound) - piece, piece)]
        self.assertIn(sum(heard), (2, 3, 4), heard)
        self.assertEqual(ada.browser.evaluate("document.querySelector('#voice [aria-pressed=true]')"), None)

    def test_the_microphone_is_live_again_after_a_crash_of_the_server(self):
        server, ada, bob = self.pair()
        ada.speak_up()
        self.wait_heard(1, ADA)
        recorder = self.card.record(self.card.seats[1].spk)
        server.kill()
        ada.wait(lambda now: now["phase"] == "rejoining", "Ada has lost the server")
        began = time.monotonic()
        self.serve(port=server.port)
        up = time.monotonic()
        for page in (ada, bob):
            page.wait(lambda now: now["phase"] == "joined", "the page is back")
        self.wait_heard(1, ADA)
        recording = recorder.stop()
        first = round((began - recording.start) * RATE)
        piece = RATE // 10
        loud = next(at for at in range(first, len(recording.sound) - 2 * piece, piece // 2)
                    if spectrum.levels(recording.sound[at : at + 2 * piece], TONES)[ADA] > spectrum.PRESENT)
        after = recording.start + loud / RATE - up
        print(f"heard {after:.2f} s after the server was back")
        self.assertLess(after, 3)


class Hung(Case):
    def test_the_next_microphone_takes_the_place_of_one_that_delivers_no_more_sound(self):
        server = self.serve()
        ada = TalkPage(self.chromium(0), server.url).join("Ada")
        bob = TalkPage(self.chromium(1), server.url).join("Bob")
        bob.wait_listening()
        first, second = self.card.seats
        ada.speak_up(device=first.label)
        self.wait_heard(1, ADA)
        self.card.hang_microphone(first)
        ada.wait_bar("is gone. You are now heard through")
        self.wait_heard(1, BOB)


class Refusals(Case):
    seats = 0

    def open(self, flags, *server_flags, host=None):
        server = self.serve(*(["--allow-host", host] if host else []), *server_flags)
        url = server.url if host is None else f"http://{host}:{server.port}/"
        page = TalkPage(self.chromium(flags=flags), url).join("Ada")
        page.open_dialog()
        return page

    def test_a_person_who_refuses_the_permission_learns_what_to_do(self):
        page = self.open(["--use-fake-device-for-media-stream", "--deny-permission-prompts"])
        page.wait_dialog("This page may not use the microphone. Allow the microphone by the symbol")
        page.screenshot("voice-refused")
        self.assertTrue(page.browser.evaluate("document.querySelector('.voice-dialog button[type=submit]').disabled"))

    def test_a_machine_without_a_microphone(self):
        page = self.open(CHROMIUM_FLAGS)
        page.wait_dialog("This device has no microphone. Connect a microphone")

    def test_plain_http_from_another_machine(self):
        page = self.open(["--host-resolver-rules=MAP station.test 127.0.0.1"], host="station.test")
        page.wait_dialog("The browser gives no microphone to a page that came without https.")
        page.wait_dialog("This station has no address with https.")
        page.screenshot("voice-insecure")

    def test_plain_http_with_https_beside_it(self):
        host = "station.test"
        page = self.open(
            [f"--host-resolver-rules=MAP {host} 127.0.0.1"], "--tls-self", "--tls-port", "0", host=host)
        page.wait_dialog("Open this room with https, and speak there.")
        link = page.browser.evaluate("document.querySelector('.voice-dialog .call-refusal a').href")
        self.assertRegex(link, f"^https://{host}:[0-9]+/rooms/kitchen$")
        page.browser.open(link)
        page.browser.wait("!!window.ringcast && isSecureContext", what="the page with https")


class Air(Case):
    def test_a_talker_is_asked_says_yes_and_leaves_the_air_at_once(self):
        server = self.enterContext(Server(
            "--source", "room:kitchen", "--rooms", "--room-open", "talker", sound=self.sound))
        host = TalkPage(self.chromium(0), server.url, query=f"?token={server.operator_token}").join("Hanna")
        bob = TalkPage(self.chromium(1), server.url).join("Bob")
        bob.wait_listening()
        bob.speak_up()
        self.ask(host, "Ask to be on the air")
        bob.browser.wait("document.querySelector('dialog[role=alertdialog]').open", what="the question")
        self.assertIn("Hanna wants to put you on the air.", bob.browser.evaluate(
            "document.querySelector('dialog[role=alertdialog]').innerText"))
        # A key that was meant for a text answers nothing.
        bob.browser.press("Enter")
        bob.browser.press("Space")
        self.assertFalse(bob.snapshot()["you"]["on_air"])
        bob.press_button("No")
        bob.browser.wait("!document.querySelector('dialog[role=alertdialog]').open")
        self.assertFalse(bob.snapshot()["you"]["on_air"])

        self.ask(host, "Ask to be on the air")
        bob.press_button("Yes, put me on the air")
        bob.wait_bar("You are on the air")
        host.wait_member("Bob", "on air")
        bob.screenshot("voice-on-air")
        bob.press_button("Leave the air")
        host.browser.wait("![...document.querySelectorAll('#members button')].some(b => b.ariaLabel.includes('on air'))",
                          what="Bob is off the air")
        self.assertNotIn("You are on the air", bob.bar_text())

        # With the consent of the person, the host puts on the air and takes off.
        self.ask(host, "Ask to be on the air")
        bob.press_button("Yes, put me on the air")
        bob.wait_bar("You are on the air")
        self.ask(host, "Take off the air")
        bob.wait(lambda now: not now["you"]["on_air"], "Bob is off the air")
        self.ask(host, "Put on the air")
        bob.wait_bar("You are on the air")

    def ask(self, host, action):
        """The host chooses an action on Bob."""
        found = "[...document.querySelectorAll('#members button')].find(b => b.ariaLabel.startsWith('Bob'))"
        button = f"[...document.querySelectorAll('#sheet button')].find(b => b.textContent === '{action}')"
        host.browser.wait(f"({found}.click(), !!{button})", what=f"the button {action}")
        host.browser.evaluate(f"{button}.click()")


class Listening(Case):
    def check(self, browser):
        server = self.serve()
        ada = TalkPage(self.chromium(0), server.url).join("Ada")
        ada.wait_listening()
        page = TalkPage(browser, server.url).join("Bob")
        page.wait_listening()
        ada.speak_up()
        self.wait_heard(1, ADA)
        page.screenshot("voice-listening")
        return ada, page

    def test_firefox_listens_and_talks(self):
        ada, page = self.check(self.firefox(1))
        # Firefox knows only its own default.
        page.speak_up(device=self.card.seats[1].label)
        self.wait_heard(0, BOB)
        self.assertEqual(page.figures()["way"], "worklet")

    def test_a_page_without_https_listens(self):
        host = "station.test"
        server = self.serve("--allow-host", host)
        ada = TalkPage(self.chromium(0), server.url).join("Ada")
        browser = self.chromium(1, flags=[f"--host-resolver-rules=MAP {host} 127.0.0.1"])
        page = TalkPage(browser, f"http://{host}:{server.port}/").join("Bob")
        page.wait_listening()
        self.assertFalse(browser.evaluate("isSecureContext"))
        ada.speak_up()
        self.wait_heard(1, ADA)

    def test_webkit_listens(self):
        self.check(self.opened(browsers.WebKit(self.card.seats[1])))

    def test_a_browser_that_plays_only_after_a_gesture_offers_a_button(self):
        server = self.serve()
        browser = self.chromium(1, autoplay=False)
        page = TalkPage(browser, server.url).join("Bob")
        page.wait_listening()
        # A page that is loaded again has no gesture yet.
        browser.open(f"{server.url}rooms/kitchen")
        page.wait_bar("The browser plays the room after a tap.")
        self.assertEqual(page.figures()["received"], 0, "no packet comes that nobody hears")
        browser.click("#voice button.main")
        page.wait_listening()

    def test_a_road_without_sound_says_so(self):
        server = self.serve()
        proxy = self.enterContext(BlockingProxy(server.port))
        page = TalkPage(self.chromium(1), proxy.url).join("Bob")
        page.wait_bar("There is no sound here, because this network refuses WebSockets")


if __name__ == "__main__":
    unittest.main()
