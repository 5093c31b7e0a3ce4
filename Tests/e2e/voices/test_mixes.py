"""Who is in whose mix: each talker has a tone of his own, and a foreign client looks at the spectrum of its mix."""

import asyncio
import unittest

import numpy as np

from support.clients.room_server import room_server
from support.clients.talker import stereo, tone
from support.clients.voice_pair import with_control
from support.clients.voice_room import VoiceRoom
from support.sound import spectrum
from support.sound.spectrum import TONES

CODECS = ("pcm16", "opus")


class Mixes(unittest.IsolatedAsyncioTestCase):
    alone = True

    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(room_server())

    async def asyncSetUp(self):
        self.room = VoiceRoom(self.server, self._testMethodName[:60])
        self.addAsyncCleanup(self.room.close)

    async def fill(self, count, codec=lambda number: "pcm16"):
        """Talkers t0, t1 … with the tones of `TONES`."""
        for number in range(count):
            await self.room.join(f"t{number}", TONES[number], codec(number))

    async def assert_all_but_oneself(self, talkers):
        """`talkers` has the tone of each member who is heard; the other members only listen."""
        all = set(talkers.values())
        expected = {name: all - {talkers.get(name)} for name in self.room.members}

        async def look():
            self.assertEqual(await self.room.heard(), expected)
        await with_control(look)

    async def test_each_of_eight_talkers_hears_the_seven_others(self):
        await self.fill(8)
        await self.assert_all_but_oneself({f"t{number}": TONES[number] for number in range(8)})

    async def test_forms_are_mixed(self):
        # Each pair of a form that a member sends and a form that the member gets.
        for number in range(8):
            member = await self.room.join(f"t{number}", sound=CODECS[number // 2 % 2])
            member.talk(tone(TONES[number]), CODECS[number % 2])
        await self.assert_all_but_oneself({f"t{number}": TONES[number] for number in range(8)})
        for number, member in enumerate(self.room.members.values()):
            self.assertEqual({packet.codec for packet in member.mix.packets}, {CODECS[number // 2 % 2]})

    async def test_a_listener_hears_all(self):
        await self.fill(3)
        host = await self.room.operator()
        for codec in CODECS:
            listener = await self.room.join(f"listener {codec}", sound=codec)
            await host.send("host", action="role", member=listener.id, role="listener")
            await listener.wait_members(lambda members: members[f"listener {codec}"]["role"] == "listener")
        await self.assert_all_but_oneself({f"t{number}": TONES[number] for number in range(3)})

    async def test_a_muted_talker_is_in_no_mix(self):
        await self.fill(3)
        talkers = {f"t{number}": TONES[number] for number in range(3)}
        await self.assert_all_but_oneself(talkers)
        # The page goes on sending packets, and the server must not trust it.
        await self.room.members["t1"].send("mute", on=True)
        await self.assert_all_but_oneself({name: tone for name, tone in talkers.items() if name != "t1"})
        await self.room.members["t1"].send("mute", on=False)
        await self.assert_all_but_oneself(talkers)

    async def test_a_host_mutes_a_talker(self):
        await self.fill(2)
        host, talker = await self.room.operator(), self.room.members["t0"]
        await host.send("host", action="mute", member=talker.id, on=True)
        await talker.send("mute", on=False)
        await self.assert_all_but_oneself({"t1": TONES[1]})
        await host.send("host", action="mute", member=talker.id, on=False)
        await self.assert_all_but_oneself({"t0": TONES[0], "t1": TONES[1]})

    async def test_a_talker_who_becomes_a_listener_is_in_no_mix(self):
        await self.fill(2)
        host = await self.room.operator()
        await host.send("host", action="role", member=self.room.members["t0"].id, role="listener")
        await self.assert_all_but_oneself({"t1": TONES[1]})

    async def test_members_come_and_go(self):
        await self.fill(3)
        await self.assert_all_but_oneself({f"t{number}": TONES[number] for number in range(3)})
        await self.room.leave("t1")
        await self.room.join("t3", TONES[3], "opus")
        await self.assert_all_but_oneself({f"t{number}": TONES[number] for number in (0, 2, 3)})

    async def test_a_talker_whose_road_breaks_is_silent_and_comes_back_with_the_session(self):
        await self.fill(3)
        broken = self.room.members.pop("t1")
        await broken.be_quiet()
        await broken.break_road()
        await self.assert_all_but_oneself({"t0": TONES[0], "t2": TONES[2]})
        back = await self.room.join("t1", TONES[1], session=broken.session)
        self.assertEqual(back.id, broken.id)
        await self.assert_all_but_oneself({f"t{number}": TONES[number] for number in range(3)})

    async def test_a_second_road_of_a_member_takes_the_place_of_the_first(self):
        await self.fill(2)
        first = self.room.members.pop("t0")
        second = await self.room.join("t0", TONES[2], "opus", session=first.session)
        # The first road still sends its tone, until the server has closed it.
        await first.closed()
        await self.assert_all_but_oneself({"t0": TONES[2], "t1": TONES[1]})
        self.assertEqual(second.id, first.id)

    async def test_rooms_hear_nothing_of_each_other(self):
        await self.fill(2)
        other = VoiceRoom(self.server, "the-other-room")
        self.addAsyncCleanup(other.close)
        await other.join("x0", TONES[4])
        await other.join("x1", TONES[5])
        here, there = await asyncio.gather(self.room.heard(), other.heard())
        self.assertEqual(here, {"t0": {TONES[1]}, "t1": {TONES[0]}})
        self.assertEqual(there, {"x0": {TONES[5]}, "x1": {TONES[4]}})

    async def test_a_mix_is_stereo_while_a_voice_in_it_is_stereo(self):
        for codec in CODECS:
            with self.subTest(codec=codec):
                room = VoiceRoom(self.server, f"stereo-{codec}")
                self.addAsyncCleanup(room.close)
                wide, narrow = await room.join("wide", sound=codec), await room.join("narrow", TONES[2], codec)
                listener = await room.join("listener", sound=codec)
                await asyncio.sleep(1)
                self.assertEqual({packet.channels for packet in listener.mix.packets}, {1})
                wide.talk(stereo(tone(TONES[0]), tone(TONES[1])), codec, channels=2)
                await asyncio.sleep(2)
                # The talker's own voice is not in his mix.
                self.assertEqual({packet.channels for packet in wide.mix.packets}, {1})
                self.assertEqual(listener.mix.packets[-1].channels, 2)
                left, right = listener.mix.stereo()[-40000:].T
                self.assertEqual(spectrum.heard(left), {TONES[0], TONES[2]})
                self.assertEqual(spectrum.heard(right), {TONES[1], TONES[2]})
                await wide.be_quiet()
                await wide.send("mute", on=True)
                await asyncio.sleep(1)
                self.assertEqual(listener.mix.packets[-1].channels, 1)
                self.assertEqual(spectrum.heard(listener.mix.sound()[-20000:]), {TONES[2]})
                self.assertEqual({packet.channels for packet in narrow.mix.packets[-20:]}, {1})

    async def test_a_mono_mix_of_equal_voices_has_equal_levels(self):
        await self.fill(3)
        await asyncio.sleep(8)
        found = spectrum.levels((await self.room.sounds("t0"))["t0"])
        # Gain riding has brought both to the same loudness.
        self.assertAlmostEqual(found[TONES[1]], found[TONES[2]], delta=3)
        self.assertLess(np.abs(self.room.members["t0"].mix.sound()).max(), 1)
