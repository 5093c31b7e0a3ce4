"""A room as the source of a stream: the stream has the talkers who are on the air, and nobody else."""

import asyncio
import contextlib
import tempfile
import threading
import time
import unittest
from pathlib import Path

import numpy as np

from support.clients.radio import Radio
from support.clients.room_member import RoomMember
from support.clients.segment_collector import SegmentCollector
from support.clients.voice_room import VoiceRoom
from support.formats import mp3
from support.formats.wav import wav
from support.server import Server, refusal
from support.sound import spectrum
from support.sound.soundcard import RATE
from support.sound.spectrum import TONES
from support.waiting import TIMEOUT

# The tone of the programme, in Hz, and how much lower it is under a voice, in dB.
PROGRAMME, DUCKED = 3203, -18
# The time until a change is heard in the stream, in seconds.
SETTLING = 3


def write_programme(folder):
    sound = 0.2 * np.sin(2 * np.pi * PROGRAMME * np.arange(10 * RATE) / RATE)
    path = Path(folder, "programme.wav")
    path.write_bytes(wav(sound.reshape(-1, 1), RATE))
    return path


def aired(server, seconds, path="/live.mp3"):
    """The last `seconds` of what a listener of the stream has heard a moment from now, mono."""
    with Radio(server, path) as radio:
        time.sleep(seconds + 0.5)
        sound = mp3.decode(radio.sound, 2).mean(1)
    return sound[-round(seconds * RATE):]


@contextlib.contextmanager
def following(server):
    """Follows the playlist, and checks that the stream has come at the pace of the clock."""
    ended = threading.Event()
    collector, errors = SegmentCollector(server, ring_size=40), []
    began = time.monotonic()

    def follow():
        try:
            collector.follow(lambda _: ended.is_set())
        except AssertionError as error:
            errors.append(error)
    thread = threading.Thread(target=follow)
    thread.start()
    first = server.playlist()
    began = time.monotonic()
    try:
        yield
    finally:
        ended.set()
        thread.join(TIMEOUT)
    if errors:
        raise errors[0]
    elapsed = time.monotonic() - began
    spoken = sum(float(entry.duration) for sequence, (entry, _) in collector.segments.items() if sequence > first.last)
    if abs(spoken - elapsed) > 2:
        raise AssertionError(f"{spoken} s of sound in {elapsed} s")


class Case(unittest.IsolatedAsyncioTestCase):
    alone = True
    FLAGS = ()

    @classmethod
    def setUpClass(cls):
        folder = cls.enterClassContext(tempfile.TemporaryDirectory(prefix="air."))
        cls.server = cls.enterClassContext(Server(
            "--source", "room:studio", "--rooms", "--room-open", "talker", "--segment-length", 0.5, "--ring-size", 40,
            "--fallback", f"file:{write_programme(folder)}", *cls.FLAGS))
        cls.server.wait_playlist()

    async def asyncSetUp(self):
        self.room = VoiceRoom(self.server)
        self.addAsyncCleanup(self.room.close)

    async def levels(self, settling=SETTLING):
        """The level of each tone in the stream, once a change has reached the stream."""
        await asyncio.sleep(settling)
        sound = await asyncio.to_thread(aired, self.server, 1)
        return spectrum.levels(sound, [*TONES, PROGRAMME])

    async def voices(self):
        """The tones of the talkers in the stream."""
        return {tone for tone, level in (await self.levels()).items() if level > spectrum.PRESENT} - {PROGRAMME}

    async def put_on_air(self, host, *members):
        for member in members:
            await member.send("agree", on=True)
            await host.send("host", action="air", member=member.id, on=True)
            await host.wait("air", lambda air, id=member.id: id in air["members"])


class OnAir(Case):
    async def test_nobody_is_on_the_air_before_both_have_agreed(self):
        host = await self.room.operator()
        talker = await self.room.join("Ann", TONES[0])
        await self.room.join("Ben", TONES[1], "opus")
        self.assertEqual(await self.voices(), set())
        # The host asks. The talker has not agreed yet.
        await host.send("host", action="air", member=talker.id, on=True)
        request = await talker.wait("air_request")
        self.assertEqual(request["by"], "Host")
        self.assertEqual(await self.voices(), set())
        await talker.send("agree", on=True)
        air = await talker.wait("air", lambda air: air["on"])
        self.assertEqual(air["members"], [talker.id])
        self.assertEqual(await self.voices(), {TONES[0]})
        await talker.send("agree", on=False)
        await talker.wait("air", lambda air: not air["on"])
        self.assertEqual(await self.voices(), set())

    async def test_who_agrees_without_being_asked_is_not_on_the_air(self):
        talker = await self.room.join("Ann", TONES[0])
        await talker.send("agree", on=True)
        self.assertEqual(await self.voices(), set())
        host = await self.room.operator()
        await host.send("host", action="air", member=talker.id, on=True)
        await host.wait("air", lambda air: air["members"] == [talker.id])
        self.assertEqual(await self.voices(), {TONES[0]})

    async def test_a_host_decides_for_himself(self):
        host = await self.room.operator(hertz=TONES[0])
        self.assertEqual(await self.voices(), set())
        await host.send("agree", on=True)
        self.assertEqual(await self.voices(), {TONES[0]})
        await host.send("agree", on=False)
        self.assertEqual(await self.voices(), set())

    async def test_talkers_come_on_the_air_and_off_one_by_one(self):
        host = await self.room.operator()
        members = [await self.room.join(f"t{i}", TONES[i], ("pcm16", "opus")[i % 2]) for i in range(4)]
        await self.put_on_air(host, *members[:3])
        self.assertEqual(await self.voices(), set(TONES[:3]))
        # Each member still hears all others.
        heard = await self.room.heard("t0", "Host")
        self.assertEqual(heard, {"t0": set(TONES[1:4]), "Host": set(TONES[:4])})
        await host.send("host", action="air", member=members[1].id, on=False)
        self.assertEqual(await self.voices(), {TONES[0], TONES[2]})
        await members[0].send("mute", on=True)
        self.assertEqual(await self.voices(), {TONES[2]})
        await self.room.leave("t2")
        self.assertEqual(await self.voices(), set())

    async def test_who_is_not_a_host_puts_nobody_on_the_air(self):
        talker, other = await self.room.join("Ann", TONES[0]), await self.room.join("Ben")
        await talker.send("agree", on=True)
        for member in (talker, other):
            await member.send("host", action="air", member=talker.id, on=True)
            self.assertEqual((await member.wait_error())["code"], "not_allowed")
        self.assertEqual(await self.voices(), set())

    async def test_a_talker_who_becomes_a_listener_is_off_the_air(self):
        host, talker = await self.room.operator(), await self.room.join("Ann", TONES[0])
        await self.put_on_air(host, talker)
        self.assertEqual(await self.voices(), {TONES[0]})
        await host.send("host", action="role", member=talker.id, role="listener")
        self.assertEqual(await self.voices(), set())


class Programme(Case):
    async def test_the_programme_plays_alone_and_ducks_under_a_voice(self):
        before = (await self.levels(SETTLING + 2))[PROGRAMME]
        self.assertGreater(before, -20)
        host = await self.room.operator(hertz=TONES[0])
        # A voice in the room that is not on the air changes nothing.
        self.assertAlmostEqual((await self.levels())[PROGRAMME], before, delta=1)
        await host.send("agree", on=True)
        under = await self.levels()
        self.assertAlmostEqual(under[PROGRAMME] - before, DUCKED, delta=2)
        self.assertGreater(under[TONES[0]], under[PROGRAMME])
        await host.send("agree", on=False)
        self.assertAlmostEqual((await self.levels(SETTLING + 2))[PROGRAMME], before, delta=1)

    async def test_a_member_hears_the_programme_only_on_his_wish(self):
        member = await self.room.join("Ann")
        tones = [*TONES, PROGRAMME]
        async def heard():
            await asyncio.sleep(1)
            return spectrum.heard((await self.room.sounds("Ann"))["Ann"], tones)
        self.assertEqual(await heard(), set())
        await member.send("programme", on=True)
        self.assertEqual(await heard(), {PROGRAMME})
        await member.send("programme", on=False)
        self.assertEqual(await heard(), set())

    async def test_nobody_hears_himself_in_the_programme(self):
        host = await self.room.operator(hertz=TONES[0])
        await host.send("agree", on=True)
        await host.send("programme", on=True)
        await self.room.join("Ann", TONES[1])
        await asyncio.sleep(2)
        levels = spectrum.levels((await self.room.sounds("Host"))["Host"], [*TONES, PROGRAMME])
        self.assertLess(levels[TONES[0]], spectrum.ABSENT)
        self.assertGreater(levels[TONES[1]], spectrum.PRESENT)
        self.assertGreater(levels[PROGRAMME], spectrum.PRESENT)


class Outages(Case):
    async def test_the_stream_goes_on_when_talkers_vanish(self):
        with following(self.server):
            host = await self.room.operator()
            talker = await self.room.join("Cy", TONES[0])
            await self.put_on_air(host, talker)
            self.assertEqual(await self.voices(), {TONES[0]})
            # No packet comes any more, and the connection stays.
            await talker.be_quiet()
            levels = await self.levels(SETTLING + 2)
            self.assertLess(levels[TONES[0]], spectrum.ABSENT)
            self.assertGreater(levels[PROGRAMME], -20)
            talker.talk(lambda samples: 0.2 * np.sin(2 * np.pi * TONES[3] / RATE * samples))
            self.assertEqual(await self.voices(), {TONES[3]})
            # The connection breaks without a word.
            await talker.be_quiet()
            await talker.break_road()
            self.room.members.pop("Cy")
            self.assertEqual(await self.voices(), set())
            self.assertGreater((await self.levels())[PROGRAMME], -20)

    async def test_a_member_who_comes_back_with_the_session_is_on_the_air_again(self):
        host, talker = await self.room.operator(), await self.room.join("Ann", TONES[0])
        await self.put_on_air(host, talker)
        await talker.be_quiet()
        await talker.break_road()
        self.room.members.pop("Ann")
        await asyncio.sleep(1)
        await self.room.join("Ann", TONES[1], session=talker.session)
        self.assertEqual(await self.voices(), {TONES[1]})


class Station(unittest.IsolatedAsyncioTestCase):
    alone = True

    def serve(self, *flags):
        server = self.enterContext(Server(
            "--source", "room:studio", "--rooms", "--segment-length", 0.5, "--ring-size", 40, *flags))
        server.wait_playlist()
        return server

    async def test_without_a_programme_the_stream_is_silent_at_the_pace_of_the_clock(self):
        server = self.serve("--room-open", "talker")
        with following(server):
            await asyncio.sleep(5)
            self.assertLess(spectrum.level(await asyncio.to_thread(aired, server, 2)), -80)
            room = VoiceRoom(server)
            self.addAsyncCleanup(room.close)
            host = await room.operator(hertz=TONES[0])
            await host.send("agree", on=True)
            await asyncio.sleep(SETTLING)
            self.assertEqual(spectrum.heard(await asyncio.to_thread(aired, server, 1)), {TONES[0]})

    async def test_the_programme_can_be_off_under_a_voice(self):
        folder = self.enterContext(tempfile.TemporaryDirectory(prefix="air."))
        server = self.serve("--under-voice", "off", "--fallback", f"file:{write_programme(folder)}")
        room = VoiceRoom(server)
        self.addAsyncCleanup(room.close)
        host = await room.operator(hertz=TONES[0])
        await host.send("agree", on=True)
        await asyncio.sleep(SETTLING)
        self.assertEqual(
            spectrum.heard(await asyncio.to_thread(aired, server, 1), [*TONES, PROGRAMME]), {TONES[0]})

    async def test_listeners_learn_the_kind_of_the_source_but_not_the_name_of_a_closed_room(self):
        server = self.serve()
        information = server.get("/live.json")
        self.assertEqual(server.information()["source"], "room")
        self.assertNotIn(b"studio", information)
        host = await RoomMember.join(server, "studio", "Host", token=server.operator_token)
        self.addAsyncCleanup(host.close)
        self.assertEqual(host.welcome["room"]["source_of"], ["live"])
        other = await RoomMember.join(server, "attic", "Host", token=server.operator_token)
        self.addAsyncCleanup(other.close)
        self.assertEqual(other.welcome["room"]["source_of"], [])

    def test_a_room_needs_rooms(self):
        self.assertIn("--rooms", refusal("--source", "room:studio"))

    def test_a_room_needs_a_name(self):
        for name in ("", "Studio", "a b", "x" * 65, "index"):
            with self.subTest(name=name):
                self.assertIn("room", refusal("--source", f"room:{name}", "--rooms"))
