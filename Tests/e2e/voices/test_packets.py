"""The binary messages of a room: the pace of the server's packets, and packets that the server refuses."""

import asyncio
import contextlib
import threading
import time
import unittest

import numpy as np

from support.clients.room_roads import Poster
from support.clients.room_server import room_server
from support.clients.sound_crowd import CrowdMember
from support.clients.sound_packet import HEAD
from support.clients.talker import Talker, tone
from support.clients.voice_room import VoiceRoom
from support.sound import spectrum
from support.sound.opus import FRAME, OpusEncoder
from support.sound.spectrum import TONES

PCM = bytes(2 * FRAME)
GOOD = HEAD.pack(1, 1, 0, 0, 0, 0) + PCM
BAD = {
    "empty": b"", "one byte": b"\1", "a head that is cut off": GOOD[:15], "a head alone": GOOD[:16],
    "version 0": HEAD.pack(0, 1, 0, 0, 0, 0) + PCM, "version 2": HEAD.pack(2, 1, 0, 0, 0, 0) + PCM,
    "kind 0": HEAD.pack(1, 0, 0, 0, 0, 0) + PCM, "kind 3": HEAD.pack(1, 3, 0, 0, 0, 0) + PCM,
    "codec 2": HEAD.pack(1, 1, 2, 0, 0, 0) + PCM, "codec 255": HEAD.pack(1, 1, 255, 0, 0, 0) + PCM,
    "a short frame": GOOD[:-1], "a frame of one sample": GOOD[:18], "a long frame": GOOD + b"\0\0",
    "a stereo frame without the flag": GOOD + PCM, "the flag without a stereo frame": HEAD.pack(1, 1, 0, 1, 0, 0) + PCM,
    "no Opus frame": HEAD.pack(1, 1, 1, 0, 0, 0), "a long Opus frame": HEAD.pack(1, 1, 1, 0, 0, 0) + bytes(1276),
}


class Case(unittest.IsolatedAsyncioTestCase):
    alone = True

    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(room_server())

    async def asyncSetUp(self):
        self.room = VoiceRoom(self.server, self._testMethodName[:60])
        self.addAsyncCleanup(self.room.close)


class Pace(Case):
    async def test_a_member_alone_gets_silence_each_10_ms_from_the_welcome_on(self):
        for codec in ("pcm16", "opus"):
            with self.subTest(codec=codec):
                began = time.monotonic()
                member = await self.room.join(codec, sound=codec)
                self.assertEqual(member.welcome["you"]["sound"], codec)
                self.assertIs(member.welcome["room"]["voices"], True)
                await asyncio.sleep(3)
                arrivals, packets = member.mix.arrivals, member.mix.packets
                self.assertEqual(member.faults, [])
                self.assertLess(arrivals[0].at - began, 1)
                # The server counts both from the welcome on. On a busy machine it drops a packet now and then.
                sequences, times = (np.array([getattr(packet, field) for packet in packets])
                                    for field in ("sequence", "time"))
                self.assertTrue((np.diff(sequences) > 0).all(), sequences)
                self.assertLessEqual(sequences[-1] + 1 - len(packets), 6, sequences)
                self.assertTrue((times == sequences * FRAME).all(), times)
                first = packets[0].time
                # The pace is that of the clock: the packets neither run ahead nor fall behind.
                spoken = (packets[-1].time - first) / 48000
                self.assertAlmostEqual(spoken, arrivals[-1].at - arrivals[0].at, delta=0.1)
                self.assertAlmostEqual(len(packets), 100 * spoken, delta=5)
                self.assertEqual({packet.codec for packet in packets}, {codec})
                self.assertEqual({packet.channels for packet in packets}, {1})
                self.assertLess(spectrum.level(member.mix.sound()), -90)

    async def test_silence_of_pcm_is_zero(self):
        member = await self.room.join("Ann")
        await asyncio.sleep(1)
        self.assertEqual({packet.frame for packet in member.mix.packets}, {PCM})

    async def test_a_socket_without_a_subprotocol_has_sound_too(self):
        talker = await self.room.join("Ann", TONES[0])
        member = await Talker.join(
            self.server, self.room.name, "Ben", options={"subprotocols": None}, sound="pcm16")
        self.room.members["Ben"] = member
        self.assertIsNone(member.subprotocol)
        self.assertEqual(await self.room.heard("Ben"), {"Ben": {TONES[0]}})
        self.assertGreater(len(talker.mix), 0)

    async def test_nobody_gets_sound_who_has_not_asked_for_it(self):
        await self.room.join("Ann", TONES[0])
        quiet = [await Talker.join(self.server, self.room.name, "Ben", sound="none"),
                 await Talker.join(self.server, self.room.name, "Cy", sound=None)]
        for member in quiet:
            self.room.members[member.welcome["you"]["name"]] = member
        await asyncio.sleep(1)
        for member in quiet:
            self.assertEqual((len(member.mix), member.faults, member.welcome["you"]["sound"]), (0, [], "none"))

    async def test_a_member_without_sound_may_talk(self):
        silent = await self.room.join("Ann", TONES[0], sound="none")
        await self.room.join("Ben")
        self.assertEqual(await self.room.heard("Ben"), {"Ben": {TONES[0]}})
        self.assertEqual(len(silent.mix), 0)

    async def test_the_form_can_be_changed(self):
        await self.room.join("Ann", TONES[0])
        member = await self.room.join("Ben", sound="none")
        for form in ("pcm16", "opus", "pcm16"):
            await member.send("sound", form=form)
            self.assertEqual(await self.room.heard("Ben"), {"Ben": {TONES[0]}})
            self.assertEqual(member.mix.packets[-1].codec, form)
        await member.send("sound", form="none")
        await asyncio.sleep(0.5)
        count = len(member.mix)
        await asyncio.sleep(0.5)
        self.assertEqual(len(member.mix), count)

    async def test_an_unknown_form_is_refused(self):
        member = await Talker.connect(self.server, self.room.name)
        self.addAsyncCleanup(member.close)
        await member.send("hello", name="Ann", sound="mp3")
        self.assertEqual((await member.wait_error())["code"], "bad_message")
        await member.send("hello", name="Ann", sound="opus")
        self.assertEqual((await member.wait("welcome"))["you"]["sound"], "opus")
        await member.send("sound", form="mp3")
        self.assertEqual((await member.wait_error())["code"], "bad_message")

    async def test_other_roads_carry_no_sound(self):
        status, welcome = await asyncio.to_thread(
            lambda: Poster(self.server, self.room.name).post("hello", name="Ann", sound="opus"))
        self.assertEqual((status, welcome["you"]["sound"]), (200, "none"))


class Refused(Case):
    async def errors(self, member, seconds):
        """The codes of the errors in the next seconds."""
        end, codes = time.monotonic() + seconds, []
        while (left := end - time.monotonic()) > 0:
            try:
                codes.append((await member.wait_error(left))["code"])
            except (asyncio.TimeoutError, TimeoutError):
                break
        return codes

    async def test_each_bad_packet_is_answered_and_the_socket_stays(self):
        member = await self.room.join("Ann")
        for name, packet in BAD.items():
            with self.subTest(name):
                await member.send_raw(packet)
                self.assertEqual((await member.wait_error(3))["code"], "bad_message")
                # At most one error a second.
                await asyncio.sleep(1.1)
        count = len(member.mix)
        await asyncio.sleep(0.5)
        self.assertGreater(len(member.mix), count + 20)

    async def test_at_most_one_error_a_second(self):
        member = await self.room.join("Ann")
        async def send():
            for _ in range(250):
                await member.send_raw(BAD["codec 2"])
                await asyncio.sleep(0.01)
        codes, _ = await asyncio.gather(self.errors(member, 3), send())
        self.assertEqual(set(codes), {"bad_message"})
        self.assertIn(len(codes), (2, 3, 4))

    async def test_good_packets_between_bad_ones_are_heard(self):
        talker, _ = await self.room.join("Ann", TONES[0]), await self.room.join("Ben")
        async def disturb():
            for number in range(150):
                await talker.send_raw(list(BAD.values())[number % len(BAD)])
                await asyncio.sleep(0.01)
        heard, _ = await asyncio.gather(self.room.heard("Ben"), disturb())
        self.assertEqual(heard, {"Ben": {TONES[0]}})

    async def test_frames_that_are_no_opus_harm_nobody(self):
        noise = np.random.default_rng(1)
        talker, _ = await self.room.join("Ann"), await self.room.join("Ben", TONES[1])
        for number in range(150):
            frame = noise.bytes(int(noise.integers(1, 200)))
            await talker.send_raw(HEAD.pack(1, 1, 1, number % 2, number, number * FRAME) + frame)
            await asyncio.sleep(0.01)
        self.assertEqual(await self.room.heard("Ann"), {"Ann": {TONES[1]}})

    async def test_packets_of_opus_with_other_durations_are_refused(self):
        member = await self.room.join("Ann")
        # The first five bits of an Opus packet tell the duration of its frames (RFC 6716 §3.1); 3 is 20 ms of CELT.
        frame = bytearray(OpusEncoder().encode(np.zeros((FRAME, 1))))
        frame[0] = frame[0] & 0x07 | (frame[0] >> 3 | 3) << 3
        await member.send_raw(HEAD.pack(1, 1, 1, 0, 0, 0) + bytes(frame))
        self.assertEqual((await member.wait_error(3))["code"], "bad_message")

    async def test_a_listener_may_not_talk(self):
        host, listener = await self.room.operator(), await self.room.join("Ann")
        await host.send("host", action="role", member=listener.id, role="listener")
        await listener.wait_members(lambda members: members["Ann"]["role"] == "listener")
        listener.talk(tone(TONES[0]))
        codes, heard = await asyncio.gather(self.errors(listener, 2.5), self.room.heard())
        self.assertEqual(set(codes), {"not_allowed"})
        self.assertIn(len(codes), (2, 3))
        self.assertEqual(heard, {"Ann": set(), "Host": set()})

    async def test_a_packet_before_the_welcome_is_dropped(self):
        member = await Talker.connect(self.server, self.room.name)
        self.addAsyncCleanup(member.close)
        for _ in range(20):
            await member.send_raw(GOOD)
        await member.send("hello", name="Ann", sound="pcm16")
        self.assertEqual((await member.wait("welcome"))["you"]["name"], "Ann")

    async def test_a_flood_of_packets_harms_nobody(self):
        flooder = CrowdMember(self.server, self.room.name, "flooder", "pcm16", [PCM])
        self.addCleanup(flooder.socket.close)
        await self.room.join("Ben", TONES[1])
        await self.room.join("Cy", TONES[2])
        ended = threading.Event()

        def flood():
            """Ten times as many packets as a talker sends."""
            flooder.socket.settimeout(5)
            while not ended.wait(0.01):
                for _ in range(10):
                    flooder.talk()
        flooding = asyncio.create_task(asyncio.to_thread(flood))
        try:
            heard = await self.room.heard("Ben", "Cy")
        finally:
            ended.set()
            with contextlib.suppress(OSError):
                await flooding
        self.assertEqual(heard, {"Ben": {TONES[2]}, "Cy": {TONES[1]}})

    async def test_a_long_message_is_refused(self):
        member, _ = await self.room.join("Ann"), await self.room.join("Ben", TONES[1])
        await member.send_raw(GOOD + bytes(100_000))
        code = (await member.closed())[0]
        self.assertIn(code, (1009, 1008, 1007, 4008))
        self.room.members.pop("Ann")
        self.assertEqual(await self.room.heard(), {"Ben": set()})
