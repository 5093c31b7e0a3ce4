"""The language of the pages: the one of the browser, until the person chooses another."""

import json
import re
import tempfile
import unittest
from pathlib import Path

from support import browsers
from support.browsers.page import Page
from support.server import Server
from support.sound.soundcard import SoundCard
from support.waiting import TIMEOUT, wait_until

CHOICE = "document.querySelector('[data-languages]')"
# All that a page shows or says, hidden parts too. The log is English everywhere, and the choice names each language in
# that language.
SHOWN = """(() => {
    const skipped = 'script, style, template, noscript, kbd, #log, [data-languages]';
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, (node) =>
        node.nodeType === Node.ELEMENT_NODE && node.matches(skipped)
            ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
    const texts = [];
    while (walker.nextNode()) {
        const node = walker.currentNode;
        if (node.nodeType === Node.TEXT_NODE) texts.push(node.data);
        else texts.push(...['aria-label', 'title', 'placeholder', 'alt'].map((name) => node.getAttribute(name) ?? ''));
    }
    return texts.map((text) => text.replace(/\\s+/g, ' ').trim()).filter(Boolean);
})()"""
STATION = """\
name = Harbour Radio

[stream harbour]
source = tone

[stream hall]
source = tone
"""
VALUE = re.compile(r"(\{\w+\})")


def forms(entry):
    """The texts of an entry of a table by their plural; a text without plurals is in all of them."""
    return entry if isinstance(entry, dict) else {"one": entry, "other": entry}


def pattern(text):
    """Matches a text with any values in the place of their names."""
    return re.compile("".join(".+" if VALUE.fullmatch(part) else re.escape(part) for part in VALUE.split(text)))


class Words:
    """The texts that are English and not German, and those that are German."""

    def __init__(self, english, german):
        self.german = [pattern(text) for entry in german.values() for text in forms(entry).values()
                       if re.search(r"\w{2}", VALUE.sub("", text))]
        own = {text for entry in german.values() for text in forms(entry).values()}
        self.english = {
            text: pattern(text) for entry in english.values() for text in forms(entry).values()
            # A text of which little more than its values remains could be anything.
            if text not in own and re.search(r"[A-Za-z]{2}", VALUE.sub("", text))}

    def english_in(self, texts):
        """The texts that are English, each with the entry of the table."""
        return [(text, entry) for text in texts for entry, known in self.english.items() if known.fullmatch(text)
                and not any(own.fullmatch(text) for own in self.german)]

    def german_in(self, texts):
        return [text for text in texts if any(known.fullmatch(text) for known in self.german)]


class Case(unittest.TestCase):
    def browse(self, language):
        self.browser = self.enterContext(
            browsers.Chromium(
                self.enterContext(SoundCard()), flags=(f"--lang={language}", f"--accept-lang={language}")))
        self.assertEqual(self.browser.evaluate("navigator.language"), language)

    def choose(self, language):
        self.browser.evaluate(
            f"{CHOICE}.value = '{language}', {CHOICE}.dispatchEvent(new Event('change', {{ bubbles: true }}))")


class Leftovers(Case):
    """No text of a German page is English: neither after its start, nor after a change of the language."""

    def words(self):
        return Words(*self.browser.evaluate(
            "Promise.all(['en', 'de'].map(async (code) => "
            "(await import(new URL(`js/language/${code}.js`, document.baseURI).href)).default))"))

    def check(self, least=10):
        """`least` is the number of texts of a language that the page shows, so that an empty page does not pass."""
        words = self.words()

        def shown():
            return self.browser.evaluate(SHOWN)

        def is_german():
            texts = shown()
            return len(words.german_in(texts)) >= least and not words.english_in(texts)

        def wait():
            wait_until(
                is_german, TIMEOUT,
                lambda: f"{words.english_in(shown())} beside {len(words.german_in(shown()))} German texts")
        wait()
        self.choose("en")
        # The same search finds the English texts, so that the search is known to find some.
        wait_until(lambda: len(words.english_in(shown())) >= least, TIMEOUT, "English texts")
        self.choose("de")
        wait()

    def test_the_player_has_no_english_text_in_german(self):
        server = self.enterContext(Server("--source", "tone"))
        server.wait_playlist(lambda playlist: len(playlist.entries) >= 3)
        self.browse("de")
        Page(self.browser, server).wait_playing()
        # The panel that cuts clips says where its marks are.
        self.browser.evaluate("document.getElementById('clip').open = true")
        self.browser.wait("document.querySelector('#clip .clip-from').max > 0", what="the marks of a clip")
        self.check()

    def test_the_station_has_no_english_text_in_german(self):
        config = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="station.")), "ringcast.conf")
        config.write_text(STATION)
        server = self.enterContext(Server("--config", config))
        self.browse("de")
        self.browser.open(server.url)
        self.browser.wait("document.querySelectorAll('.card').length === 2", what="two streams")
        self.check()
        self.browser.click("[data-stream=hall] button")
        self.browser.wait("ringcast.snapshot().playing?.state === 'playing'", what="the stream plays")
        self.check()

    def test_the_operators_page_has_no_english_text_in_german(self):
        folder = self.enterContext(tempfile.TemporaryDirectory(prefix="recordings."))
        server = self.enterContext(Server("--source", "tone", "--rooms", "--record", folder))
        server.wait_playlist()
        self.browse("de")
        self.browser.open(server.operator_page)
        self.browser.wait("document.querySelectorAll('#facts dd').length > 0", what="the figures")
        self.browser.wait("document.querySelectorAll('#stream-list li').length > 0", what="a stream that is recorded")
        self.check()


class Chromium(Case):
    def open(self, language):
        server = self.enterContext(Server("--source", "tone"))
        server.wait_playlist(lambda playlist: len(playlist.entries) >= 3)
        self.browse(language)
        self.page = Page(self.browser, server)
        self.page.wait_playing()

    def wait_text(self, element, text):
        self.browser.wait(f"document.getElementById('{element}').textContent === {json.dumps(text)}", what=text)

    def tables(self):
        """The tables that the page has requested."""
        return {url.rsplit("/", 1)[1] for url in self.browser.requests()
                if "/language/" in url and len(url.rsplit("/", 1)[1]) == len("de.js")}

    def test_a_german_browser_shows_the_player_in_german_and_a_choice_changes_and_keeps_the_language(self):
        self.open("de")
        self.wait_text("headline", "Auf Sendung")
        self.assertEqual(self.browser.evaluate("document.documentElement.lang"), "de")
        self.assertEqual(self.browser.evaluate("document.getElementById('play').getAttribute('aria-label')"), "Pause")
        self.assertEqual(self.browser.evaluate(f"{CHOICE}.value"), "de")
        self.assertEqual(
            self.browser.evaluate("document.documentElement.classList.contains('awaits-language')"), False)
        self.assertEqual(self.tables(), {"en.js", "de.js"})
        stalls = self.page.snapshot()["stalls"]

        self.choose("en")
        self.wait_text("headline", "On air")
        self.assertEqual(self.browser.evaluate("document.documentElement.lang"), "en")
        # The sound goes on: the page is not loaded again.
        now = self.page.snapshot()
        self.assertEqual((now["state"], now["stalls"]), ("playing", stalls))

        self.choose("fr")
        self.wait_text("headline", "À l’antenne")
        self.browser.evaluate("location.reload()")
        self.page.wait_playing()
        self.wait_text("headline", "À l’antenne")
        self.assertEqual(self.browser.errors(), [])

    def test_a_japanese_browser_shows_the_player_in_japanese(self):
        self.open("ja")
        self.wait_text("headline", "放送中")
        self.assertEqual(self.browser.evaluate("document.documentElement.lang"), "ja")
        self.assertEqual(self.browser.errors(), [])

    def test_an_english_browser_requests_no_further_table(self):
        self.open("en-US")
        self.wait_text("headline", "On air")
        self.assertEqual(self.tables(), {"en.js"})


if __name__ == "__main__":
    unittest.main()
