"""Calls: real browsers hear and see each other, with microphones and cameras that have no hardware."""

import json
import tempfile
import time
import unittest
from pathlib import Path

from support import browsers
from support.browsers.call_page import CallPage
from support.machine.relay import SECRET, Relay, credential
from support.proxies.broken_road import BrokenRoad
from support.server import Server
from support.sound.call_voice import FIREFOX_HZ, FIREFOX_PREFERENCES, chromium_flags, write_voice
from support.sound.soundcard import SoundCard
from support.waiting import TIMEOUT, wait_until

ROOMS = ["--source", "tone", "--rooms", "--room-open", "talker", "--room-calls"]


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="voices.")))
        self.card = self.enterContext(SoundCard())

    def serve(self, *flags, **options):
        return self.enterContext(Server(*ROOMS, *flags, **options))

    def chromium(self, frequency, **options):
        voice = write_voice(self.folder / f"{frequency}.wav", frequency)
        return self.enterContext(browsers.Chromium(self.card, flags=chromium_flags(voice), **options))

    def firefox(self):
        return self.enterContext(browsers.Firefox(self.card, preferences=FIREFOX_PREFERENCES))

    def call(self, url, first, second):
        """Two pages in a call."""
        pages = [CallPage(first, url, "Ada"), CallPage(second, url, "Bob")]
        for page in pages:
            page.join_call()
        for page in pages:
            page.wait_other(state="connected", microphone="true", camera="true")
        return pages


# Keeps each track that the page opens in `tracks`.
KEEP_TRACKS = """(() => {
    window.tracks = [];
    const media = navigator.mediaDevices, getUserMedia = media.getUserMedia.bind(media);
    media.getUserMedia = async (constraints) => {
        const stream = await getUserMedia(constraints);
        window.tracks.push(...stream.getTracks());
        return stream;
    };
})()"""
LIVE = "window.tracks.filter(({ readyState }) => readyState === 'live').map(({ kind }) => kind).sort()"


class Dialog(Case):
    def open(self, *flags):
        voice = write_voice(self.folder / "voice.wav", 660)
        browser = self.enterContext(
            browsers.Chromium(self.card, flags=flags or chromium_flags(voice)))
        page = CallPage(browser, self.serve().url, "Ada")
        browser.evaluate(KEEP_TRACKS)
        page.open_dialog()
        return page

    def test_devices_are_chosen_and_the_keys_are_enough(self):
        page = self.open()
        browser = page.browser
        browser.wait("document.querySelector('.call-preview video').videoWidth > 0", what="the own picture")
        self.assertEqual(browser.evaluate(LIVE), ["audio", "video"])
        self.assertIn("network address", browser.evaluate("document.querySelector('.call-dialog').innerText"))
        page.screenshot("call-dialog")
        # Each control is reached by the Tab key, has a name, and shows its focus.
        reached = {}
        for _ in range(8):
            browser.press("Tab")
            name, has_outline = browser.evaluate("""(({ activeElement: element }) => [
                element.labels?.[0]?.querySelector('span').textContent ?? element.textContent,
                getComputedStyle(element).outlineStyle !== 'none'])(document)""")
            reached[name] = has_outline
        for name in ("Camera", "Microphone", "Cancel", "Join the call"):
            self.assertTrue(reached.get(name), f"{name} in {reached}")

        # The light of a camera that is not wanted goes out.
        browser.evaluate("""(select => {
            select.value = '';
            select.dispatchEvent(new Event('change'));
        })(document.querySelector('.call-dialog select'))""")
        self.assertEqual(browser.evaluate(LIVE), ["audio"])
        self.assertTrue(browser.evaluate("document.querySelector('.call-no-picture').checkVisibility()"))

        browser.press("Escape")
        browser.wait("!document.querySelector('.call-dialog').open")
        self.assertEqual(browser.evaluate(LIVE), [])
        self.assertTrue(browser.evaluate("document.querySelector('.call-outside').checkVisibility()"))

    def test_a_person_who_refuses_the_permission_learns_what_to_do(self):
        page = self.open("--use-fake-device-for-media-stream", "--deny-permission-prompts")
        page.browser.wait(
            "document.querySelector('.call-dialog').innerText.includes('This page may not use the camera.')")
        text = page.browser.evaluate("document.querySelector('.call-dialog').innerText")
        self.assertIn("This page may not use the microphone.", text)
        self.assertIn("Allow the camera by the symbol beside the page’s address", text)
        page.screenshot("call-refused")


class TwoChromiums(Case):
    def test_each_hears_and_sees_the_other(self):
        ada, bob = self.call(self.serve().url, self.chromium(660), self.chromium(880))
        ada.wait_heard(880)
        bob.wait_heard(660)
        for page, name in ((ada, "Bob"), (bob, "Ada")):
            page.wait_motion()
            self.assertEqual([tile["text"] for tile in page.others()], [f"{name[0]}\n\n{name}"])
            page.screenshot(f"call-{name}")

        # A muted member is not heard, and the others are told.
        ada.press("Mute")
        bob.wait_other(state="connected", microphone="false", camera="true")
        wait_until(lambda: max(level for _, level in bob.heard(20)) < -90, TIMEOUT, "silence")
        ada.press("Unmute")
        bob.wait_other(state="connected", microphone="true", camera="true")
        bob.wait_heard(660)

        # A camera that is off is stopped.
        self.assertEqual(ada.live_tracks(), ["video"])
        ada.press("Camera off")
        self.assertEqual(ada.live_tracks(), [])
        bob.wait_other(state="connected", microphone="true", camera="false")
        self.assertIn("camera off", bob.others()[0]["text"])
        bob.wait_heard(660)
        ada.press("Camera on")
        bob.wait_other(state="connected", microphone="true", camera="true")
        bob.wait_motion()

        # Another microphone during the call.
        ada.browser.evaluate("""(select => {
            select.selectedIndex = select.options.length - 1;
            select.dispatchEvent(new Event('change'));
        })(document.querySelector('.call-devices select'))""")
        ada.browser.wait("document.querySelector('.call-devices select').selectedIndex > 1")
        bob.wait_heard(660)

        ada.press("Hang up")
        bob.browser.wait("document.querySelectorAll('.call-tile').length === 1", what="only the own tile")
        self.assertIn("Ada left the call.", bob.browser.evaluate("document.querySelector('#call').innerText"))
        self.assertEqual(ada.live_tracks(), [])
        ada.browser.wait("document.querySelector('.call-outside').innerText.includes('Bob is in the call.')")

        # The same member comes again.
        ada.join_call()
        for page in (ada, bob):
            page.wait_other(state="connected", microphone="true", camera="true")
        bob.wait_heard(660)
        ada.wait_heard(880)


class ChromiumAndFirefox(Case):
    def test_each_hears_and_sees_the_other(self):
        ada, bob = self.call(self.serve().url, self.chromium(660), self.firefox())
        ada.wait_heard(FIREFOX_HZ)
        bob.wait_heard(660)
        for page in (ada, bob):
            page.wait_motion()

    def test_the_one_who_comes_first_may_be_firefox(self):
        ada, bob = self.call(self.serve().url, self.firefox(), self.chromium(660))
        ada.wait_heard(660)
        bob.wait_heard(FIREFOX_HZ)
        for page in (ada, bob):
            page.wait_motion()


class BrokenSocket(Case):
    def test_a_call_goes_on_while_the_connection_to_the_room_is_broken_and_after(self):
        road = self.enterContext(BrokenRoad(self.serve().port))
        ada, bob = self.call(road.url, self.chromium(660), self.chromium(880))
        ids = [page.browser.evaluate("ringcast.snapshot().you.id") for page in (ada, bob)]
        for page in (ada, bob):
            page.browser.evaluate("window.sound = document.querySelector('.call-tile:not(.is-you) audio').srcObject")
        with road.broken():
            for page in (ada, bob):
                page.browser.wait("ringcast.snapshot().phase === 'rejoining'")
            ada.wait_heard(880)
            bob.wait_heard(660)
        for page in (ada, bob):
            page.browser.wait("ringcast.snapshot().phase === 'joined'")
        ada.wait_heard(880)
        bob.wait_heard(660)
        for page, id in zip((ada, bob), ids):
            self.assertEqual(page.browser.evaluate("ringcast.snapshot().you.id"), id)
            self.assertEqual([tile["state"] for tile in page.others()], ["connected"])
            self.assertTrue(page.browser.evaluate(
                "window.sound === document.querySelector('.call-tile:not(.is-you) audio').srcObject"),
                "the sound comes from the same connection as before")

        # What one says about itself reaches the other again.
        ada.press("Mute")
        bob.wait_other(state="connected", microphone="false", camera="true")

    def test_a_call_goes_on_while_the_server_is_killed_and_after(self):
        server = self.serve()
        ada, bob = self.call(server.url, self.chromium(660), self.chromium(880))
        for page in (ada, bob):
            page.browser.evaluate("window.sound = document.querySelector('.call-tile:not(.is-you) audio').srcObject")
        server.kill()
        for page in (ada, bob):
            page.browser.wait("ringcast.snapshot().phase === 'rejoining'")
        ada.wait_heard(880)
        bob.wait_heard(660)
        self.serve(sound=server.sound, port=server.port)
        for page in (ada, bob):
            page.browser.wait("ringcast.snapshot().phase === 'joined'")
            page.wait_other(state="connected", microphone="true", camera="true")
            self.assertTrue(page.browser.evaluate(
                "window.sound === document.querySelector('.call-tile:not(.is-you) audio').srcObject"),
                "the sound comes from the same connection as before")
        ada.press("Mute")
        bob.wait_other(state="connected", microphone="false", camera="true")


# All connections of the page go through the relay, and `connections` has them.
ONLY_BY_RELAY = """(() => {
    window.connections = [];
    window.RTCPeerConnection = class extends RTCPeerConnection {
        constructor(configuration) {
            super({ ...configuration, iceTransportPolicy: 'relay' });
            window.connections.push(this);
        }
    };
})()"""
# The types of the two candidates that the page's connection uses; null while the connection chooses them.
USED = """(async () => {
    const report = await window.connections[0].getStats();
    const transport = [...report.values()].find((entry) => entry.type === 'transport');
    const pair = report.get(transport?.selectedCandidatePairId);
    return pair && [report.get(pair.localCandidateId).candidateType, report.get(pair.remoteCandidateId).candidateType];
})()"""
# The number of relayed addresses that a TURN server gives, and the code of its refusal.
GATHERED = """(async () => {
    const connection = new RTCPeerConnection({ iceServers: [%s], iceTransportPolicy: 'relay' });
    let count = 0, code = null;
    connection.addEventListener('icecandidate', ({ candidate }) => { count += candidate?.candidate ? 1 : 0; });
    connection.addEventListener('icecandidateerror', ({ errorCode }) => { code ??= errorCode; });
    connection.createDataChannel('');
    await connection.setLocalDescription();
    while (connection.iceGatheringState !== 'complete') await new Promise((resolve) => setTimeout(resolve, 50));
    connection.close();
    return [count > 0, code];
})()"""


class Relayed(Case):
    def test_a_call_goes_through_the_relay_with_credentials_that_expire(self):
        relay = self.enterContext(Relay())
        secret = self.folder / "secret"
        secret.write_text(f"{SECRET}\n")
        secret.chmod(0o600)
        url = self.serve("--ice-server", relay.url, "--ice-secret-file", secret).url
        ada, bob = CallPage(self.chromium(660), url, "Ada"), CallPage(self.chromium(880), url, "Bob")
        for page in (ada, bob):
            page.browser.evaluate(ONLY_BY_RELAY)
            page.join_call()
        for page in (ada, bob):
            page.wait_other(state="connected", microphone="true", camera="true")
        ada.wait_heard(880)
        bob.wait_heard(660)
        bob.wait_motion()
        users = set()
        for page in (ada, bob):
            self.assertEqual(page.browser.wait(USED, what="the pair of candidates"), ["relay", "relay"], relay.log)
            [server] = page.browser.evaluate("window.connections[0].getConfiguration().iceServers")
            expires, member = server["username"].split(":")
            self.assertEqual(int(member), page.browser.evaluate("ringcast.snapshot().you.id"))
            self.assertLess(abs(int(expires) - time.time() - 3600), 60)
            users.add(server["username"])
        self.assertEqual(len(users), 2, "each member has credentials of its own")

        # The relay takes a credential only until it expires.
        for expires, expected in ((time.time() + 60, [True, None]), (time.time() - 60, [False, 401])):
            server = {"urls": [relay.url], **credential(expires)}
            found = ada.browser.evaluate(GATHERED % json.dumps(server))
            self.assertEqual(found, expected, relay.log)


class NoDevices(Case):
    def test_without_microphone_and_camera_a_member_hears_and_sees_the_others(self):
        url = self.serve().url
        silent = self.enterContext(
            browsers.Chromium(self.card, flags=["--use-fake-ui-for-media-stream"]))
        ada, bob = CallPage(silent, url, "Ada"), CallPage(self.chromium(880), url, "Bob")
        ada.open_dialog()
        ada.browser.wait(
            "document.querySelector('.call-dialog').innerText.includes('This device has no camera.')")
        ada.screenshot("call-no-devices")
        ada.enter_call()
        bob.join_call()
        ada.wait_other(state="connected", microphone="true", camera="true")
        bob.wait_other(state="connected", microphone="false", camera="false")
        ada.wait_heard(880)
        ada.wait_motion()


class WebKit(Case):
    def test_a_browser_without_webrtc_says_so(self):
        browser = self.enterContext(browsers.WebKit(self.card))
        page = CallPage(browser, self.serve().url, "Ada")
        self.assertEqual(browser.evaluate("typeof RTCPeerConnection"), "undefined")
        self.assertTrue(browser.evaluate("document.querySelector('.call-outside .call-primary').disabled"))
        self.assertIn("has no WebRTC", browser.evaluate("document.querySelector('#call').innerText"))
        page.screenshot("call-webkit")


if __name__ == "__main__":
    unittest.main()
