"""The call of a room, as the server sees it: who is in it, the servers for it, and the signals between two members."""

import tempfile
import time
import unittest
from pathlib import Path

from support.clients.room_member import RoomMember, websockets
from support.clients.room_server import room_server
from support.machine.relay import SECRET, credential
from support.server import refusal


@unittest.skipIf(websockets is None, "Debian's python3-websockets is missing")
class Case(unittest.IsolatedAsyncioTestCase):
    def serve(self, *flags):
        return self.enterContext(room_server("--room-calls", *flags))

    async def members(self, server, count):
        """Members A, B, …"""
        members = [await RoomMember.join(server, "talk", "ABCDE"[i]) for i in range(count)]
        for member in members:
            self.addAsyncCleanup(member.close)
        return members

    async def join_call(self, member, **devices):
        """The server's answer to a member that joins the call."""
        await member.send("call", on=True, **devices)
        return await member.wait("call")


class Members(Case):
    async def test_four_members_are_in_the_call_and_a_fifth_has_to_wait(self):
        members = await self.members(self.serve(), 5)
        a, b, c, d, e = members
        self.assertEqual(await self.join_call(a), {"type": "call", "ice": [], "members": [a.id]})
        for member in (b, c, d):
            answer = await self.join_call(member, camera=True, microphone=False)
        self.assertEqual(sorted(answer["members"]), sorted(member.id for member in (a, b, c, d)))
        await e.send("call", on=True)
        self.assertEqual((await e.wait_error())["code"], "call_full")
        now = await a.wait_members(lambda members: members.get("D", {}).get("call") is not None)
        self.assertEqual([now[name]["call"] for name in "ABE"], [
            {"camera": False, "microphone": False}, {"camera": True, "microphone": False}, None])

        # A member that changes its devices stays in the call, and gets the servers again.
        self.assertEqual(len((await self.join_call(b, camera=False, microphone=True))["members"]), 4)
        await c.wait_members(lambda members: members["B"]["call"] == {"camera": False, "microphone": True})
        await a.send("call", on=False)
        await c.wait_members(lambda members: members["A"]["call"] is None)
        self.assertIn(e.id, (await self.join_call(e))["members"])

    async def test_a_signal_reaches_one_member_and_comes_as_it_was_sent(self):
        a, b, c = await self.members(self.serve(), 3)
        for member in (a, b, c):
            await self.join_call(member)
        fields = {"tag": "1-2", "for": None, "number": 1, "sdp": "v=0\r\ns=ü\r\n" + "a=x\r\n" * 1500}
        await a.send("offer", to=b.id, **fields)
        self.assertEqual(await b.wait("signal"), {"type": "signal", "from": a.id, "kind": "offer", **fields})
        candidates = [{"candidate": "candidate:1 1 udp 1 192.0.2.1 9 typ host", "sdpMLineIndex": 0, "sdpMid": None}]
        await b.send("ice", to=a.id, candidates=candidates)
        self.assertEqual((await a.wait("signal"))["candidates"], candidates)
        # The messages to a member keep their order: no signal came before the answer to this ping.
        await c.send("ping")
        await c.wait("pong")
        self.assertEqual([message for message in c.received if message["type"] == "signal"], [])

    async def test_without_the_flag_there_are_no_calls(self):
        server = self.enterContext(room_server())
        [a] = await self.members(server, 1)
        self.assertFalse(a.welcome["room"]["calls"])
        await a.send("call", on=True)
        self.assertEqual((await a.wait_error())["code"], "no_calls")


class Servers(Case):
    def setUp(self):
        folder = self.enterContext(tempfile.TemporaryDirectory(prefix="secret."))
        self.secret = Path(folder, "secret")
        self.secret.write_text(f"{SECRET}\n")
        self.secret.chmod(0o600)

    async def test_each_member_gets_credentials_of_its_own_that_expire_in_an_hour(self):
        server = self.serve(
            "--ice-server", "stun:stun.example", "--ice-server", "turn:turn.example:3478",
            "--ice-server", "turns:turn.example:5349?transport=tcp", "--ice-secret-file", self.secret)
        for member in await self.members(server, 2):
            before = int(time.time())
            stun, turn = (await self.join_call(member))["ice"]
            after = time.time()
            self.assertEqual(stun, {"urls": ["stun:stun.example"]})
            self.assertEqual(turn["urls"], ["turn:turn.example:3478", "turns:turn.example:5349?transport=tcp"])
            expires, id = map(int, turn["username"].split(":"))
            self.assertEqual(id, member.id)
            self.assertTrue(before <= expires - 3600 <= after, turn)
            self.assertEqual({key: turn[key] for key in ("username", "credential")}, credential(expires, id))
        self.assertNotIn(SECRET, server.log)
        self.assertNotIn(turn["credential"], server.log)

    async def test_a_secret_that_cannot_be_used_is_refused_at_the_start(self):
        flags = ["--rooms", "--room-calls", "--ice-server", "turn:turn.example", "--ice-secret-file", self.secret]
        self.secret.write_text("one\ntwo\n")
        self.assertIn(f"--ice-secret-file {self.secret}: it must have one line", refusal(*flags))
        self.secret.write_text("one\n")
        self.secret.chmod(0o666)
        self.assertIn("every user may write this file", refusal(*flags))
        self.secret.unlink()
        self.assertIn(f"--ice-secret-file {self.secret}", refusal(*flags))


if __name__ == "__main__":
    unittest.main()
