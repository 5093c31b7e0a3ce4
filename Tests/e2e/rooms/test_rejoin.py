"""Members come back: after a road that broke, after the server was killed, and with the chat that the disk has kept."""

import asyncio
import json
import tempfile
import time
import unittest
from pathlib import Path

from support.clients.room_member import RoomMember, websockets
from support.clients.room_roads import EventReader, Poster
from support.clients.room_server import room_server
from support.machine.disk import InjectedCalls
from support.waiting import TIMEOUT, wait_until


def texts(messages):
    return [message["text"] for message in messages if message["type"] == "chat"]


class Rejoining(unittest.IsolatedAsyncioTestCase):
    @classmethod
    def setUpClass(cls):
        if websockets is None:
            raise unittest.SkipTest("python3-websockets is not installed")

    async def test_a_broken_road_costs_no_message_and_no_place(self):
        with room_server() as server:
            ann = await RoomMember.join(server, "hall", "Ann")
            ben = await RoomMember.join(server, "hall", "Ben")
            await ann.send("chat", text="one")
            last = (await ben.wait("chat"))["id"]
            await ben.break_road()
            for text in ("two", "three"):
                await ann.send("chat", text=text)
                await ann.wait("chat", lambda message: message["text"] == text)
            again = await RoomMember.join(server, "hall", "Ben", session=ben.session, last=last)
            self.assertEqual(again.id, ben.id)
            self.assertEqual(texts(again.welcome["history"]), ["two", "three"])
            self.assertEqual(
                sorted(member["name"] for member in again.welcome["members"]), ["Ann", "Ben"])
            await again.close()
            await ann.close()

    async def test_the_member_changes_from_socket_to_events(self):
        with room_server() as server:
            ann = await RoomMember.join(server, "hall", "Ann")
            await ann.send("chat", text="one")
            last = (await ann.wait("chat"))["id"]
            await ann.break_road()
            poster = Poster(server, "hall")
            welcome = await asyncio.to_thread(poster.hello, "Ann", session=ann.session, last=last)
            self.assertEqual((welcome["you"]["id"], texts(welcome["history"])), (ann.id, []))

    async def test_members_are_the_same_after_a_server_was_killed(self):
        with tempfile.TemporaryDirectory(prefix="sound.") as sound:
            server = room_server(sound=sound)
            port = server.port
            ann = await RoomMember.join(server, "hall", "Ann")
            server.kill()
            self.assertEqual((await ann.closed())[0], 1006)
            server.close()
            with room_server(sound=sound, port=port) as server:
                again = await RoomMember.join(server, "hall", "Ann", session=ann.session)
                self.assertEqual((again.id, again.welcome["you"]["name"]), (ann.id, "Ann"))
                # Numbers only rise, so that the page does not take new messages for old ones.
                self.assertGreaterEqual(again.welcome["last"], ann.welcome["last"])
                await again.close()

    async def test_what_hosts_have_decided_holds_after_a_kill(self):
        with tempfile.TemporaryDirectory(prefix="sound.") as sound:
            path = Path(sound, "rooms.json")
            server = room_server(sound=sound)
            self.assertFalse(path.exists(), "nobody has decided anything")
            port, token = server.port, server.operator_token
            answer = await asyncio.to_thread(
                server.request, "/rooms/hall/invites", "POST", server.operator_headers,
                json.dumps({"role": "talker", "expires": 600}))
            invite = json.loads(answer.body)["url"].partition("invite=")[2]
            operator = await RoomMember.join(server, "hall", "Op", token=token)
            eve = await RoomMember.join(server, "hall", "Eve", invite=invite)
            ann = await RoomMember.join(server, "hall", "Ann")
            await operator.send("host", action="mute", member=ann.id, on=True)
            await operator.send("host", action="ban", member=eve.id)
            self.assertEqual((await eve.closed())[0], 4003)
            await operator.send("host", action="lock", on=True)
            await asyncio.to_thread(wait_until, lambda: path.exists() and '"locked":true' in path.read_text(), TIMEOUT, "the file")
            self.assertEqual(path.stat().st_mode & 0o777, 0o640)
            self.assertNotIn(invite, path.read_text())
            server.kill()
            server.close()
            with room_server(sound=sound, port=port) as server:
                # An operator is not banned with the address.
                again = await RoomMember.join(server, "hall", "Op", token=server.operator_token)
                self.assertTrue(again.welcome["room"]["locked"])
                for hello in ({"invite": invite}, {"session": eve.session}, {}):
                    page = await RoomMember.connect(server, "hall")
                    await page.send("hello", name="Eve", **hello)
                    self.assertEqual((await page.wait_error())["code"], "banned", hello)
                self.assertEqual(server.request(f"/rooms/hall/events?invite={invite}").status, 403)
                await again.close()

    async def test_a_broken_file_of_decisions_is_a_line_of_the_log(self):
        for content in (b"", b"garbage", b'{"invites":[],"rooms":[{"room":"../x"}]}', b"[" * 100_000):
            with self.subTest(content[:30]), tempfile.TemporaryDirectory(prefix="sound.") as sound:
                Path(sound, "rooms.json").write_bytes(content)
                with room_server(sound=sound) as server:
                    ann = await RoomMember.join(server, "hall", "Ann")
                    await ann.close()
                    self.assertIn("rooms.json cannot be read", server.log)

    async def test_a_session_of_another_key_is_nobody(self):
        with room_server() as server:
            ann = await RoomMember.join(server, "hall", "Ann")
            await ann.close()
        with room_server() as server:
            again = await RoomMember.join(server, "hall", "Ann", session=ann.session)
            self.assertNotEqual(again.id, ann.id)
            await again.close()


class History(unittest.IsolatedAsyncioTestCase):
    """--room-history"""

    @classmethod
    def setUpClass(cls):
        if websockets is None:
            raise unittest.SkipTest("python3-websockets is not installed")

    def setUp(self):
        self.sound = self.enterContext(tempfile.TemporaryDirectory(prefix="sound."))

    async def say(self, server, *texts):
        ann = await RoomMember.join(server, "hall", "Ann")
        for text in texts:
            await ann.send("chat", text=text)
            await ann.wait("chat", lambda message: message["text"] == text)
        return ann

    def wait_file(self, content):
        path, deadline = Path(self.sound, "rooms", "hall.chat"), time.monotonic() + 30
        while not path.exists() or content not in path.read_text():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.05)
        return path

    async def test_the_chat_survives_a_kill(self):
        server = room_server("--room-history", sound=self.sound)
        ann = await self.say(server, "one", "two", "<script>three</script>")
        await ann.send("delete", message=[m for m in ann.received if m["type"] == "chat"][0]["id"])
        await ann.wait("deleted")
        path = self.wait_file('"deleted"')
        self.assertEqual(path.stat().st_mode & 0o777, 0o640)
        server.kill()
        server.close()
        with room_server("--room-history", sound=self.sound) as server:
            again = await RoomMember.join(server, "hall", "Ann", session=ann.session)
            self.assertEqual(again.id, ann.id)
            self.assertEqual(texts(again.welcome["history"]), ["two", "<script>three</script>"])
            await again.close()

    async def test_what_was_put_into_the_folder_is_input(self):
        with room_server("--room-history", sound=self.sound) as server:
            ann = await self.say(server, "mine")
            await ann.close()
            path = self.wait_file("mine")
        with path.open("ab") as file:
            file.write(b'garbage\n{"type":"welcome"}\n{"type":"chat","id":-1}\n\xff\xff\n{"type":"chat"' + b"x" * 1000)
        for name in ("Bad Name.chat", "huge.chat"):
            Path(self.sound, "rooms", name).write_bytes(b"x" * 3_000_000)
        Path(self.sound, "rooms", "link.chat").symlink_to("/etc/passwd")
        with room_server("--room-history", sound=self.sound) as server:
            again = await RoomMember.join(server, "hall", "Ann")
            self.assertEqual(texts(again.welcome["history"]), ["mine"])
            await again.close()

    async def test_a_folder_that_cannot_be_written_disturbs_no_room(self):
        Path(self.sound, "rooms").write_text("a file in the place of the folder")
        with room_server("--room-history", sound=self.sound) as server:
            ann = await self.say(server, "one", "two")
            await ann.close()
            self.assertIn("disk keeps", server.log)

    async def test_a_disk_that_is_full_or_hangs_disturbs_no_room(self):
        for injection in ("error=ENOSPC", f"delay_enter={60_000_000}"):
            with self.subTest(injection), tempfile.TemporaryDirectory(prefix="sound.") as sound:
                with room_server("--room-history", sound=sound) as server:
                    ann = await self.say(server, "one")
                    calls = InjectedCalls(server.process, "chat", "openat,open", injection)
                    with calls:
                        for number in range(10):
                            await ann.send("chat", text=f"while {number}")
                            await ann.wait("chat", lambda message: message["text"] == f"while {number}")
                        if "ENOSPC" in injection:
                            await asyncio.to_thread(server.wait_log, "the disk does not keep all of it")
                    status, took = await asyncio.to_thread(server.stop)
                    self.assertEqual(status, 0)
                    self.assertLess(took, 3)

    async def test_readers_who_ask_for_everything_get_the_chat_of_before_the_restart(self):
        with room_server("--room-history", sound=self.sound) as server:
            ann = await self.say(server, "one", "two")
            await ann.close()
            self.wait_file("two")
        with room_server("--room-history", sound=self.sound) as server:
            reader = EventReader(server, "/rooms/hall/events", {"Last-Event-ID": "0"})
            self.addCleanup(reader.close)
            heard = [await asyncio.to_thread(reader.wait, "chat") for _ in range(2)]
            self.assertEqual([chat["text"] for _, chat in heard], ["one", "two"])
            ben = await RoomMember.join(server, "hall", "Ben")
            await ben.send("chat", text="three")
            self.assertEqual((await asyncio.to_thread(reader.wait, "chat"))[1]["text"], "three")
            await ben.close()

    async def test_without_the_flag_nothing_is_kept(self):
        with room_server(sound=self.sound) as server:
            ann = await self.say(server, "one")
            await ann.close()
        self.assertFalse(Path(self.sound, "rooms").exists())
