"""The room of the stream beside the player: each message is shown when its sound is heard."""

import json
import time
import unittest
from datetime import datetime

from support import browsers
from support.browsers.page import Page
from support.server import Server
from support.sound.soundcard import SoundCard
from support.waiting import TIMEOUT, wait_until

TOKEN = "swordfish-and-chips"

# Notes for each message that the log shows or hides: its number, whether it is shown, and the date of the sound that is
# heard at that moment, in seconds since 1970.
WATCH = """(() => {
    window.changes = [];
    const note = (isShown) => (node) => {
        if (!node.dataset?.key) return;
        const { behindLive } = ringcast.snapshot();
        const heard = behindLive === null ? null : Date.now() / 1000 - behindLive;
        window.changes.push([Number(node.dataset.key), isShown, heard, Date.now() / 1000]);
    };
    new MutationObserver((records) => {
        for (const { addedNodes, removedNodes } of records) {
            removedNodes.forEach(note(false));
            addedNodes.forEach(note(true));
        }
    }).observe(document.querySelector("#room .log"), { childList: true });
    return true;
})()"""


class Case(unittest.TestCase):
    """Runs alone, because the test measures time."""

    alone = True
    Browser = browsers.Chromium

    def open(self, query="", segments=4, flags=("--rooms", "--stream-room")):
        card = self.enterContext(SoundCard())
        self.server = self.enterContext(Server("--source", "tone", "--admin-token", TOKEN, *flags))
        self.server.wait_playlist(lambda playlist: len(playlist.entries) >= segments)
        self.browser = self.enterContext(self.Browser(card))
        self.page = Page(self.browser, self.server, query)
        self.page.wait_playing()

    def watch(self):
        """Waits for the room, and notes from now on what its log shows."""
        self.browser.wait('document.querySelector("#room .log") !== null', what="the room")
        self.browser.evaluate(WATCH)

    def say(self, type="prompt", **fields):
        """Says an event in the room. Returns its number."""
        response = self.server.request(
            "/rooms/live/events", "POST", {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"},
            json.dumps({"type": type, **fields}))
        self.assertEqual(response.status, 201, response)
        return json.loads(response.body)["id"]

    def message(self, condition):
        """The first message of the audience's events that fulfils the condition."""
        connection = self.server.connect(TIMEOUT)
        try:
            connection.request("GET", "/rooms/live/events", headers={"Last-Event-ID": "0"})
            response = connection.getresponse()
            self.assertEqual(response.status, 200)
            while True:
                line = response.readline().decode()
                self.assertNotEqual(line, "", "the events end")
                if line.startswith("data: "):
                    message = json.loads(line.removeprefix("data: "))
                    if condition(message):
                        return message
        finally:
            connection.close()

    def date(self, number):
        """The date of the sound at the moment of a message, in seconds since 1970."""
        message = self.message(lambda message: message["id"] == number)
        self.assertEqual(message["stream"], "live")
        return datetime.fromisoformat(message["date"]).timestamp()

    def changes(self, number, count, seconds=TIMEOUT):
        """The first `count` changes of a message in the log: whether it is shown, the date of the sound, and when."""
        def look():
            changes = [change[1:] for change in self.browser.evaluate("window.changes") if change[0] == number]
            return changes if len(changes) >= count else None
        return wait_until(look, seconds, lambda: f"{count} changes of {number}: {self.browser.evaluate('changes')}")

    def assert_with_sound(self, change, date):
        """The message is shown with its sound: not before, and hardly after. Dates are cut to milliseconds, and the
        page estimates the server's clock."""
        is_shown, heard, _ = change
        self.assertTrue(is_shown)
        self.assertIsNotNone(heard)
        self.assertGreater(heard, date - 0.05)
        self.assertLess(heard, date + 0.3)

    def join(self, name):
        self.browser.click("#room-name")
        for key in name:
            self.browser.press(key)
        self.browser.press("Enter")
        self.browser.wait('document.activeElement.id === "room-message"', what="the field to write in")

    def texts(self):
        return self.browser.evaluate(
            '[...document.querySelectorAll("#room .log .text")].map((text) => text.textContent)')


class Chromium(Case):
    def tab(self, query):
        """A playing page with its room, in a new tab. Returns the tab."""
        session = self.browser.session
        handle = session.command("POST", "/window/new", {"type": "tab"})["handle"]
        session.command("POST", "/window", {"handle": handle})
        self.page = Page(self.browser, self.server, query)
        self.page.wait_playing()
        return handle

    def show(self, tab):
        self.browser.session.command("POST", "/window", {"handle": tab})

    def test_a_listener_ten_seconds_behind_sees_a_prompt_ten_seconds_after_a_listener_at_live(self):
        self.open(segments=8)
        live = self.browser.session.command("GET", "/window")
        self.watch()
        late = self.tab("?latency=never")
        self.page.wait(lambda now: (now["behindLive"] or 0) > 8, 30, "eight seconds behind live")
        self.watch()
        behind = self.page.snapshot()["behindLive"]

        number = self.say(text="The second movement begins")
        date = self.date(number)
        shown = {}
        for tab in (live, late):
            self.show(tab)
            shown[tab] = self.changes(number, 1, 30)[0]
            self.assert_with_sound(shown[tab], date)
        # The difference is the distance of the two playheads.
        apart = shown[late][2] - shown[live][2]
        self.assertGreater(apart, 6)
        self.assertAlmostEqual(apart, behind, delta=2)
        self.assertEqual(self.browser.errors(), [])

    def test_a_listener_who_rewinds_sees_the_old_messages_again_with_their_sound(self):
        self.open(segments=4)
        self.watch()
        first = self.say(text="One")
        self.assert_with_sound(self.changes(first, 1)[0], self.date(first))
        # The seek below goes back by five seconds: behind the second message, and not behind the first.
        wait_until(lambda: time.time() > self.date(first) + 7, TIMEOUT, "seven seconds between the messages")
        second = self.say("score", text="1 : 0")
        self.assert_with_sound(self.changes(second, 1)[0], self.date(second))
        self.assertEqual(self.board(), "1 : 0")

        self.browser.press("Left")
        gone, back = self.changes(second, 3, 30)[1:3]
        self.assertEqual(gone[0], False)
        self.assertLess(gone[1], self.date(second))
        self.assert_with_sound(back, self.date(second))
        self.assertEqual(len(self.changes(first, 1)), 1, "the first message stays")
        self.assertEqual(self.board(), "1 : 0")

    def board(self):
        return self.browser.evaluate('document.querySelector("#room .board-score").textContent')

    def test_a_vote_before_joining_counts_after_joining(self):
        self.open()
        self.watch()
        number = self.say("poll", question="Tea?", choices=["Yes", "No"])
        self.browser.wait('document.querySelectorAll("#room .choice").length === 2', what="the poll")
        self.browser.click("#room .choice:nth-of-type(2)")
        self.browser.wait('document.activeElement.id === "room-name"', what="the field for the name")
        self.join("Ann")
        poll = self.message(lambda message: message.get("poll") == number and sum(message["votes"]) == 1)
        self.assertEqual(poll["votes"], [0, 1])
        self.browser.wait('document.querySelector("#room .total").textContent.startsWith("1 vote")', what="the vote")
        self.assertEqual(self.browser.errors(), [])

    def test_the_room_comes_after_the_sound_and_only_where_there_is_one(self):
        def starts(pattern):
            return self.browser.evaluate(f"""performance.getEntriesByType("resource")
                .filter(({{ name }}) => /{pattern}/.test(name)).map(({{ startTime }}) => startTime)""")
        self.open()
        self.watch()
        # A browser lists a request when the answer is complete. A segment that grows takes two seconds.
        self.page.wait(lambda now: now["elapsed"] > 5, TIMEOUT, "five seconds of sound")
        self.assertGreater(min(starts(r"\/rooms\/|\/js\/room\/")), min(starts(r"\.mp3")))
        self.assertEqual(self.browser.errors(), [])

    def test_a_stream_without_a_room_loads_nothing_of_rooms(self):
        self.open(flags=("--rooms",))
        self.page.wait(lambda now: now["elapsed"] > 5, TIMEOUT, "five seconds of sound")
        self.assertNotIn("room", self.server.information())
        self.assertEqual([url for url in self.browser.requests() if "room" in url], [])
        self.assertTrue(self.browser.evaluate('document.querySelector("#room").hidden'))

    def test_it_fits_on_every_screen(self):
        self.open()
        self.watch()
        self.say("score", text="Vienna 2 : 1 Prague")
        self.say("poll", question="Which encore would you like to hear tonight?", choices=[
            "Debussy, Clair de lune", "Satie, Gymnopédie No. 1 – Lent et douloureux",
            "Donaudampfschifffahrtsgesellschaft" * 2])
        self.say(text="Now: Maurice Ravel, Le Tombeau de Couperin. Four movements, twenty minutes.")
        self.join("Ann")
        for key in "Bravo!":
            self.browser.press(key)
        self.browser.press("Enter")
        wait_until(lambda: len(self.texts()) == 3, TIMEOUT, lambda: f"three texts: {self.texts()}")
        for scheme in ("dark", "light"):
            self.browser.prefer(scheme)
            for width, height in ((320, 568), (390, 844), (740, 360), (1024, 768), (1280, 900), (1680, 1000)):
                with self.subTest(f"{width} × {height}, {scheme}"):
                    self.browser.resize(width, height)
                    self.assertEqual(self.browser.evaluate("innerWidth"), width)
                    self.assertLessEqual(self.browser.evaluate("document.documentElement.scrollWidth"), width)
                    self.browser.evaluate('document.querySelector("#room").scrollIntoView({ block: "end" })')
                    self.assertTrue(self.browser.evaluate("""(() => {
                        const field = document.querySelector("#room-message").getBoundingClientRect();
                        return field.width > 120 && field.bottom <= innerHeight + 1;
                    })()"""), "the field to write in is in sight")
                    self.page.screenshot(f"stream-room-{width}x{height}-{scheme}")


class ChatWithChromium(Case):
    def test_a_listener_chats_from_the_player_s_page(self):
        self.open("?latency=never", segments=7)
        self.page.wait(lambda now: (now["behindLive"] or 0) > 5, 30, "five seconds behind live")
        self.watch()
        self.join("Ann")
        # The keys of the player belong to the text meanwhile: K and a space would pause, M would mute.
        for key in "Kamm me":
            self.browser.press("Space" if key == " " else key)
        self.browser.press("Enter")
        mine = self.message(lambda message: message["type"] == "chat")
        self.assertEqual((mine["name"], mine["text"]), ("Ann", "Kamm me"))
        # The own message is there at once: its sound comes seconds later.
        _, heard, _ = self.changes(mine["id"], 1)[0]
        self.assertLess(heard, datetime.fromisoformat(mine["date"]).timestamp() - 3)
        self.assertEqual(self.texts(), ["Kamm me"])
        self.assertEqual(self.page.snapshot()["state"], "playing")
        self.assertFalse(self.browser.evaluate("document.querySelector('audio').muted"))
        # Everybody else's message comes with its sound, by the road of the member too.
        number = self.say(text="Bravo")
        self.assert_with_sound(self.changes(number, 1, 30)[0], self.date(number))
        self.assertEqual(self.texts(), ["Kamm me", "Bravo"])
        self.browser.click(".room-leave")
        self.browser.wait('!document.querySelector(".room-join").hidden', what="the form")
        # WebKit's driver does not tell errors.
        if hasattr(self.browser, "errors"):
            self.assertEqual(self.browser.errors(), [])


class ChatWithFirefox(ChatWithChromium):
    Browser = browsers.Firefox


class ChatWithWebKit(ChatWithChromium):
    Browser = browsers.WebKit


if __name__ == "__main__":
    unittest.main()
