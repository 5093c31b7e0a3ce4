"""Hostile clients get clear errors, and a listener of the stream notices nothing."""

import asyncio
import json
import socket
import struct
import time
import unittest

from support.clients.arrival_recorder import ArrivalRecorder
from support.clients.room_member import RoomMember, websockets
from support.clients.room_roads import EventReader
from support.clients.room_server import room_server
from support.waiting import TIMEOUT

HANDSHAKE = (
    "GET /rooms/hall/socket HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{more}\r\n")


class Hostile(unittest.IsolatedAsyncioTestCase):
    FLAGS = ("--host", "0.0.0.0", "--segment-length", "1", "--part-length", "0.2", "--max-per-address", "100")

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

    def frame(self, start, payload):
        length = bytes([0x80 | len(payload)]) if len(payload) < 126 else b"\xfe" + struct.pack(">H", len(payload))
        return bytes([start]) + length + bytes(4) + payload

    def open(self, more="", source="127.0.0.1"):
        """A socket after the handshake, and the head of the answer."""
        client = socket.create_connection(("127.0.0.1", self.server.port), TIMEOUT, (source, 0))
        self.addCleanup(client.close)
        client.sendall(HANDSHAKE.format(host=f"127.0.0.1:{self.server.port}", more=more).encode())
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            octet = client.recv(1)
            if not octet:
                break
            head += octet
        return client, head.decode()

    async def test_markup_stays_text(self):
        ann, ben = await self.join("markup", "<img src=x>"), await self.join("markup", "Ben")
        text = "<script>alert(1)</script> & \"quotes\" \\ \u2028 😀"
        await ann.send("chat", text=text)
        heard = await ben.wait("chat")
        self.assertEqual((heard["name"], heard["text"]), ("<img src=x>", text))

    async def test_names_with_control_and_direction_characters_are_refused(self):
        for name in ("a\u202eb", "a\u0007b", "", " ", "x" * 33):
            with self.subTest(name):
                member = await RoomMember.connect(self.server, "names")
                self.addAsyncCleanup(member.close)
                await member.send("hello", name=name)
                message = await member.next()
                # An empty name may be taken for none.
                self.assertIn((message["type"], message.get("code")), [("error", "bad_name"), ("welcome", None)])
                if message["type"] == "welcome":
                    self.assertRegex(message["you"]["name"], r"^Guest \d+$")
                    self.assertFalse(name.strip())

    def test_frames_that_break_the_rules_close_with_the_code_of_the_rule(self):
        for bad, code in [
            (self.frame(0x81, b"\xff\xfe"), 1007), (b"\x81\x02hi", 1002), (self.frame(0x83, b""), 1002),
            (b"\x81\xff" + struct.pack(">Q", 1 << 40) + bytes(4), 1009), (self.frame(0x81, b"x" * 17_000), 1009),
        ]:
            with self.subTest(bad[:8]):
                client, head = self.open()
                self.assertTrue(head.startswith("HTTP/1.1 101 "), head)
                client.sendall(bad)
                data = b""
                while piece := client.recv(4096):
                    data += piece
                self.assertIn(b"\x88", data)
                start = data.rindex(struct.pack(">H", code)) - 2
                self.assertEqual(data[start], 0x88)

    def test_a_page_of_another_site_is_refused(self):
        host = f"127.0.0.1:{self.server.port}"
        for origin, status in [
            ("http://evil.example", 403), ("null", 403), (f"http://{host}.evil.example", 403), (f"http://{host}", 101),
            (None, 101),
        ]:
            with self.subTest(origin):
                _, head = self.open(f"Origin: {origin}\r\n" if origin else "")
                self.assertTrue(head.startswith(f"HTTP/1.1 {status} "), head)
        for path in ("messages", "events", "actions", "invites"):
            with self.subTest(path):
                answer = self.server.request(
                    f"/rooms/hall/{path}", "POST", {**self.server.operator_headers, "Origin": "http://evil.example"},
                    b'{"type":"hello"}')
                self.assertEqual(answer.status, 403)

    async def test_invites_that_were_forged_or_are_for_another_room_let_nobody_in(self):
        with room_server(open=None) as server:
            def invite(room, role, expires=60):
                answer = server.request(
                    f"/rooms/{room}/invites", "POST", server.operator_headers,
                    json.dumps({"role": role, "expires": expires}))
                self.assertEqual(answer.status, 201)
                return json.loads(answer.body)["url"].partition("invite=")[2]
            good = await asyncio.to_thread(invite, "hall", "talker")
            short = await asyncio.to_thread(invite, "hall", "talker", 1)
            await asyncio.sleep(2)
            for text, code in [
                (good.replace("talker", "host"), "forged_invite"), (good[:-1] + "_", "forged_invite"),
                (good.replace("hall", "other"), "forged_invite"), ("x" * 5000, "forged_invite"),
                ("", "forged_invite"), (short, "expired_invite"),
            ]:
                with self.subTest(text[:60]):
                    member = await RoomMember.connect(server, "hall")
                    await member.send("hello", name="Eve", invite=text)
                    self.assertEqual((await member.wait_error())["code"], code)
                    self.assertEqual((await member.closed())[0], 4001)
            other = await RoomMember.connect(server, "other")
            await other.send("hello", name="Eve", invite=good)
            self.assertEqual((await other.wait_error())["code"], "not_admitted")
            # The server admits with the good one, and its role is that of the invite.
            ann = await RoomMember.join(server, "hall", "Ann", invite=good)
            self.assertEqual(ann.welcome["you"]["role"], "talker")
            await ann.close()

    async def test_a_ban_ends_the_invite_by_which_the_member_came(self):
        with room_server(open=None) as server:
            answer = server.request(
                "/rooms/hall/invites", "POST", server.operator_headers, json.dumps({"role": "talker", "expires": 60}))
            invite = json.loads(answer.body)["url"].partition("invite=")[2]
            operator = await RoomMember.join(server, "hall", "Op", token=server.operator_token)
            eve = await RoomMember.join(server, "hall", "Eve", invite=invite)
            await operator.send("host", action="ban", member=eve.id)
            self.assertEqual((await eve.closed())[0], 4003)
            self.assertEqual(eve.received[-1]["type"], "removed")
            again = await RoomMember.connect(server, "hall")
            await again.send("hello", name="Eve", invite=invite)
            self.assertEqual((await again.wait_error())["code"], "banned")
            self.assertEqual((await again.closed())[0], 4003)
            await operator.close()
            self.assertRegex(server.log, r"Op .*banned.*Eve")
            self.assertNotIn(invite, server.log)

    async def test_a_ban_ends_the_answers_to_the_banned_reader_and_no_other(self):
        with room_server(open=None) as server:
            def invite():
                answer = server.request(
                    "/rooms/hall/invites", "POST", server.operator_headers,
                    json.dumps({"role": "talker", "expires": 60}))
                return json.loads(answer.body)["url"].partition("invite=")[2]
            invites = [await asyncio.to_thread(invite) for _ in range(2)]
            operator = await RoomMember.join(server, "hall", "Op", token=server.operator_token)
            eve = await RoomMember.join(server, "hall", "Eve", invite=invites[0])
            readers = [
                EventReader(server, "/rooms/hall/events", server.operator_headers),
                EventReader(server, f"/rooms/hall/events?invite={invites[0]}")]
            for reader in readers:
                self.addCleanup(reader.close)
                self.assertEqual(reader.status, 200)
            await operator.send("host", action="ban", member=eve.id)
            with self.assertRaisesRegex(AssertionError, "the events ended"):
                await asyncio.to_thread(readers[1].wait, "chat")
            await operator.send("chat", text="still here")
            self.assertEqual((await asyncio.to_thread(readers[0].wait, "chat"))[1]["text"], "still here")
            await operator.close()

    async def test_one_address_does_not_make_all_rooms(self):
        with room_server("--host", "0.0.0.0", "--max-rooms", "8") as server:
            async def make(name, source):
                member = await RoomMember.connect(server, name, local_addr=(source, 0))
                self.addAsyncCleanup(member.close)
                await member.send("hello")
                return (await member.next()).get("code")
            codes = [await make(f"room-{number}", "127.0.0.2") for number in range(4)]
            self.assertEqual(codes, [None, None, "too_many_rooms", "too_many_rooms"])
            # Another address, and a proxy on this machine.
            self.assertIsNone(await make("other", "127.0.0.3"))
            self.assertEqual([await make(f"here-{number}", "127.0.0.1") for number in range(3)], [None] * 3)

    async def test_a_thousand_sockets_from_one_address_have_a_limit_and_a_listener_notices_nothing(self):
        recorder = ArrivalRecorder(self.server.url, "low-latency", 12)
        opened, refused = [], 0

        def flood():
            nonlocal refused
            for _ in range(1000):
                try:
                    client, head = self.open(source="127.0.0.2")
                    if head.startswith("HTTP/1.1 101 "):
                        client.sendall(self.frame(0x81, b'{"type":"hello"}') * 30)
                        opened.append(client)
                        continue
                except OSError:
                    pass
                refused += 1
        await asyncio.to_thread(flood)
        self.assertEqual((len(opened), refused), (100, 900))
        # Another address still gets in, and the members of other rooms talk.
        ann = await self.join("quiet", "Ann")
        await ann.send("chat", text="still here")
        await ann.wait("chat")
        arrivals = sorted((await asyncio.to_thread(recorder.finish)).values())
        gaps = [after - before for before, after in zip(arrivals, arrivals[1:])]
        # A part each 0.2 seconds; the page has more than a second in its cushion.
        self.assertLess(max(gaps), 1)
        for client in opened:
            client.close()

    async def test_a_member_that_reads_nothing_is_disconnected_and_nobody_waits(self):
        slow, _ = self.open()
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.sendall(self.frame(0x81, b'{"type":"hello","name":"Slow"}'))
        ann = await self.join("hall", "Ann")
        text = "x" * 2000
        for number in range(300):
            began = time.monotonic()
            await ann.send("chat", text=f"{number} {text}")
            await ann.wait("chat")
            await asyncio.sleep(max(0, 0.055 - (time.monotonic() - began)))
        # Ann has seen each of her messages; the slow one is still there or gone, and was never waited for.
        self.assertLess(time.monotonic() - began, TIMEOUT)


class PrivateStation(unittest.TestCase):
    def test_invites_and_sessions_are_in_no_log(self):
        with room_server("--access-log", "-", "--log-level", "debug") as server:
            answer = server.request(
                "/rooms/hall/invites", "POST", server.operator_headers, json.dumps({"role": "talker", "expires": 60}))
            url = json.loads(answer.body)["url"]
            invite = url.partition("invite=")[2]
            server.request(url)
            server.request(f"/rooms/hall/events?invite={invite}x")
            hello = server.request("/rooms/hall/messages", "POST", {}, json.dumps({"type": "hello", "invite": invite}))
            session = json.loads(hello.body)["you"]["session"]
            server.request(
                "/rooms/hall/messages", "POST", {"Ringcast-Session": session}, json.dumps({"type": "ping"}))
            server.stop()
            logged = server.process.stdout.read().decode() + server.log
            self.assertIn("/rooms/hall", logged)
            for secret in (invite, session, invite.rsplit(".", 1)[1]):
                self.assertNotIn(secret, logged)
