"""The roads without a WebSocket: events and POST, and long polling."""

import json
import threading
import time
import unittest

from support.clients.room_roads import Poster
from support.clients.room_server import room_server
from support.waiting import TIMEOUT, wait_until


class RequestRoads(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = room_server()
        cls.addClassCleanup(cls.server.close)

    def poster(self, room, name):
        poster = Poster(self.server, room)
        poster.welcome = poster.hello(name)
        return poster

    def events(self, poster, last=None):
        reader = poster.events(last)
        self.addCleanup(reader.close)
        self.assertEqual(reader.status, 200)
        return reader

    def test_events_and_post_carry_the_same_messages(self):
        ann, ben = self.poster("hall", "Ann"), self.poster("hall", "Ben")
        self.assertEqual({member["name"] for member in ben.welcome["members"]}, {"Ann", "Ben"})
        reader = self.events(ann)
        self.assertEqual(reader.response.headers["Content-Type"], "text/event-stream")
        self.assertEqual(ben.post("chat", text="<b>hello</b>"), (204, None))
        event, chat = reader.wait("chat")
        self.assertEqual((chat["name"], chat["text"]), ("Ben", "<b>hello</b>"))
        # The numbers of the messages to one member have no gap.
        self.assertEqual(ann.post("ping"), (204, None))
        after, _ = reader.wait("pong")
        self.assertGreater(int(after["id"]), int(event["id"]))

    def test_a_broken_answer_goes_on_behind_the_last_event(self):
        ann, ben = self.poster("resumed", "Ann"), self.poster("resumed", "Ben")
        reader = self.events(ann)
        ben.post("chat", text="one")
        event, _ = reader.wait("chat")
        reader.close()
        for text in ("two", "three"):
            ben.post("chat", text=text)
        again = self.events(ann, event["id"])
        texts = [again.wait("chat")[1]["text"] for _ in range(2)]
        self.assertEqual(texts, ["two", "three"])

    def test_polls_carry_the_same_messages_once(self):
        ann, ben = self.poster("polled", "Ann"), self.poster("polled", "Ben")
        ben.post("chat", text="one")
        last, chat = ann.wait_polled("chat")
        self.assertEqual(chat["text"], "one")
        # The same poll again has the same answer: the first one may have been lost.
        ben.post("chat", text="two")
        for _ in range(2):
            _, chat = ann.wait_polled("chat", last)
            self.assertEqual(chat["text"], "two")

    def test_a_poll_is_held_until_there_is_a_message(self):
        ann, ben = self.poster("held", "Ann"), self.poster("held", "Ben")
        last, _ = ann.wait_polled("members")
        heard = []
        thread = threading.Thread(target=lambda: heard.append(ann.wait_polled("chat", last)), daemon=True)
        thread.start()
        time.sleep(1)
        self.assertEqual(heard, [])
        ben.post("chat", text="now")
        thread.join(TIMEOUT)
        self.assertEqual(heard[0][1]["text"], "now")

    def test_a_page_changes_the_road_and_misses_nothing(self):
        ann, ben = self.poster("changed", "Ann"), self.poster("changed", "Ben")
        reader = self.events(ann)
        ben.post("chat", text="one")
        event, _ = reader.wait("chat")
        reader.close()
        ben.post("chat", text="two")
        _, chat = ann.wait_polled("chat", int(event["id"]))
        self.assertEqual(chat["text"], "two")

    def test_refusals_are_answers(self):
        ann = self.poster("refused", "Ann")
        for message, status, code in [
            ({"type": "nonsense"}, 400, "unknown_type"), ({"type": "chat"}, 400, "bad_message"),
            ({"type": "delete", "message": 1}, 404, "no_such_message"),
            ({"type": "host", "action": "lock", "on": True}, 403, "not_allowed"),
        ]:
            with self.subTest(message):
                answer = ann.post(**message)
                self.assertEqual((answer[0], answer[1]["type"], answer[1]["code"]), (status, "error", code))
        other = Poster(self.server, "refused")
        status, error = other.post("hello", name="Ann")
        self.assertEqual((status, error["code"]), (409, "name_taken"))
        # Without a session, nothing but hello is taken.
        self.assertEqual(other.post("chat", text="who?")[0], 409)
        other.session = "made.up.session"
        self.assertEqual(other.post("chat", text="who?")[0], 409)
        self.assertEqual(other.poll(0)[0], 409)

    def test_what_is_too_long_or_no_message_is_refused(self):
        path = "/rooms/refused/messages"
        for body, status in [(b"x" * 20_000, 413), (b"{", 400), (b"\xff\xfe", 400), (b"", 400)]:
            with self.subTest(body[:10]):
                self.assertEqual(self.server.request(path, "POST", {}, body).status, status)
        self.assertEqual(self.server.request(path, "PUT", {}, b"x").status, 405)

    def test_a_member_that_leaves_hears_of_the_close(self):
        ann = self.poster("left", "Ann")
        reader = self.events(ann)
        ann.post("leave")
        while (event := reader.next()) and event.get("event") != "close":
            pass
        self.assertEqual(json.loads(event["data"])["code"], 1000)

    def test_a_page_that_is_gone_leaves_its_place(self):
        self.poster("gone", "Ann")
        ben = self.poster("gone", "Ben")
        last = 0
        names = {member["id"]: member["name"] for member in ben.welcome["members"]}

        def look():
            nonlocal last
            status, answer = ben.poll(last)
            self.assertEqual(status, 200)
            last = answer["last"]
            for message in answer["messages"]:
                if message["type"] == "members":
                    for id in message["left"]:
                        names.pop(id, None)
            return "Ann" not in names.values()
        # Ten seconds without a request, and the thirty for which a member keeps the place.
        wait_until(look, 60 + TIMEOUT, "Ann has left")
