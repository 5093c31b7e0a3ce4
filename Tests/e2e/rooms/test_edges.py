"""Rooms behind the real nginx and Varnish, with the configuration of deploy/."""

import asyncio
import json
import unittest

from support.clients.room_member import RoomMember, websockets
from support.clients.room_roads import EventReader, Poster
from support.clients.room_server import room_server
from support.machine.certificate import Certificate
from support.proxies.edges import Nginx, NginxBeforeVarnish, Varnish
from support.waiting import TIMEOUT, wait_until


class Edge:
    """The tests of each edge."""

    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(room_server("--trusted-proxy", "127.0.0.1"))
        cls.edge = cls.enterClassContext(cls.make_edge())

    def origin(self):
        return self.edge.url.rstrip("/")

    @unittest.skipIf(websockets is None, "websockets is not installed")
    def test_members_meet_over_websockets(self):
        async def meet():
            ann = await RoomMember.join(self.edge, "hall", "Ann", options={"origin": self.origin()})
            ben = await RoomMember.join(self.edge, "hall", "Ben")
            self.assertEqual(ann.subprotocol, "ringcast.room.1")
            await ben.send("chat", text="hello")
            self.assertEqual((await ann.wait("chat"))["text"], "hello")
            with self.assertRaisesRegex(websockets.InvalidHandshake, "403"):
                await RoomMember.connect(self.edge, "hall", origin="https://other.example")
            for member in (ann, ben):
                await member.break_road()
        asyncio.run(meet())

    def test_events_arrive_while_the_answer_goes_on(self):
        poster = Poster(self.edge, "news")
        poster.hello("Ann")
        reader = EventReader(self.edge, "/rooms/news/events")
        self.addCleanup(reader.close)
        self.assertEqual(reader.status, 200)
        self.assertEqual(poster.post("chat", text="one")[0], 204)
        self.assertEqual(reader.wait("chat")[1]["text"], "one")

    def test_a_request_is_held_until_there_is_a_message(self):
        ann, ben = Poster(self.edge, "poll"), Poster(self.edge, "poll")
        ann.hello("Ann")
        ben.hello("Ben")
        self.assertEqual(ben.post("chat", text="one")[0], 204)
        headers = {"Ringcast-Session": ann.session}
        last, texts = 0, []
        while "one" not in texts:
            answer = self.edge.request(f"/rooms/poll/messages?after={last}", headers=headers)
            self.assertEqual(answer.status, 200, answer)
            content = json.loads(answer.body)
            last = content["last"]
            texts += [message.get("text") for message in content["messages"]]

    def test_an_operator_acts_on_a_room_and_sees_its_members(self):
        Poster(self.edge, "acted").hello("Ann")
        token = self.server.operator_headers

        def names():
            answer = self.edge.request("/rooms/acted/members", headers=token)
            return [member["name"] for member in json.loads(answer.body)["members"]]
        # The list may be a second old.
        wait_until(lambda: names() == ["Ann"], TIMEOUT, "the member in the list")
        answer = self.edge.request("/rooms/acted/actions", "POST", token, json.dumps({"action": "lock", "on": True}))
        self.assertEqual((answer.status, answer.body), (200, b"{}"))
        self.assertEqual(self.edge.request("/rooms/acted/members").status, 401)

    def test_the_page_of_a_room_and_the_list_are_served(self):
        page = self.edge.request("/rooms/hall?invite=x")
        self.assertEqual((page.status, page.headers["Referrer-Policy"]), (200, "no-referrer"))
        self.assertEqual(self.edge.request("/rooms/").status, 200)
        self.assertIn("rooms", json.loads(self.edge.get("/rooms/list.json")))

    def test_a_method_that_changes_something_reaches_nothing_else(self):
        for path in ("/live/metadata", "/rooms/hall", "/rooms/"):
            self.assertEqual(self.edge.request(path, "POST", body="{}").status, 405, path)
        self.assertEqual(self.edge.request("/rooms/hall/actions", "PUT", body="{}").status, 405)


class NginxRooms(Edge, unittest.TestCase):
    @classmethod
    def make_edge(cls):
        return Nginx(cls.server.port)


class VarnishRooms(Edge, unittest.TestCase):
    @classmethod
    def make_edge(cls):
        return Varnish(cls.server.port)


class SecureRooms(Edge, unittest.TestCase):
    @classmethod
    def make_edge(cls):
        certificate = cls.enterClassContext(Certificate())
        varnish = cls.enterClassContext(Varnish(cls.server.port))
        return NginxBeforeVarnish(varnish.port, certificate)
