"""The pages of the rooms: people meet, chat, and come back after interruptions, by each road."""

import json
import tempfile
import unittest

from support import browsers
from support.browsers.room_page import RoomPage
from support.proxies.blocking_proxy import BlockingProxy
from support.server import Server
from support.sound.soundcard import SoundCard
from support.waiting import TIMEOUT, wait_until

ROOMS = ["--source", "tone", "--rooms", "--room-open", "talker"]


class Case(unittest.TestCase):
    def setUp(self):
        self.card = self.enterContext(SoundCard())
        self.sound = self.enterContext(tempfile.TemporaryDirectory(prefix="sound."))

    def serve(self, *flags, port=0):
        return self.enterContext(Server(*ROOMS, *flags, sound=self.sound, port=port))

    def browse(self, Browser=browsers.Chromium, **options):
        return self.enterContext(Browser(self.card, **options))

    def invite(self, server, room, role):
        """The query of a link to a room."""
        answer = server.request(
            f"/rooms/{room}/invites", "POST", {**server.operator_headers, "Content-Type": "application/json"},
            json.dumps({"role": role, "expires": 3600}))
        self.assertEqual(answer.status, 201, answer)
        return "?" + json.loads(answer.body)["url"].partition("?")[2]


class Meeting(Case):
    def test_three_pages_chat_see_each_other_and_come_back_after_a_crash(self):
        server = self.serve()
        ann = RoomPage(self.browse(), server.url).join("Ann")
        bob = RoomPage(self.browse(), server.url).join("Bob")
        ann.wait_members("Ann", "Bob")
        cleo = RoomPage(self.browse(browsers.Firefox), server.url).join("Cleo")
        pages = [ann, bob, cleo]
        for page in pages:
            page.wait_members("Ann", "Bob", "Cleo")
            self.assertEqual(page.snapshot()["road"], "socket")
        for page, name in zip(pages, ("Ann", "Bob", "Cleo")):
            page.say(f"hello from {name}")
        for page in pages:
            for name in ("Ann", "Bob", "Cleo"):
                page.wait_text(name, f"hello from {name}")
        self.assertEqual(len({json.dumps(page.texts()) for page in pages}), 1, "the order is the same for all")
        self.assertEqual(ann.notes(), ["Bob joined", "Cleo joined"])

        ids = [page.snapshot()["you"]["id"] for page in pages]
        for page in pages:
            self.assertEqual(page.browser.errors(), [])
        server.kill()
        for page in pages:
            page.wait(lambda now: now["phase"] == "rejoining", "the page has noticed the crash")
        # A message that is written now is sent when the server is there again.
        bob.say("written without a server")
        server = self.serve(port=server.port)
        for page in pages:
            page.wait(lambda now: now["phase"] == "joined", "the page is in the room again")
            page.wait_members("Ann", "Bob", "Cleo")
            page.wait_text("Bob", "written without a server")
        self.assertEqual([page.snapshot()["you"]["id"] for page in pages], ids, "they are the same members")
        self.assertEqual(ann.notes(), ["Bob joined", "Cleo joined"], "nobody has come or gone")
        for page in pages:
            texts = page.texts()
            self.assertEqual(len(texts), len({json.dumps(text) for text in texts}), "each message is there once")

        cleo.press_button("The room and you")
        cleo.press_button("Leave the room")
        for page in (ann, bob):
            page.wait_members("Ann", "Bob")
        self.assertEqual(ann.notes(), ["Bob joined", "Cleo joined", "Cleo left"])


class WebKit(Case):
    def test_it_chats(self):
        server = self.serve()
        ann = RoomPage(self.browse(), server.url).join("Ann")
        eve = RoomPage(self.browse(browsers.WebKit), server.url).join("Eve")
        eve.say("hello @Ann")
        ann.wait_text("Eve", "hello @Ann")
        self.assertEqual(ann.browser.evaluate("document.querySelector('#log .mention mark').textContent"), "@Ann")
        ann.say("hello Eve")
        eve.wait_text("Ann", "hello Eve")
        self.assertEqual(eve.snapshot()["road"], "socket")


class Roads(Case):
    def through(self, proxy, road):
        """A page behind the proxy and a page without a proxy chat."""
        ann = RoomPage(self.browse(), self.server.url).join("Ann")
        bob = RoomPage(self.browse(), proxy.url).join("Bob")
        bob.wait(lambda now: now["phase"] == "joined" and now["road"] == road, f"the road {road}")
        self.assertGreater(proxy.refused, 0)
        for text in ("one", "two", "three"):
            bob.say(text)
            ann.say(f"{text} too")
        for page in (ann, bob):
            for text in ("one", "two", "three"):
                page.wait_text("Bob", text)
                page.wait_text("Ann", f"{text} too")
        self.assertEqual(ann.texts(), bob.texts())
        bob.browser.click("#hand")
        ann.wait(lambda now: True, "the page")
        ann.browser.wait("document.querySelector('[aria-label*=\"Bob, hand raised\"]')", what="the hand of Bob")
        self.assertNotIn("Bob left", ann.notes())
        return ann, bob

    def test_where_websockets_are_refused_the_page_goes_on_by_events(self):
        self.server = self.serve()
        with BlockingProxy(self.server.port) as proxy:
            ann, bob = self.through(proxy, "events")
            # The session is in no URL.
            self.assertFalse([url for url in bob.browser.requests() if "session" in url.lower()])
            you = bob.snapshot()["you"]["id"]
            self.server.kill()
            bob.wait(lambda now: now["phase"] == "rejoining", "the page has noticed the crash")
            self.server = self.serve(port=self.server.port)
            bob.wait(lambda now: now["phase"] == "joined", "the page is in the room again")
            self.assertEqual(bob.snapshot()["you"]["id"], you)
            ann.wait(lambda now: now["phase"] == "joined", "the other page is in the room again")
            ann.say("again")
            bob.wait_text("Ann", "again")

    def test_where_event_streams_are_held_too_the_page_goes_on_by_polling(self):
        self.server = self.serve()
        with BlockingProxy(self.server.port, holds_event_streams=True) as proxy:
            _, bob = self.through(proxy, "polling")
            self.assertGreater(proxy.held, 0)
            self.assertIn("late", bob.shown("#trouble"))


class Door(Case):
    def test_an_invitation_leaves_the_address_and_stays_in_the_tab(self):
        server = self.serve()
        query = self.invite(server, "kitchen", "host")
        browser = self.browse()
        page = RoomPage(browser, server.url, query=query)
        self.assertEqual(browser.evaluate("location.href"), f"{server.url}rooms/kitchen")
        page.join("Ann")
        you = page.snapshot()["you"]
        self.assertEqual(you["role"], "host")
        page.say("hello")
        page.wait_text("Ann", "hello")
        browser.evaluate("location.reload()")
        again = page.wait(lambda now: now["phase"] == "joined", "the page is in the room again")
        self.assertEqual((again["you"]["id"], again["you"]["role"]), (you["id"], "host"))
        page.wait_text("Ann", "hello")
        self.assertFalse([url for url in browser.requests() if "invite=" in url and not url.endswith(query)])

    def test_each_refusal_is_a_sentence_and_a_taken_name_gets_a_suggestion(self):
        server = self.serve()
        ann = RoomPage(self.browse(), server.url).join("Ann")
        browser = self.browse()
        page = RoomPage(browser, server.url)
        page.submit_name("ann")
        page.wait(lambda now: now["phase"] == "refused", "the name is refused")
        suggestion = browser.evaluate("document.querySelector('#name').value")
        self.assertNotEqual(suggestion.lower(), "ann")
        self.assertIn(suggestion, page.shown("#door-error"))
        page.submit_name(suggestion)
        page.wait(lambda now: now["phase"] == "joined", "the other name is free")
        ann.wait_members("Ann", suggestion)
        page = RoomPage(browser, server.url, room="cellar", query="?invite=forged")
        page.submit_name("Bob")
        page.wait(lambda now: now["phase"] == "refused", "the invitation is refused")
        self.assertIn("invitation is not valid", page.shown("#door-error"))


class Hostile(Case):
    def test_markup_in_names_and_chat_stays_text(self):
        server = self.serve()
        name, text = "<img src=x onerror=hacked()>", "<script>hacked()</script><b>x</b> javascript:hacked()"
        ann = RoomPage(self.browse(), server.url).join("Ann")
        bob = RoomPage(self.browse(), server.url).join(name)
        ann.browser.evaluate("(window.hacked = () => { window.wasHacked = true; }, 1)")
        bob.say(text)
        ann.wait_text(name, text)
        markup = "#log :is(img, script, a), #log .text b, #members img"
        self.assertEqual(ann.browser.evaluate(f"document.querySelectorAll('{markup}').length"), 0)
        self.assertFalse(ann.browser.evaluate("'wasHacked' in window"))
        bob.say("https://example.org/?a=<b>")
        ann.browser.wait("document.querySelector('#log a')", what="the link")
        link = ann.browser.evaluate(
            "(a => [a.getAttribute('href'), a.rel, a.target])(document.querySelector('#log a'))")
        self.assertEqual(link, ["https://example.org/?a=", "noopener noreferrer nofollow", "_blank"])
        for page in (ann, bob):
            self.assertEqual(page.browser.errors(), [])


class Host(Case):
    def test_a_host_mutes_asks_deletes_locks_and_removes(self):
        server = self.serve()
        ann = RoomPage(self.browse(), server.url, query=self.invite(server, "kitchen", "host")).join("Ann")
        bob = RoomPage(self.browse(), server.url).join("Bob")
        ann.wait_members("Ann", "Bob")
        member = "[...document.querySelectorAll('#members button')].find(b => b.ariaLabel.startsWith('Bob'))"

        def choose(action):
            ann.browser.evaluate(f"({member}).click()")
            ann.press_button(action)
        bob.say("first")
        ann.wait_text("Bob", "first")
        ann.browser.evaluate("document.querySelector('#log .chat .delete').click()")
        ann.press_button("Delete")
        for page in (ann, bob):
            page.browser.wait("document.querySelector('#log .gone')", what="the deleted message")

        choose("Mute")
        bob.wait(lambda now: now["you"]["muted"], "Bob is muted")
        ann.wait(lambda now: True, "the page")
        ann.browser.wait(f"({member}).ariaLabel.includes('muted')", what="the state of Bob")
        wait_until(lambda: " muted talker Bob" in server.log, TIMEOUT, lambda: server.log)
        choose("Let speak again")
        wait_until(lambda: " unmuted talker Bob" in server.log, TIMEOUT, lambda: server.log)
        # Bob has not spoken up, so that the own mute stays. He may write again.
        bob.say("second")
        ann.wait_text("Bob", "second")

        ann.press_button("The room and you")
        ann.press_button("Ask a poll")
        ann.browser.evaluate("""(form => {
            form.question.value = 'Tea?';
            form.choices.value = 'yes\\nno';
            form.requestSubmit();
        })(document.querySelector('#sheet form'))""")
        bob.browser.wait("document.querySelector('.poll')", what="the poll")
        bob.browser.click(".choice input")
        ann.browser.wait("document.querySelector('.choice .votes').textContent === '1'", what="the vote")
        ann.press_button("End the poll")
        for page in (ann, bob):
            page.browser.wait("document.querySelector('#log .result b')?.textContent === '1'", what="the result")

        ann.press_button("The room and you")
        ann.press_button("Make an invitation")
        ann.press_button("Make the link")
        ann.browser.wait(
            "document.querySelector('#sheet .copy-row input')?.value.includes('/rooms/kitchen?invite=')",
            what="the link")
        ann.browser.evaluate("document.querySelector('#sheet').close()")

        ann.press_button("The room and you")
        ann.browser.evaluate("document.querySelector('#sheet .switch input').click()")
        ann.browser.evaluate("document.querySelector('#sheet').close()")
        ann.browser.wait("document.body.classList.contains('is-locked')", what="the lock")
        choose("Remove")
        ann.press_button("Remove")
        bob.wait(lambda now: now["phase"] == "ended", "Bob is removed")
        self.assertIn("A host has removed you", bob.shown("#door-error"))
        ann.wait_members("Ann")


class Comfort(Case):
    def test_the_keyboard_alone_is_enough(self):
        server = self.serve()
        ann = RoomPage(self.browse(), server.url).join("Ann")
        browser = self.browse()
        page = RoomPage(browser, server.url)
        browser.wait("document.activeElement.id === 'name'", what="the focus in the field for the name")
        for key in [*"Bob", "Enter"]:
            browser.press(key)
        page.wait(lambda now: now["phase"] == "joined", "Bob is in the room")
        browser.wait("document.activeElement.id === 'message'", what="the focus in the field for messages")
        page.wait_members("Ann", "Bob")
        for key in [*"hi @a", "Tab", "Enter"]:
            browser.press(key)
        ann.wait_text("Bob", "hi @Ann")
        browser.press("Escape")
        browser.press("h")
        ann.browser.wait("document.querySelector('[aria-label*=\"Bob, hand raised\"]')", what="the hand of Bob")
        page.wait_text("Bob", "hi @Ann")
        browser.press("Up")
        self.assertTrue(browser.evaluate("document.activeElement.matches('#log .own')"))
        browser.press("Delete")
        browser.wait("document.querySelector('#sheet').open", what="the question")
        browser.press("Escape")
        browser.wait("!document.querySelector('#sheet').open", what="the question is gone")
        browser.press("/")
        self.assertEqual(browser.evaluate("document.activeElement.id"), "message")

    def test_what_comes_while_the_page_is_hidden_is_counted_and_marked(self):
        server = self.serve()
        ann = RoomPage(self.browse(), server.url).join("Ann")
        # In headless mode no page is ever hidden.
        browser = self.browse(headless=False)
        bob = RoomPage(browser, server.url).join("Bob")
        ann.say("before")
        bob.wait_text("Ann", "before")
        with browser.behind_another_tab():
            ann.say("after")
            ann.wait_text("Ann", "after")
        bob.wait_text("Ann", "after")
        browser.wait(
            "document.querySelector('#log .divider + * ~ .text')?.textContent === 'after'", what="the divider")

    def test_the_field_stays_in_sight_while_the_keyboard_of_a_phone_is_open(self):
        server = self.serve()
        browser = self.browse()
        browser.resize(380, 760)
        page = RoomPage(browser, server.url).join("Ann")
        for number in range(12):
            page.browser.evaluate(f"""(() => {{
                document.querySelector('#message').value = 'message {number}';
                document.querySelector('#composer').requestSubmit();
            }})()""")
        page.wait_text("Ann", "message 11")
        answer = server.request(
            "/rooms/kitchen/events", "POST", {**server.operator_headers, "Content-Type": "application/json"},
            json.dumps({"type": "poll", "question": "Tea?", "choices": ["yes", "no"]}))
        self.assertEqual(answer.status, 201, answer)
        browser.wait("document.querySelector('.poll')", what="the poll")
        browser.click("#message")
        for height in (760, 380, 300, 760):
            browser.resize(380, height)
            inside = """(id => (box => box.top >= 0 && box.bottom <= innerHeight && box.right <= innerWidth)(
                document.querySelector(id).getBoundingClientRect()))"""
            for id in ("#message", "#log .entry:last-child .text"):
                wait_until(
                    lambda: browser.evaluate(f"{inside}({json.dumps(id)})"), TIMEOUT, f"{id} is in sight at {height}")
            self.assertTrue(browser.evaluate("document.documentElement.scrollWidth <= innerWidth"))
            wait_until(lambda: page.shown("#newest") is None, TIMEOUT, "the log is at its end")
            page.screenshot(f"phone-{height}")

    def test_screen_readers_hear_the_messages_of_others_together(self):
        server = self.serve()
        ann = RoomPage(self.browse(), server.url).join("Ann")
        bob = RoomPage(self.browse(), server.url).join("Bob")
        ann.browser.evaluate("""(() => {
            window.said = [];
            new MutationObserver(() => window.said.push(document.querySelector('#announcer').textContent))
                .observe(document.querySelector('#announcer'), { childList: true, subtree: true });
        })()""")
        ann.say("mine")
        bob.say("one")
        bob.say("two")
        ann.browser.wait("window.said.join(' ').includes('two')", what="the announcement")
        said = ann.browser.evaluate("window.said")
        self.assertIn("Bob: one", " ".join(said))
        self.assertNotIn("mine", " ".join(said))


class List(Case):
    def test_the_list_is_live_and_leads_to_the_rooms(self):
        server = self.serve()
        browser = self.browse()
        browser.open(f"{server.url}rooms/")
        browser.wait("document.querySelector('#headline').textContent === 'No room is open'", what="the empty list")
        RoomPage(self.browse(), server.url).join("Ann")
        browser.wait(
            "document.querySelector('#rooms a')?.innerText.replace(/\\s+/g, ' ') === 'kitchen 1 member'",
            what="the room")
        for width, height, scheme in ((1280, 900, "light"), (380, 760, "dark")):
            browser.resize(width, height)
            browser.prefer(scheme)
            self.assertTrue(browser.evaluate("document.documentElement.scrollWidth <= innerWidth"), width)
        browser.evaluate("document.querySelector('#room').value = 'The Cellar'")
        browser.click("#open-form button")
        browser.wait("location.pathname === '/rooms/the-cellar'", what="the page of the room")
        self.assertEqual(browser.errors(), [])


if __name__ == "__main__":
    unittest.main()
