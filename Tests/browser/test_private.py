"""A private microphone and the web pages of other sites, in real browsers."""

import http.server
import json
import threading
import unittest

from support import browsers
from support.server import Server
from support.sound.soundcard import SoundCard
from support.waiting import TIMEOUT

# Tries each way by which a page may get at sound and figures of another origin, and keeps what came of each.
TRY = """
const base = BASE, found = {};
async function read(name, url, options) {
  try {
    const response = await fetch(url, options);
    const reader = response.body.getReader();
    const { value } = await reader.read();
    // An endless answer would keep one of the few connections that the browser has for the others.
    reader.cancel();
    found[name] = response.status === 200 && value ? `${value.length} bytes` : `status ${response.status}`;
  } catch (error) { found[name] = 'refused'; }
}
function load(name, element, url) {
  return new Promise((resolve) => {
    for (const [event, word] of [['loadeddata', 'loaded'], ['load', 'loaded'], ['error', 'refused']]) {
      element.addEventListener(event, () => { found[name] = word; resolve(); });
    }
    element.src = url;
    if (element.load) element.load();
  });
}
await Promise.all([
  ...['live.mp3', 'live.m3u8', 'live-ll.m3u8', 'live.json', 'live/metadata', 'status', 'metrics'].map(
    (path) => read(path, base + path)),
  read('ranged', `${base}live.mp3`, { headers: { Range: 'bytes=0-' } }),
  load('element', document.createElement('audio'), `${base}live.mp3`),
  load('element with CORS', Object.assign(document.createElement('audio'), { crossOrigin: 'anonymous' }),
    `${base}live.mp3`),
]);
window.found = found;
"""


class Site:
    """A web site of another origin, on a port of its own."""

    def __init__(self):
        self.page = b""
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(site.page)

            def log_message(self, *_):
                pass
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()


class Private(unittest.TestCase):
    Browser = browsers.Chromium

    def setUp(self):
        self.site = Site()
        self.addCleanup(self.site.close)
        self.browser = self.enterContext(self.Browser(self.enterContext(SoundCard())))

    def serve(self, *flags):
        server = self.enterContext(Server("--source", "tone", "--segment-length", "1", *flags))
        server.wait_playlist(lambda playlist: len(playlist.entries) >= 3)
        return server

    def tried(self, base):
        """The result of each try of the site's page."""
        self.site.page = f"<!doctype html><script type=module>{TRY.replace('BASE', json.dumps(base))}</script>".encode()
        self.browser.open(self.site.origin)
        return self.browser.wait("window.found", 30, "the page has tried everything")

    def test_the_page_of_another_site_gets_nothing_by_any_name(self):
        server = self.serve()
        # The second is a name that another site may have and that leads to this machine.
        for name in ("localhost", "rebound.localhost"):
            found = self.tried(f"http://{name}:{server.port}/")
            self.assertEqual(set(found.values()), {"refused"}, found)

    def test_a_page_whose_own_name_leads_to_this_machine_gets_nothing(self):
        server = self.serve()
        self.browser.open(f"http://rebound.localhost:{server.port}/")
        self.browser.wait("!!window.ringcast", what="the page is open, and its files are")
        self.browser.evaluate(
            "fetch('/live.mp3').then((answer) => { window.answered = answer.status; }), undefined")
        self.assertEqual(self.browser.wait("window.answered", what="it is answered"), 403)

    def test_the_page_of_an_allowed_site_hears_the_stream(self):
        server = self.serve("--allow-origin", self.site.origin)
        found = self.tried(f"http://localhost:{server.port}/")
        for name in ("live.mp3", "live.m3u8", "live-ll.m3u8", "live.json", "live/metadata", "ranged"):
            self.assertRegex(found[name], r"^\d+ bytes$", found)
        self.assertEqual((found["status"], found["metrics"]), ("refused", "refused"))
        self.assertEqual((found["element"], found["element with CORS"]), ("loaded", "loaded"), found)

    def test_a_person_who_follows_a_link_hears_the_stream(self):
        server = self.serve()
        self.site.page = f'<!doctype html><a id="link" href="http://localhost:{server.port}/">Listen</a>'.encode()
        self.browser.open(self.site.origin)
        self.browser.click("#link")
        self.browser.wait("location.hostname === 'localhost' && !!window.ringcast", what="the page is open")
        state = "window.ringcast.snapshot().state"
        self.browser.wait(f"['playing', 'blocked'].includes({state})", what="the page can play")
        if self.browser.evaluate(state) == "blocked":
            self.browser.click("#play")
        self.browser.wait(f"{state} === 'playing'", TIMEOUT, "the page plays")


class FirefoxPrivate(Private):
    Browser = browsers.Firefox


class WebKitPrivate(Private):
    Browser = browsers.WebKit


if __name__ == "__main__":
    unittest.main()
