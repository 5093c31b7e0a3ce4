"""Events of a room for programs and pages that are no members: POST, and server-sent events."""

import asyncio
import http.client
import json
import unittest

from support.clients.room_member import RoomMember, websockets
from support.clients.room_roads import EventReader
from support.clients.room_server import room_server
from support.waiting import TIMEOUT, wait_until


class Audience(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = room_server("--admin-port", 0)
        cls.addClassCleanup(cls.server.close)

    def reader(self, room, headers=None):
        reader = EventReader(self.server, f"/rooms/{room}/events", headers)
        self.addCleanup(reader.close)
        self.assertEqual(reader.status, 200)
        return reader

    def post(self, room, event, headers=None, path="events"):
        headers = self.server.operator_headers if headers is None else headers
        answer = self.server.request(f"/rooms/{room}/{path}", "POST", headers, json.dumps(event))
        return answer.status, json.loads(answer.body) if answer.body else None

    def test_an_event_reaches_every_reader_with_its_number(self):
        readers = [self.reader("hall") for _ in range(3)]
        status, answer = self.post("hall", {"type": "score", "home": 2, "away": 1})
        self.assertEqual(status, 201)
        for reader in readers:
            event, score = reader.wait("score")
            self.assertEqual((score["id"], event["id"]), (answer["id"], str(answer["id"])))
            self.assertEqual((score["home"], score["away"]), (2, 1))

    def test_a_reader_that_comes_again_gets_what_it_missed(self):
        reader = self.reader("resumed")
        ids = [self.post("resumed", {"type": "prompt", "text": text})[1]["id"] for text in ("one", "two", "three")]
        self.assertEqual(ids, sorted(set(ids)))
        event, prompt = reader.wait("prompt")
        self.assertEqual((event["id"], prompt["text"]), (str(ids[0]), "one"))
        reader.close()
        again = self.reader("resumed", {"Last-Event-ID": str(ids[0])})
        self.assertEqual([again.wait("prompt")[1]["text"] for _ in range(2)], ["two", "three"])

    def test_types_of_the_protocol_and_malformed_events_are_refused(self):
        for event in [{"type": "chat", "text": "x"}, {"type": "welcome"}, {"type": "hello"}, {"text": "x"}, [], "x"]:
            with self.subTest(event):
                status, error = self.post("refused", event)
                self.assertEqual((status, error["type"]), (400, "error"))

    def test_a_post_without_content_or_of_something_else_gets_an_error_object(self):
        for path in ("messages", "events", "actions", "invites"):
            for content in ("", "no json", "[]"):
                with self.subTest((path, content)):
                    answer = self.server.request(
                        f"/rooms/hall/{path}", "POST", self.server.operator_headers, content)
                    error = json.loads(answer.body)
                    self.assertEqual((answer.status, error["type"], error["code"]), (400, "error", "bad_message"))
        for name in ("index", "list", "room", "Bad"):
            for path in ("events", "messages"):
                answer = self.server.request(
                    f"/rooms/{name}/{path}", "POST", self.server.operator_headers, "{}")
                self.assertEqual(answer.status, 404, (name, path))

    def test_only_operators_and_hosts_may_post(self):
        for headers, refused in [
            ({}, 403), ({"Authorization": "Bearer wrong-token"}, 401), ({"Ringcast-Session": "made.up"}, 403),
        ]:
            for path, body in [
                ("events", {"type": "score"}), ("actions", {"action": "lock", "on": True}),
                ("invites", {"role": "host", "expires": 60}),
            ]:
                with self.subTest((headers, path)):
                    self.assertEqual(self.post("hall", body, headers, path)[0], refused)

    def test_an_operator_makes_a_link_and_a_host_posts_with_the_invite(self):
        status, answer = self.post("links", {"role": "host", "expires": 60}, path="invites")
        self.assertEqual(status, 201)
        invite = answer["url"].partition("invite=")[2]
        reader = self.reader("links")
        bearer = {"Authorization": f"Bearer {invite}"}
        self.assertEqual(self.post("links", {"type": "prompt", "text": "ask"}, bearer)[0], 201)
        self.assertEqual(reader.wait("prompt")[1]["text"], "ask")
        # An invite is for one room.
        self.assertEqual(self.post("other", {"type": "prompt", "text": "ask"}, bearer)[0], 403)

    def test_the_operators_port_takes_the_same_requests(self):
        port = int(self.server.operator_page.split("?")[0].rsplit(":", 1)[1].split("/")[0])
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
        self.addCleanup(connection.close)
        reader = self.reader("ports")
        connection.request(
            "POST", "/rooms/ports/events", json.dumps({"type": "score", "home": 1}), self.server.operator_headers)
        answer = connection.getresponse()
        self.assertEqual(answer.status, 201, answer.read())
        self.assertEqual(reader.wait("score")[1]["home"], 1)

    def test_the_list_counts_the_readers(self):
        readers = [self.reader("counted") for _ in range(2)]
        self.post("counted", {"type": "score"})

        def audience():
            rooms = json.loads(self.server.operator_get("/rooms/list.json"))["rooms"]
            return {room["name"]: room["audience"] for room in rooms}.get("counted")
        wait_until(lambda: audience() == 2, TIMEOUT, "two readers are counted")
        readers[0].close()
        wait_until(lambda: audience() == 1, TIMEOUT, "one reader is counted")

    def test_chat_reaches_the_audience_too(self):
        if websockets is None:
            self.skipTest("python3-websockets is not installed")
        reader = self.reader("chat")

        async def say():
            ann = await RoomMember.join(self.server, "chat", "Ann")
            await ann.send("chat", text="hello out there")
            await ann.wait("chat")
            await ann.close()
        asyncio.run(say())
        self.assertEqual(reader.wait("chat")[1]["text"], "hello out there")


class List(unittest.IsolatedAsyncioTestCase):
    async def test_the_list_is_live(self):
        if websockets is None:
            self.skipTest("python3-websockets is not installed")
        with room_server() as server:
            reader = EventReader(server, "/rooms/list.events")
            self.addCleanup(reader.close)

            def rooms():
                return {room["name"]: room["members"] for room in json.loads(reader.next()["data"])["rooms"]}
            self.assertEqual(await asyncio.to_thread(rooms), {})
            ann = await RoomMember.join(server, "hall", "Ann")
            self.assertEqual(await asyncio.to_thread(rooms), {"hall": 1})
            ben = await RoomMember.join(server, "hall", "Ben")
            self.assertEqual(await asyncio.to_thread(rooms), {"hall": 2})
            self.assertEqual(
                json.loads(server.get("/rooms/list.json"))["rooms"],
                [{"name": "hall", "members": 2, "audience": 0, "locked": False, "calls": False}])
            await ben.close()
            await ann.close()


class Closed(unittest.TestCase):
    """Rooms that nobody may enter without an invite."""

    def test_nobody_reads_without_a_right(self):
        with room_server(open=None) as server:
            self.assertEqual(server.request("/rooms/hall/events").status, 403)
            self.assertEqual(server.request("/rooms/hall/events?invite=made.up").status, 403)
            made = server.request(
                "/rooms/hall/invites", "POST", server.operator_headers, json.dumps({"role": "listener", "expires": 60}))
            invite = json.loads(made.body)["url"].partition("?")[2]
            for path, headers in [(f"/rooms/hall/events?{invite}", {}), ("/rooms/hall/events", server.operator_headers)]:
                reader = EventReader(server, path, headers)
                self.assertEqual(reader.status, 200)
                reader.close()
