"""The page of a stream that needs a token, under https and in another page's frame; and its content security policy."""

import http.server
import threading
import unittest

from support import browsers
from support.browsers.page import Page
from support.machine.certificate import Certificate
from support.server import Server
from support.sound.soundcard import SoundCard
from support.waiting import TIMEOUT, wait_until

TOKEN = "open-sesame"


class Case(unittest.TestCase):
    def serve(self, *flags, **options):
        server = self.enterContext(Server("--source", "tone", "--segment-length", "1", *flags, **options))
        wait_until(
            lambda: server.request(f"/live.m3u8?token={TOKEN}").body.count(b"#EXTINF") >= 4, TIMEOUT,
            "four segments")
        return server

    def browse(self, Browser):
        card = self.enterContext(SoundCard())
        self.browser = self.enterContext(Browser(card))
        return self.browser

    def type(self, text):
        self.browser.click("#token")
        for key in [*text, "Enter"]:
            self.browser.press(key)

    def violations(self):
        return [message for message in self.browser.errors() if "Content" in message and "Policy" in message]


class Form(Case):
    Browser = browsers.Chromium

    def test_the_page_asks_for_a_token_and_keeps_it(self):
        browser, server = self.browse(self.Browser), self.serve("--listen-token", TOKEN)
        page = Page(browser, server)
        now = page.wait(lambda now: now["state"] == "locked", TIMEOUT, "the page is locked")
        self.assertEqual(now["reason"], "no-token")
        if hasattr(browser, "resize"):
            for width, height in ((1280, 900), (360, 740)):
                browser.resize(width, height)
                # The window may change its size later.
                browser.wait("document.documentElement.scrollWidth <= innerWidth")
                page.screenshot(f"{browser.name}-token-{width}x{height}")
        self.type("wrong-one")
        now = page.wait(lambda now: now["reason"] == "bad-token", TIMEOUT, "the message about the wrong token")
        browser.wait("document.querySelector('#token').getAttribute('aria-invalid') === 'true'")
        page.screenshot(f"{browser.name}-token-wrong")

        self.type(TOKEN)
        now = page.wait(lambda now: now["state"] in ("playing", "blocked"), TIMEOUT, "the page opens")
        if now["state"] == "blocked":
            browser.click("#play")
        page.wait_playing()
        self.assertEqual(browser.evaluate("location.href"), server.url)
        self.assertFalse(browser.evaluate("document.cookie"), "a script can't read it")
        browser.wait("document.querySelector('#token-form').hidden")
        # The browser keeps the token.
        page = Page(browser, server)
        page.wait(lambda now: now["state"] in ("playing", "blocked"), TIMEOUT, "the page opens again")
        self.assertFalse([url for url in browser.requests()[-5:] if TOKEN in url])
        self.assertEqual(self.violations(), [])


class FirefoxForm(Form):
    Browser = browsers.Firefox


class WebKitForm(Form):
    Browser = browsers.WebKit

    def violations(self):
        return []  # The driver does not report the console.


class Secure(Case):
    Browser = browsers.Chromium
    engines = ("mse-mp3", "webcodecs")

    def test_an_address_with_a_token_plays_at_once_by_either_engine_and_the_console_is_silent(self):
        certificate = self.enterContext(Certificate())
        browser = self.browse(self.Browser)
        server = self.serve("--listen-token", TOKEN, certificate=certificate)
        for latency, engine in zip(("low", "live"), self.engines):
            now = Page(browser, server, f"?latency={latency}&token={TOKEN}").wait_playing()
            self.assertEqual(now["engine"], engine)
            self.assertEqual(browser.evaluate("location.href"), f"{server.url}?latency={latency}")
            self.assertTrue(browser.evaluate("isSecureContext"))
        self.check_console()

    def check_console(self):
        self.assertEqual(self.browser.errors(), [])


class FirefoxSecure(Secure):
    Browser = browsers.Firefox
    engines = ("mse-mp4", "webcodecs")


class WebKitSecure(Secure):
    Browser = browsers.WebKit
    # WebCodecs cannot play in WebKit; see test_controls.
    engines = ("mse-mp3", "mse-mp3")

    def check_console(self):
        pass  # The driver does not report the console.


class Embedded(Case):
    def test_another_sites_page_may_embed_it_with_a_token(self):
        server = self.serve("--listen-token", TOKEN)
        # localhost and 127.0.0.1 are different sites. A frame does not send the cookies of its site.
        html = f'<iframe src="{server.url}?token={TOKEN}" allow="autoplay"></iframe>'.encode()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", str(len(html)))
                self.end_headers()
                self.wfile.write(html)

            def log_message(self, *_):
                pass
        site = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=site.serve_forever, daemon=True).start()
        self.addCleanup(site.shutdown)
        browser = self.browse(browsers.Chromium)
        browser.open(f"http://localhost:{site.server_port}/")
        browser.session.command("POST", "/frame", {"id": 0})
        browser.wait("window.ringcast?.snapshot().state === 'playing'", TIMEOUT, "the page plays in the frame")


if __name__ == "__main__":
    unittest.main()
