"""The station's page: a card for each stream, one stream that plays in place, and the player of each stream."""

import json
import signal
import tempfile
import unittest
from pathlib import Path

from support import browsers
from support.browsers.page import OUT, Page
from support.server import Server
from support.sound.soundcard import SoundCard
from support.waiting import TIMEOUT, wait_until

MARKUP = "<img src=x onerror=alert(1)>"
SETTINGS = f"""\
name = Harbour Radio
description = Two programmes from the old harbour.
homepage = https://harbour.example/
segment-length = 1

[stream harbour]
source = tone
name = Jazz & {MARKUP}

[stream hall]
source = tone
bitrate = 64
"""

# Counts the timers, the sound contexts, the URLs of objects and the errors that nobody handles, from now on.
WATCH = """(() => {
    window.rejections = [];
    addEventListener("unhandledrejection", ({ reason }) => rejections.push(String(reason)));
    window.contexts = [];
    const { AudioContext: Context, setInterval: start, clearInterval: end } = window;
    window.AudioContext = class extends Context {
        constructor(options) { super(options); contexts.push(this); }
    };
    window.addresses = new Set();
    const { createObjectURL: make, revokeObjectURL: free } = URL;
    URL.createObjectURL = (object) => { const url = make.call(URL, object); addresses.add(url); return url; };
    URL.revokeObjectURL = (url) => { addresses.delete(url); free.call(URL, url); };
    window.timers = new Set();
    window.setInterval = (...values) => { const timer = start(...values); timers.add(timer); return timer; };
    window.clearInterval = (timer) => { timers.delete(timer); end(timer); };
})()"""


class Case(unittest.TestCase):
    Browser = browsers.Chromium

    def serve(self, text=SETTINGS):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="station.")))
        self.config = folder / "ringcast.conf"
        self.config.write_text(text)
        self.server = self.enterContext(Server("--config", self.config))
        return self.server

    def browse(self, path="", **options):
        card = self.enterContext(SoundCard())
        self.browser = self.enterContext(self.Browser(card, **options))
        self.browser.open(self.server.url + path)
        return self.browser

    def text(self, selector):
        return self.browser.evaluate(f"document.querySelector({json.dumps(selector)}).textContent")

    def wait_cards(self, count):
        self.browser.wait(f"document.querySelectorAll('.card').length === {count}")

    def wait_playing(self, name, seconds=TIMEOUT):
        self.browser.wait(
            f"(({{ playing }}) => playing?.name === {json.dumps(name)} && playing.state === 'playing')"
            "(ringcast.snapshot())", seconds)

    def pressed(self):
        """The names of the streams whose buttons are pressed."""
        return self.browser.evaluate(
            "[...document.querySelectorAll('.card')].filter((card) => card.querySelector('[aria-pressed=true]'))"
            ".map((card) => card.dataset.stream)")

    def listeners(self):
        """The number of listeners of each stream, as the station tells it."""
        streams = json.loads(self.server.get("/station.json"))["streams"]
        return {stream["name"]: stream["listeners"] for stream in streams}

    def set_title(self, name, **playing):
        headers = {"Authorization": f"Bearer {self.server.operator_token}", "Content-Type": "application/json"}
        response = self.server.request(f"/{name}/metadata", "PUT", headers, json.dumps(playing))
        self.assertEqual(response.status, 204)

    def focused(self):
        """The name of the stream whose card has the focus."""
        return self.browser.evaluate("document.activeElement.closest('.card')?.dataset.stream")

    def press(self, name):
        self.browser.click(f"[data-stream='{name}'] button")


class Station(Case):
    def test_one_stream_plays_in_place_and_another_one_takes_its_place(self):
        self.serve()
        browser = self.browse()
        self.wait_cards(2)
        self.assertEqual(self.text("#station"), "Harbour Radio")
        self.assertEqual(browser.evaluate("document.title"), "Harbour Radio")
        self.assertEqual(self.text("[data-stream=harbour] h3"), f"Jazz & {MARKUP}")
        self.assertEqual(browser.evaluate("document.querySelectorAll('img:not(.logo)').length"), 0)
        browser.wait("document.querySelector('[data-stream=hall] [data-part=air]').textContent === 'On air'")
        self.assertEqual(self.pressed(), [])

        self.press("harbour")
        self.wait_playing("harbour")
        self.assertEqual(self.pressed(), ["harbour"])
        wait_until(lambda: self.listeners() == {"harbour": 1, "hall": 0}, TIMEOUT, self.listeners)
        self.assertEqual(browser.evaluate("navigator.mediaSession.metadata.title"), f"Jazz & {MARKUP}")

        self.press("hall")
        self.wait_playing("hall")
        self.assertEqual(self.pressed(), ["hall"])
        before = self.requests_of("harbour")
        wait_until(lambda: self.listeners()["hall"] == 1, TIMEOUT, self.listeners)
        self.set_title("hall", title="Bolero", artist="Ravel")
        browser.wait("document.querySelector('#track').textContent === 'Bolero'")
        browser.wait("document.title === 'Ravel – Bolero · hall · Harbour Radio'")
        # The stream that was left gets no request any more, and the server forgets its listener.
        wait_until(lambda: self.listeners() == {"harbour": 0, "hall": 1}, 60, self.listeners)
        self.assertEqual(self.requests_of("harbour"), before)

        browser.click("#stop")
        browser.wait("ringcast.snapshot().playing === null")
        self.assertEqual(self.pressed(), [])
        self.assertEqual(browser.evaluate("navigator.mediaSession.playbackState"), "none")
        self.assertTrue(browser.evaluate("document.querySelector('audio').src === ''"))
        self.assertEqual(self.text("#news"), "Stopped.")
        self.assertEqual(browser.errors(), [])

    def requests_of(self, name):
        return sum(f"/{name}" in url for url in self.browser.requests())

    def test_a_station_that_does_not_answer_is_told_and_comes_back(self):
        server = self.serve()
        browser = self.browse()
        self.wait_cards(2)
        shown = "getComputedStyle(document.querySelector('#trouble')).clipPath === 'none'"
        self.assertFalse(browser.evaluate(shown))
        # A screen reader reads the sentence only if the empty element is rendered before.
        self.assertEqual(self.text("#failure"), "")
        self.assertNotEqual(browser.evaluate("getComputedStyle(document.querySelector('#trouble')).display"), "none")
        server.stop()
        ask = "void dispatchEvent(new Event('online'))"
        browser.evaluate(ask)
        browser.wait("document.querySelector('#failure').textContent.startsWith('The station does not answer.')")
        self.assertTrue(browser.evaluate(shown))
        self.wait_cards(2)
        self.enterContext(Server("--config", self.config, port=server.port))
        browser.evaluate(ask)
        browser.wait(f"!({shown})")
        self.assertEqual(self.text("#failure"), "")
        self.wait_cards(2)

    def test_a_listener_who_changes_fast_leaves_nothing_running(self):
        self.serve()
        for query, contexts in (("?latency=live", 1), ("", 0)):
            with self.subTest(query), SoundCard() as card, self.Browser(card) as browser:
                self.browser = browser
                browser.open(self.server.url + query)
                self.wait_cards(2)
                browser.evaluate(WATCH)
                for index in range(8):
                    self.press("hall" if index % 2 else "harbour")
                # So fast that the media sources of the streams do not open before they are left.
                browser.evaluate("""void ["harbour", "hall", "harbour", "hall"].forEach(
                    (name) => document.querySelector(`[data-stream=${name}] button`).click())""")
                self.wait_playing("hall")
                running = browser.evaluate("contexts.filter(({ state }) => state !== 'closed').length")
                self.assertEqual(running, contexts)
                browser.click("#stop")
                browser.wait("ringcast.snapshot().playing === null")
                browser.wait("contexts.every(({ state }) => state === 'closed')")
                self.assertEqual(browser.evaluate("[timers.size, addresses.size, rejections]"), [0, 0, []])
                self.assertEqual(browser.errors(), [])


class FirefoxStation(Station):
    Browser = browsers.Firefox


class Use(Case):
    def test_keys_alone_play_stop_and_mute(self):
        self.serve()
        browser = self.browse()
        self.wait_cards(2)
        reached = []
        for _ in range(9):
            browser.press("Tab")
            reached.append(browser.evaluate("""(() => {
                const element = document.activeElement, style = getComputedStyle(element);
                const name = element.getAttribute("aria-label") || element.labels?.[0]?.textContent
                    || element.textContent.trim();
                return [name, style.outlineStyle !== "none" && style.outlineWidth !== "0px"];
            })()"""))
        names = [name for name, _ in reached]
        for name in (f"Play Jazz & {MARKUP}", "Play hall", "Open the player of hall", "Mute", "Volume"):
            self.assertIn(name, names)
        self.assertTrue(all(is_visible for name, is_visible in reached if name in names[:7]), reached)
        browser.evaluate("document.querySelector('[data-stream=hall] button').focus()")
        browser.press(" ")
        self.wait_playing("hall")
        browser.press("m")
        browser.wait("document.querySelector('audio').muted")
        browser.press("k")
        browser.wait("ringcast.snapshot().playing === null")
        # The button that stops is disabled afterwards. The focus goes to the stream that was heard.
        browser.press(" ")
        self.wait_playing("hall")
        browser.evaluate("document.querySelector('#stop').focus()")
        browser.press(" ")
        browser.wait("ringcast.snapshot().playing === null")
        self.assertEqual(self.focused(), "hall")
        browser.press(" ")
        self.wait_playing("hall")
        browser.evaluate("document.querySelector('#stop').focus()")
        browser.press("k")
        browser.wait("ringcast.snapshot().playing === null")
        self.assertEqual(self.focused(), "hall")

    def test_the_focus_goes_to_another_stream_where_the_station_drops_a_stream(self):
        server = self.serve()
        browser = self.browse()
        self.wait_cards(2)
        browser.press("Tab")
        browser.evaluate("document.querySelector('[data-stream=hall] button').focus()")
        browser.press(" ")
        self.wait_playing("hall")
        self.config.write_text(SETTINGS.split("[stream hall]")[0])
        server.process.send_signal(signal.SIGHUP)
        server.wait_log("reload: done")
        self.wait_cards(1)
        browser.wait("ringcast.snapshot().playing === null")
        self.assertEqual(self.focused(), "harbour")

    def test_the_lock_screen_pauses_and_plays(self):
        self.serve()
        browser = self.browse()
        self.wait_cards(2)
        self.press("hall")
        self.wait_playing("hall")
        browser.evaluate("document.querySelector('audio').pause()")
        browser.wait("ringcast.snapshot().playing.state === 'paused'")
        self.assertEqual(self.pressed(), [])
        self.press("hall")
        self.wait_playing("hall")

    def test_thirty_streams_fit_on_every_screen(self):
        text = SETTINGS + "".join(f"\n[stream s{index}]\nsource = tone\n" for index in range(28))
        self.serve(text)
        browser = self.browse()
        self.wait_cards(30)
        OUT.mkdir(exist_ok=True)
        for scheme in ("dark", "light"):
            browser.prefer(scheme)
            for width, height in ((320, 568), (360, 740), (768, 1024), (1280, 900)):
                with self.subTest(f"{width} × {height}, {scheme}"):
                    browser.resize(width, height)
                    browser.wait(f"innerWidth === {width}")
                    self.assertLessEqual(browser.evaluate("document.documentElement.scrollWidth"), width)
                    small = browser.evaluate("""[...document.querySelectorAll("button")].filter((button) => {
                        const { width, height } = button.getBoundingClientRect();
                        return width && Math.min(width, height) < 24;
                    }).length""")
                    self.assertEqual(small, 0)
                    browser.screenshot(OUT / f"station-{width}-{scheme}.png")


class Private(Case):
    def test_a_stream_with_a_token_says_so_and_its_player_asks_for_the_token(self):
        self.serve(SETTINGS + "listen-token = open-sesame-and-more\n")
        browser = self.browse()
        self.wait_cards(2)
        hidden = "document.querySelector('[data-stream={}] [data-part=lock]').hidden"
        self.assertEqual([browser.evaluate(hidden.format(name)) for name in ("harbour", "hall")], [True, False])
        self.press("hall")
        browser.wait("ringcast.snapshot().playing?.state === 'locked'")
        browser.wait("document.querySelector('#sentence').textContent.startsWith('A token is needed.')")
        self.press("harbour")
        self.wait_playing("harbour")

        browser.click("[data-stream=hall] [data-part=open]")
        browser.wait("document.querySelector('#token-form')?.hidden === false")
        browser.evaluate("document.querySelector('#token').focus()")
        for character in "open-sesame-and-more":
            browser.press(character)
        browser.click("#token-form button")
        browser.wait("window.ringcast?.snapshot().state === 'playing'")
        # The browser keeps the token, so the card opens, too.
        browser.open(self.server.url)
        self.wait_cards(2)
        browser.wait(hidden.format("hall"))
        self.press("hall")
        self.wait_playing("hall")

    def test_a_token_in_the_address_outlives_a_reload_and_leaves_the_other_streams_open(self):
        self.serve(
            SETTINGS + "listen-token = hall-sesame\n\n[stream tower]\nsource = tone\nlisten-token = tower-sesame\n")
        browser = self.browse("?token=hall-sesame")
        locked = ("[...document.querySelectorAll('.card')].filter((card) => !card.querySelector('[data-part=lock]').hidden)"
                  ".map((card) => card.dataset.stream)")
        self.wait_cards(3)
        self.assertEqual(browser.evaluate(locked), ["tower"])
        self.assertEqual(browser.evaluate("location.search"), "")
        # The address without the token, as after a reload.
        browser.open(self.server.url)
        self.wait_cards(3)
        self.assertEqual(browser.evaluate(locked), ["tower"])

        browser.open(f"{self.server.url}?token=tower-sesame")
        self.wait_cards(3)
        self.assertEqual(browser.evaluate(locked), [])
        for name in ("tower", "hall", "harbour"):
            self.press(name)
            self.wait_playing(name)
        self.assertEqual(browser.evaluate("[...document.links].filter(({ href }) => href.includes('token')).length"), 0)

        browser.open(f"{self.server.url}tower?token=tower-sesame")
        browser.wait("window.ringcast?.snapshot().state === 'playing'")
        self.assertEqual(browser.evaluate("document.querySelector('#home').href"), self.server.url)

        # The addresses for other players have the token, or the page says that they need a token.
        for path, notes in (("tower?token=tower-sesame", [False, True]), ("tower", [True, False]), ("harbour", [True, True])):
            browser.open(self.server.url + path)
            browser.wait("window.ringcast?.snapshot().state === 'playing'")
            browser.wait(
                "JSON.stringify(['#secret', '#token-needed'].map((note) => document.querySelector(note).hidden))"
                f" === '{json.dumps(notes, separators=(',', ':'))}'")


class Player(Case):
    def test_the_player_of_a_stream_has_its_names_and_leads_back_to_the_station(self):
        self.serve()
        browser = self.browse("harbour")
        browser.wait("window.ringcast?.snapshot().state === 'playing'")
        self.assertEqual(self.text("#stream"), f"Jazz & {MARKUP}")
        self.assertEqual(self.text("#home"), "Harbour Radio")
        self.assertEqual(browser.evaluate("document.title"), f"Jazz & {MARKUP} · Harbour Radio")
        self.assertEqual(browser.evaluate("document.querySelector('#playlist').href"), f"{self.server.url}harbour.m3u8")
        self.assertEqual(browser.evaluate("document.querySelector('#share').href"), f"{self.server.url}harbour")
        self.assertIn("&lt;img", browser.evaluate("document.querySelector('#embed').value"))
        for link in ("#m3u", "#pls"):
            path = browser.evaluate(f"new URL(document.querySelector('{link}').href).pathname")
            self.assertIn("harbour.mp3", self.server.get(path).decode())
        browser.click("#elsewhere summary")
        browser.click("[data-copy=endless]")
        browser.wait("document.querySelector('#copied').textContent === 'Copied.'")
        # Without https a script has no clipboard, and the page copies a selection.
        browser.wait("document.querySelector('#copied').textContent === ''")
        browser.evaluate("void Object.defineProperty(navigator, 'clipboard', { value: undefined })")
        browser.click("[data-copy=share]")
        browser.wait("document.querySelector('#copied').textContent === 'Copied.'")
        self.assertEqual(browser.errors(), [])
        browser.click("#home")
        self.wait_cards(2)

    def test_a_title_that_was_played_before_is_heard_again(self):
        # A busy machine is slow: the first title must still be in the ring when it is pressed.
        self.serve("ring-size = 60\n" + SETTINGS)
        browser = self.browse("hall")
        page = Page(browser, self.server, "hall")
        page.wait_playing()
        self.assertTrue(browser.evaluate("document.querySelector('#before').hidden"))
        for title in ("Bolero", "Für Elise"):
            self.set_title("hall", title=title)
            page.wait(lambda now: (now["nowPlaying"] or {}).get("title") == title, TIMEOUT, title)
        browser.wait("!document.querySelector('#before').hidden")
        browser.evaluate("document.querySelector('#before').open = true")
        browser.click("#before button")
        page.wait(
            lambda now: (now["nowPlaying"] or {}).get("title") == "Bolero" and now["state"] == "playing", TIMEOUT,
            "the earlier title")


if __name__ == "__main__":
    unittest.main()
