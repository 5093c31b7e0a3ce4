"""The WebSocket of a room, with the package websockets as a foreign client."""

import asyncio
import json
import time
import unittest

from support import processes
from support.clients.room_member import RoomMember, websockets
from support.clients.room_server import room_server
from support.machine.certificate import Certificate
from support.waiting import TIMEOUT


class RoomSockets(unittest.IsolatedAsyncioTestCase):
    FLAGS = ()

    @classmethod
    def setUpClass(cls):
        if websockets is None:
            raise unittest.SkipTest("python3-websockets is not installed")
        cls.server = room_server(*cls.FLAGS)
        cls.addClassCleanup(cls.server.close)

    async def join(self, room, name=None, **hello):
        member = await RoomMember.join(self.server, room, name, **hello)
        self.addAsyncCleanup(member.close)
        return member

    async def connect(self, room, **options):
        member = await RoomMember.connect(self.server, room, **options)
        self.addAsyncCleanup(member.close)
        return member


class Conversations(RoomSockets):
    async def test_members_see_each_other_come_and_go_and_their_own_chat(self):
        ann = await self.join("hall", "Ann")
        self.assertEqual(ann.subprotocol, "ringcast.room.1")
        self.assertEqual([member["name"] for member in ann.welcome["members"]], ["Ann"])
        self.assertEqual(ann.welcome["you"]["role"], "talker")
        self.assertEqual(ann.welcome["room"]["name"], "hall")
        ben = await self.join("hall", "Ben")
        self.assertEqual({member["name"] for member in ben.welcome["members"]}, {"Ann", "Ben"})
        await ann.wait_members(lambda members: set(members) == {"Ann", "Ben"})
        await ben.send("chat", text="hello", nonce="n1")
        mine, other = await ben.wait("chat"), await ann.wait("chat")
        self.assertEqual((mine.pop("nonce"), "nonce" in other), ("n1", False))
        self.assertEqual(mine, other)
        self.assertEqual((other["from"], other["name"], other["text"]), (ben.id, "Ben", "hello"))
        self.assertRegex(other["time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
        await ben.send("leave")
        self.assertEqual((await ben.closed())[0], 1000)
        await ann.wait_members(lambda members: set(members) == {"Ann"})

    async def test_a_newcomer_gets_the_chat_that_was_before(self):
        ann = await self.join("history", "Ann")
        for text in ("one", "two"):
            await ann.send("chat", text=text)
            await ann.wait("chat")
        ben = await self.join("history", "Ben")
        self.assertEqual(
            [message["text"] for message in ben.welcome["history"] if message["type"] == "chat"], ["one", "two"])

    async def test_rooms_hear_nothing_of_each_other(self):
        ann, ben = await self.join("one", "Ann"), await self.join("two", "Ann")
        await ann.send("chat", text="in one")
        await ben.send("chat", text="in two")
        self.assertEqual((await ben.wait("chat"))["text"], "in two")
        self.assertEqual((await ann.wait("chat"))["text"], "in one")

    async def test_the_simplest_page_is_a_guest(self):
        ann = await self.join("simple", "Ann")
        guest = await self.connect("simple", subprotocols=None)
        self.assertIsNone(guest.subprotocol)
        await guest.send("client_message", message="anybody there?")
        self.assertEqual((await guest.wait("server_message"))["message"], "anybody there?")
        heard = await ann.wait("chat")
        self.assertRegex(heard["name"], r"^Guest \d+$")
        self.assertEqual(heard["text"], "anybody there?")
        await ann.send("chat", text="yes")
        self.assertEqual((await guest.wait("server_message"))["message"], "yes")
        # A page without the subprotocol gets server_message instead of chat.
        self.assertNotIn("chat", [message["type"] for message in guest.received])

    async def test_client_message_is_chat_and_comes_back_to_everybody(self):
        ann, ben = await self.join("both", "Ann"), await self.join("both", "Ben")
        await ann.send("client_message", message="to all")
        for member in (ann, ben):
            self.assertEqual((await member.wait("server_message"))["message"], "to all")

    async def test_signals_go_to_one_member(self):
        ann, ben, cat = [await self.join("signals", name) for name in ("Ann", "Ben", "Cat")]
        await ann.send("offer", to=ben.id, sdp="v=0")
        signal = await ben.wait("signal")
        self.assertEqual((signal["from"], signal["kind"], signal["sdp"]), (ann.id, "offer", "v=0"))
        await ben.send("chat", text="got it")
        await cat.wait("chat")
        self.assertNotIn("signal", [message["type"] for message in cat.received])

    async def test_the_same_member_on_another_socket_replaces_the_first(self):
        ann = await self.join("twice", "Ann")
        again = await self.join("twice", "Ann", session=ann.session)
        self.assertEqual(again.id, ann.id)
        self.assertEqual((await ann.closed())[0], 4009)
        self.assertEqual([member["name"] for member in again.welcome["members"]], ["Ann"])

    async def test_a_name_that_is_taken_gets_a_suggestion(self):
        await self.join("names", "Zoë")
        other = await self.connect("names")
        await other.send("hello", name="ZOE\u0308")
        error = await other.next()
        self.assertEqual((error["type"], error["code"]), ("error", "name_taken"))
        self.assertTrue(error["suggestion"])

    async def test_a_ping_is_answered_at_once(self):
        ann = await self.join("pings", "Ann")
        began = time.monotonic()
        await ann.send("ping")
        await ann.wait("pong")
        self.assertLess(time.monotonic() - began, TIMEOUT / 2)

    async def test_what_is_wrong_is_answered_and_the_member_stays(self):
        ann = await self.join("wrong", "Ann")
        for text, code in [
            ("{", "bad_message"), ("[]", "bad_message"), ('{"type":"nonsense"}', "unknown_type"),
            ('{"type":"chat"}', "bad_message"), ('{"type":"delete","message":1}', "no_such_message"),
        ]:
            with self.subTest(text):
                await ann.send_raw(text)
                self.assertEqual((await ann.wait_error())["code"], code)
        await ann.send("chat", text="still here")
        await ann.wait("chat")

    async def test_a_message_over_the_limit_closes_the_socket(self):
        ann = await self.join("large", "Ann")
        await ann.send("chat", text="x" * 20_000)
        self.assertEqual((await ann.closed())[0], 1009)

    async def test_a_binary_message_that_is_no_sound_is_refused_and_the_member_stays(self):
        ann = await self.join("binary", "Ann")
        await ann.send_raw(b"\0\1")
        self.assertEqual((await ann.wait_error())["code"], "bad_message")
        await ann.send("chat", text="still here")
        await ann.wait("chat", lambda message: message["text"] == "still here")

    async def test_a_member_that_floods_is_slowed_and_no_other(self):
        ann, ben = await self.join("flood", "Ann"), await self.join("flood", "Ben")
        for number in range(100):
            await ann.send("chat", text=f"{number}")
        self.assertEqual((await ann.wait_error())["code"], "too_fast")
        await ben.send("chat", text="slowly")
        await ben.wait("chat", lambda message: message["text"] == "slowly")


class Refusals(RoomSockets):
    """Rooms that nobody may enter without an invite."""

    @classmethod
    def setUpClass(cls):
        if websockets is None:
            raise unittest.SkipTest("python3-websockets is not installed")
        cls.server = room_server(open=None)
        cls.addClassCleanup(cls.server.close)

    async def test_nobody_gets_in_without_an_invite(self):
        for message in ('{"type":"hello","name":"Ann"}', '{"type":"client_message","message":"hello"}'):
            with self.subTest(message):
                member = await self.connect("hall")
                await member.send_raw(message)
                error = await member.next()
                self.assertEqual((error["type"], error["code"]), ("error", "not_admitted"))
                self.assertTrue(error["text"])
                self.assertEqual((await member.closed())[0], 4001)

    async def test_an_operator_gets_in_and_invites(self):
        operator = await self.join("hall", "Op", token=self.server.operator_token)
        self.assertEqual(operator.welcome["you"]["role"], "operator")
        await operator.send("invite", role="talker", expires=60)
        invite = await operator.wait("invite")
        self.assertIn("/rooms/hall?invite=", invite["url"])
        guest = await self.join("hall", "Ann", invite=invite["url"].partition("invite=")[2])
        self.assertEqual(guest.welcome["you"]["role"], "talker")

    async def test_a_wrong_token_and_a_forged_invite_are_named(self):
        for hello, code in [({"token": "wrong-token"}, "wrong_token"), ({"invite": "hall.host.1.2.3"}, "forged_invite")]:
            with self.subTest(hello):
                member = await self.connect("hall")
                await member.send("hello", name="Ann", **hello)
                self.assertEqual((await member.next())["code"], code)
                self.assertEqual((await member.closed())[0], 4001)


class OverTLS(unittest.IsolatedAsyncioTestCase):
    async def test_members_talk_over_tls_and_requests_use_http2(self):
        if websockets is None:
            self.skipTest("python3-websockets is not installed")
        with Certificate() as certificate, room_server(certificate=certificate) as server:
            ann = await RoomMember.join(server, "hall", "Ann")
            posted = await asyncio.to_thread(self.post, server, certificate)
            self.assertEqual(posted["you"]["name"], "Ben")
            await ann.wait_members(lambda members: set(members) == {"Ann", "Ben"})
            await ann.close()

    def post(self, server, certificate):
        """The welcome to a hello over HTTP/2, by curl."""
        result = processes.run([
            "curl", "--silent", "--show-error", "--http2", "--insecure", "--data", '{"type":"hello","name":"Ben"}',
            "--write-out", "\n%{http_version}", f"{server.url}rooms/hall/messages"])
        body, _, version = result.stdout.decode().rpartition("\n")
        self.assertEqual(version, "2", result.stderr)
        return json.loads(body)


class Restarts(unittest.IsolatedAsyncioTestCase):
    async def test_a_server_that_ends_tells_its_members_to_come_again(self):
        with room_server() as server:
            ann = await RoomMember.join(server, "hall", "Ann")
            status, _ = await asyncio.to_thread(server.stop)
            self.assertEqual(status, 0)
            self.assertEqual((await ann.closed())[0], 1012)
