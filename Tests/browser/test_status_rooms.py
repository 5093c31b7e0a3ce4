"""The rooms on the operators' page."""

import json
import re

from support import browsers
from support.clients.room_roads import Poster
from support.clients.room_server import room_server
from Tests.browser.test_status import Case


class Operated(Case):
    def serve_rooms(self, *flags):
        return self.enterContext(room_server(*flags, environment=self.card.environment))

    def press(self, label):
        """Presses the button with this name, as a screen reader says the name."""
        self.browser.evaluate(
            f"document.querySelector('#rooms button[aria-label=' + {json.dumps(json.dumps(label))} + ']').click()")

    def has_button(self, label):
        return self.browser.evaluate(
            f"document.querySelector('#rooms button[aria-label=' + {json.dumps(json.dumps(label))} + ']') !== null")


class ChromiumRooms(Operated):
    def test_an_operator_sees_the_rooms_acts_on_them_and_makes_a_link(self):
        server = self.serve_rooms()
        ann, ben = Poster(server, "studio"), Poster(server, "studio")
        ann.hello("Ann")
        ben.hello("Ben")
        ann.post("chat", text="hello")
        browser = self.browse()
        browser.open(server.operator_page)
        self.wait_text("#room-list", "studio")
        self.wait_text("#room-list", "2 members, 0 readers, 1 message a minute")
        browser.evaluate("document.querySelector('#room-list summary').click()")
        self.wait_text("#room-list .members", "Ben")
        if self.Browser is browsers.Chromium:
            for width, height, scheme in ((1280, 900, "light"), (1280, 900, "dark"), (360, 740, "dark")):
                browser.resize(width, height)
                browser.prefer(scheme)
                self.assertTrue(browser.evaluate("document.documentElement.scrollWidth <= innerWidth"), width)
                browser.evaluate("document.querySelector('#rooms').scrollIntoView()")
                self.screenshot(f"rooms-{width}-{scheme}")

        self.press("Mute: Ben")
        self.wait_text("#room-list .members", "talker, muted")
        self.press("Lock: the room studio")
        self.wait_text("#room-list", "locked")
        self.wait_text("#rooms-said", "Done: Lock, the room studio.")
        # An action that cannot be taken back asks first.
        self.press("Remove: Ben")
        self.assertTrue(self.has_button("Remove Ben? Press again to confirm."))
        self.assertIn("Ben", self.text("#room-list .members"))
        self.press("Remove Ben? Press again to confirm.")
        self.wait_text("#room-list", "1 member,")
        self.assertNotIn("Ben", self.text("#room-list .members"))

        browser.evaluate(
            "document.querySelector('#invite-room').value = 'studio',"
            "document.querySelector('#invite-role').value = 'host',"
            "document.querySelector('#invite-form').requestSubmit()")
        self.wait_text("#rooms-said", "The link into studio is ready.")
        link = browser.evaluate("document.querySelector('#invite-link').value")
        found = re.fullmatch(rf"http://[^/]+:{server.port}/rooms/studio\?invite=(\S+)", link)
        self.assertTrue(found, link)
        guest = Poster(server, "studio")
        self.assertEqual(guest.hello("Cleo", invite=found[1])["you"]["role"], "host")
        if self.Browser is not browsers.WebKit:  # The driver does not report the console.
            self.assertEqual(browser.errors(), [])

    def test_without_rooms_the_page_has_no_section(self):
        server = self.serve("--source", "tone")
        self.browse().open(server.operator_page)
        self.wait_text("#headline", "On air")
        self.assertTrue(self.browser.evaluate("document.querySelector('#rooms').hidden"))


class OwnPort(Operated):
    def test_an_operator_sees_the_rooms_acts_on_them_and_makes_a_link(self):
        """Where the operators have a port of their own, the page needs a token for changes, and links lead to the
        listeners' port."""
        server = self.serve_rooms("--admin-port", "0")
        Poster(server, "studio").hello("Ann")
        browser = self.browse()
        page = server.operator_page.partition("?")[0] + "status.html"
        browser.open(page)
        self.wait_text("#room-list", "studio")
        browser.evaluate("document.querySelector('#room-list summary').click()")
        self.wait_text("#room-list .members", "Ann")
        self.press("Mute: Ann")
        self.wait_text("#rooms-said", "The server needs an operator’s token for this")
        browser.open(f"{page}?token={server.operator_token}")
        self.wait_text("#room-list", "studio")
        browser.evaluate(
            "document.querySelector('#invite-room').value = 'studio',"
            "document.querySelector('#invite-form').requestSubmit()")
        self.wait_text("#rooms-said", "The link into studio is ready.")
        self.assertIn(f":{server.port}/rooms/studio?invite=",
                      browser.evaluate("document.querySelector('#invite-link').value"))


class FirefoxRooms(ChromiumRooms):
    Browser = browsers.Firefox


class WebKitRooms(ChromiumRooms):
    Browser = browsers.WebKit
