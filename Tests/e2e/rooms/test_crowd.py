"""Many members in one room: each gets each message once and in order."""

import asyncio
import unittest

from support.clients.room_member import RoomMember, websockets
from support.clients.room_server import room_server
from support.waiting import TIMEOUT

MEMBERS = 200
SPEAKERS = 10
# Messages a second of each speaker, and seconds.
RATE, SECONDS = 5, 6


class Crowd(unittest.TestCase):
    is_long = True

    def test_each_of_two_hundred_members_gets_each_message_once_and_in_order(self):
        if websockets is None:
            self.skipTest("python3-websockets is not installed")
        # Without the debug mode of IsolatedAsyncioTestCase, in which the client is too slow for the crowd.
        asyncio.run(self.talk())

    async def talk(self):
        with room_server("--max-members", MEMBERS) as server:
            sent = [f"{speaker} {number}" for number in range(RATE * SECONDS) for speaker in range(SPEAKERS)]

            async def listen(member):
                heard = []
                while len(heard) < len(sent):
                    message = await member.next(4 * TIMEOUT)
                    self.assertNotEqual(message["type"], "error", message)
                    if message["type"] == "chat":
                        heard.append(message)
                return heard
            members, listening = [], []
            for number in range(MEMBERS):
                members.append(await RoomMember.join(server, "hall", f"Member {number}"))
                listening.append(asyncio.create_task(listen(members[-1])))

            async def speak(speaker):
                for number in range(RATE * SECONDS):
                    await members[speaker].send("chat", text=f"{speaker} {number}")
                    await asyncio.sleep(1 / RATE)
            await asyncio.gather(*(speak(speaker) for speaker in range(SPEAKERS)))
            heard = await asyncio.gather(*listening)
            order = [message["text"] for message in heard[0]]
            self.assertEqual(sorted(order), sorted(sent))
            for speaker in range(SPEAKERS):
                own = [text for text in order if text.startswith(f"{speaker} ")]
                self.assertEqual(own, [f"{speaker} {number}" for number in range(RATE * SECONDS)])
            for messages in heard:
                ids = [message["id"] for message in messages]
                self.assertEqual(ids, sorted(set(ids)))
                self.assertEqual([message["text"] for message in messages], order)
            # There is no place for one more.
            late = await RoomMember.connect(server, "hall")
            await late.send("hello", name="Late")
            self.assertEqual((await late.wait_error())["code"], "full")
            self.assertEqual((await late.closed())[0], 1013)
            for member in members:
                await member.close()
