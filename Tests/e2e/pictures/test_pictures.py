"""The pictures of a stream whose source is a room: they come with the sound, to everybody who may listen."""

import asyncio
import hashlib
import json
import time
import unittest
from datetime import datetime

from support.clients.picture_piece import pieces
from support.clients.talker import tone
from support.clients.voice_room import VoiceRoom
from support.formats import jpeg
from support.server import Server
from support.sound.soundcard import RATE
from support.waiting import TIMEOUT, wait_until

BOUNDARY = b"--ringcast-picture\r\n"


class Case(unittest.IsolatedAsyncioTestCase):
    FLAGS = ()

    async def asyncSetUp(self):
        # Each test has a server of its own: the pictures of the test before would stay in the ring.
        self.server = self.enterContext(Server(
            "--source", "room:studio", "--rooms", "--room-open", "talker", "--segment-length", 1, "--ring-size", 6,
            *self.FLAGS))
        self.sent = 0
        self.room = VoiceRoom(self.server)
        self.addAsyncCleanup(self.room.close)

    async def shown(self, name="Host", **hello):
        """A host who talks, is on the air and is shown."""
        host = await self.room.operator(name, **hello)
        host.talk(tone(440))
        await host.send("agree", on=True)
        await host.send("show", on=True)
        await host.wait_members(lambda members: members[name].get("shown") is True)
        # The first packets have come.
        await asyncio.to_thread(self.server.wait_playlist)
        return host

    async def show(self, member, still, **options):
        """Shows a still of this moment."""
        while member.began is None:
            await asyncio.sleep(0.01)
        self.sent += 1
        sample_time = round((time.monotonic() - member._first) * RATE)
        for message in pieces(self.sent, sample_time, still, **options):
            await member.send_raw(message)

    def get(self, path, headers=None, **options):
        return self.server.request(f"/live/{path}", headers=headers, **options)

    async def newest(self, condition=lambda body: True):
        """The answer with the newest picture, once its bytes fulfil the condition."""
        def look():
            answer = self.get("picture.jpg")
            return answer if answer.status == 200 and condition(answer.body) else None
        return await asyncio.to_thread(wait_until, look, TIMEOUT, "the picture")

    def listed(self, path="pictures.json"):
        answer = self.get(path)
        self.assertEqual(answer.status, 200, answer)
        return json.loads(answer.body)["pictures"]


class Pictures(Case):
    async def test_a_still_is_given_byte_for_byte_with_the_place_of_its_sound(self):
        host = await self.shown()
        for path in ("picture.jpg", "picture.mjpeg", "picture/1.jpg"):
            self.assertEqual(self.get(path).status, 404, path)
        self.assertEqual(self.listed(), [])
        still = jpeg.number(7)
        before = time.time()
        await self.show(host, still)
        answer = await self.newest()
        self.assertEqual(answer.body, still)
        self.assertEqual(answer.headers["Content-Type"], "image/jpeg")
        self.assertEqual(answer.headers["Cache-Control"], "public, no-cache")
        self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
        self.assertEqual(self.get("picture.jpg", {"If-None-Match": answer.headers["ETag"]}).status, 304)
        head = self.get("picture.jpg", method="HEAD")
        self.assertEqual((head.status, head.headers["Content-Length"], head.body), (200, str(len(still)), b""))
        self.assertEqual(self.get("picture.jpg", method="POST").status, 405)
        # The list has the date of the sound, which is mixed some hundredths of a second later.
        [picture] = self.listed()
        self.assertAlmostEqual(datetime.fromisoformat(picture["date"]).timestamp(), before, delta=0.5)
        whole = self.get(f"picture/{picture['id']}.jpg")
        self.assertEqual(whole.body, still)
        self.assertIn("immutable", whole.headers["Cache-Control"])
        self.assertEqual(self.get(f"picture/0{picture['id']}.jpg").status, 404)
        self.assertEqual(self.server.information()["pictures"], True)

    async def test_a_request_for_later_pictures_waits_for_the_next_one(self):
        host = await self.shown()
        await self.show(host, jpeg.number(1))
        await self.newest()
        first = self.listed()[-1]["id"]
        held = asyncio.create_task(asyncio.to_thread(self.listed, f"pictures/{first}.json"))
        await asyncio.sleep(0.5)
        self.assertFalse(held.done())
        await self.show(host, jpeg.number(2))
        [second] = await asyncio.wait_for(held, TIMEOUT)
        self.assertGreater(second["id"], first)
        self.assertEqual(self.get("pictures/x.json").status, 404)

    async def test_the_pictures_go_with_the_sound_of_the_ring(self):
        host = await self.shown()
        await self.show(host, jpeg.number(3))
        await self.newest()
        id = self.listed()[-1]["id"]
        # Eight seconds: the ring, and the two segments that have just left it.
        gone = lambda: self.get(f"picture/{id}.jpg").status == 404
        await asyncio.to_thread(wait_until, gone, TIMEOUT, "the picture goes")
        self.assertGreater(time.time() - id / 1000, 7)
        self.assertEqual((self.get("picture.jpg").status, self.listed()), (404, []))

    async def test_bytes_that_are_no_still_are_refused_and_the_road_stays(self):
        host = await self.shown()
        good = jpeg.number(4)
        hostile = [
            b"<script>alert(1)</script>", good[:-2], good + b"<script>", good.replace(b"\xff\xc0", b"\xff\xc3"),
            jpeg.gray([[9] * 200] * 2), b"\xff\xd8" * 70_000]
        for still in hostile:
            with self.subTest(still[:20]):
                await self.show(host, still)
                self.assertEqual((await host.wait_error())["code"], "bad_message")
                # The server tells such an error once a second.
                await asyncio.sleep(1.05)
        self.assertEqual(self.listed(), [])
        await self.show(host, good, length=100)
        self.assertEqual((await self.newest()).body, good)

    async def test_a_still_of_motion_jpeg_gets_its_tables(self):
        host = await self.shown()
        await self.show(host, jpeg.number(5, has_tables=False))
        self.assertEqual((await self.newest()).body.count(b"\xff\xc4"), 1)

    async def test_only_a_member_on_the_air_who_agrees_is_shown(self):
        host = await self.shown()
        guest = await self.room.join("Ann", 800)
        await guest.send("show", on=True)
        await self.show(guest, jpeg.number(6))
        await self.show(host, jpeg.number(7))
        await self.newest(lambda body: body == jpeg.number(7))
        self.assertEqual(len(self.listed()), 1)
        await host.send("show", on=False)
        await host.wait_members(lambda members: "shown" not in members["Host"])
        await self.show(host, jpeg.number(8))
        # Off the air, the agreement ends.
        await host.send("show", on=True)
        await host.send("agree", on=False)
        await host.send("agree", on=True)
        members = await host.wait_members(lambda members: members["Host"]["on_air"])
        self.assertNotIn("shown", members["Host"])
        await self.show(host, jpeg.number(8))
        await asyncio.sleep(0.3)
        self.assertEqual(len(self.listed()), 1)

    async def test_a_member_who_sends_no_pictures_gives_way_to_one_who_does(self):
        host = await self.shown()
        guest = await self.room.join("Ann", 800)
        guest.talk(tone(800))
        await guest.send("agree", on=True)
        await host.send("host", action="air", member=guest.id, on=True)
        await guest.send("show", on=True)
        members = await guest.wait_members(lambda members: members["Ann"]["on_air"])
        self.assertNotIn("shown", members["Ann"])
        async def send(member, number):
            while True:
                await self.show(member, jpeg.number(number))
                await asyncio.sleep(0.5)
        sending = [asyncio.create_task(send(guest, 9))]
        self.addCleanup(lambda: [task.cancel() for task in sending])
        members = await host.wait_members(lambda members: members["Ann"].get("shown"))
        self.assertNotIn("shown", members["Host"])
        await self.newest(lambda body: body == jpeg.number(9))
        # The guest is shown while the guest sends.
        sending.append(asyncio.create_task(send(host, 8)))
        await asyncio.sleep(1)
        self.assertEqual((await self.newest()).body, jpeg.number(9))
        sending[0].cancel()
        await self.newest(lambda body: body == jpeg.number(8))

    async def test_a_page_that_enters_again_agrees_anew(self):
        host = await self.shown()
        again = await self.room.operator("Host", session=host.session)
        members = await again.wait_members(lambda members: "Host" in members)
        self.assertNotIn("shown", members["Host"])

    async def test_too_many_stills_are_dropped_and_the_sound_goes_on(self):
        host = await self.shown()
        for number in range(40):
            await self.show(host, jpeg.number(number, comment=b"x" * 40_000))
        await self.newest()
        await asyncio.sleep(0.5)
        self.assertLess(len(self.listed()), 20)
        levels = await host.wait("voices", lambda voices: voices["talkers"])
        self.assertGreater(levels["talkers"][0]["level"], -30)


class Moving(Case):
    def open(self):
        connection = self.server.connect(TIMEOUT)
        self.addCleanup(connection.close)
        connection.request("GET", "/live/picture.mjpeg")
        response = connection.getresponse()
        self.assertEqual(response.status, 200)
        self.assertEqual(
            response.headers["Content-Type"], "multipart/x-mixed-replace; boundary=ringcast-picture")
        return response

    def read(self, response, is_first=False):
        """The next picture of the answer."""
        if is_first:
            self.assertEqual(response.readline(), BOUNDARY)
        self.assertEqual(response.readline(), b"Content-Type: image/jpeg\r\n")
        length = int(response.readline().removeprefix(b"Content-Length: "))
        self.assertEqual(response.readline(), b"\r\n")
        body = response.read(length)
        self.assertEqual((response.readline(), response.readline()), (b"\r\n", BOUNDARY))
        return body

    async def test_each_reader_gets_the_newest_picture_at_once_and_then_each_next_one(self):
        host = await self.shown()
        await self.show(host, jpeg.number(1))
        await self.newest()
        early = self.open()
        self.assertEqual(await asyncio.to_thread(self.read, early, True), jpeg.number(1))
        await asyncio.sleep(0.3)
        await self.show(host, jpeg.number(2))
        self.assertEqual(await asyncio.to_thread(self.read, early), jpeg.number(2))
        late = self.open()
        self.assertEqual(await asyncio.to_thread(self.read, late, True), jpeg.number(2))
        await asyncio.sleep(0.3)
        await self.show(host, jpeg.number(3))
        for response in (early, late):
            self.assertEqual(await asyncio.to_thread(self.read, response), jpeg.number(3))

    async def test_a_slow_reader_gets_whole_pictures_and_the_newest_next(self):
        host = await self.shown()
        def still(number):
            # Nothing that the kernel keeps for the reader hides the lag.
            noise = hashlib.shake_128(bytes([number])).digest(60_000)
            return jpeg.number(number, comment=noise)
        await self.show(host, still(0))
        await self.newest()
        response = self.open()
        self.assertEqual(await asyncio.to_thread(self.read, response, True), still(0))
        for number in range(1, 31):
            await self.show(host, still(number))
            await asyncio.sleep(0.25)
        await self.newest(lambda body: body == still(30))
        seen = []
        while not seen or seen[-1] != 30:
            body = await asyncio.to_thread(self.read, response)
            seen.append(next(number for number in range(31) if still(number) == body))
        self.assertEqual(seen, sorted(set(seen)))


class Token(Case):
    FLAGS = ("--listen-token", "swordfish-and-chips")

    async def test_pictures_need_the_token_of_the_sound(self):
        for path in ("picture.jpg", "picture.mjpeg", "pictures.json", "pictures/1.json", "picture/1.jpg"):
            with self.subTest(path):
                self.assertEqual(self.get(path).status, 401)
        self.assertEqual(self.get("picture.jpg?token=swordfish-and-chips").status, 404)
        answer = self.get("pictures.json?token=swordfish-and-chips")
        self.assertEqual((answer.status, json.loads(answer.body)), (200, {"pictures": []}))
        self.assertIn("private", answer.headers["Cache-Control"])


class Other(unittest.TestCase):
    def test_a_camera_that_is_missing_is_one_line_in_the_log_and_costs_the_stream_nothing(self):
        with Server("--source", "tone", "--camera", "/dev/no-such-camera") as server:
            server.wait_playlist(lambda playlist: len(playlist.entries) >= 2)
            self.assertEqual(server.request("/live/picture.jpg").status, 404)
            self.assertEqual(server.information()["pictures"], True)
            self.assertEqual(server.log.count("/dev/no-such-camera"), 1, server.log)

    def test_a_file_that_is_no_camera_is_named(self):
        with Server("--source", "tone", "--camera", "/dev/null") as server:
            server.wait_log("camera: /dev/null: it is no camera")

    def test_a_stream_without_pictures_says_nothing_of_them(self):
        with Server("--source", "tone") as server:
            server.wait_playlist()
            self.assertNotIn("pictures", server.information())


if __name__ == "__main__":
    unittest.main()
