"""What a room is told about its voices: levels, delays, who talks, echo, and the figures for Prometheus."""

import asyncio
import time
import unittest

import numpy as np

from support.clients.room_server import room_server
from support.clients.talker import tone
from support.clients.voice_room import VoiceRoom
from support.formats.metrics import Metrics
from support.sound import signals
from support.sound.opus import FRAME
from support.sound.soundcard import RATE
from support.sound.spectrum import TONES


def syllables(seconds):
    """Noise with the spectrum of speech, in syllables of random length and loudness."""
    random, pieces = np.random.default_rng(1), []
    while sum(map(len, pieces)) < seconds * RATE:
        pieces.append(np.hanning(random.integers(RATE // 10, RATE // 3)) * random.uniform(0.1, 1))
    loudness = np.concatenate(pieces)
    return 0.5 * loudness * signals.pink(len(loudness), 1)


class Reports(unittest.IsolatedAsyncioTestCase):
    alone = True

    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(room_server())

    async def asyncSetUp(self):
        self.room = VoiceRoom(self.server, self._testMethodName[:60])
        self.addAsyncCleanup(self.room.close)

    async def reports(self, member, seconds):
        """The messages `voices` of the next seconds."""
        member.pass_over()
        count = len(member.received)
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            try:
                await member.next(left)
            except (asyncio.TimeoutError, TimeoutError):
                break
        return [message for message in member.received[count:] if message["type"] == "voices"]

    async def test_levels_and_delays_are_told_at_most_five_times_a_second(self):
        quiet, loud = await self.room.join("Ann"), await self.room.join("Ben")
        host = await self.room.operator()
        for member in (quiet, loud):
            await host.send("host", action="gain", member=member.id, on=False)
        quiet.talk(tone(TONES[0], 0.01))
        loud.talk(tone(TONES[1], 0.5))
        await asyncio.sleep(2)
        found = await self.reports(host, 4)
        self.assertTrue(4 <= len(found) <= 21, len(found))
        levels = {talker["id"]: talker for talker in found[-1]["talkers"]}
        # The RMS of a sine is 3 dB below its amplitude.
        self.assertAlmostEqual(levels[quiet.id]["level"], -43, delta=3)
        self.assertAlmostEqual(levels[loud.id]["level"], -9, delta=3)
        for talker in levels.values():
            self.assertTrue(10 <= talker["delay"] <= 200, talker)

    async def test_the_delay_counts_what_the_page_says(self):
        member = await self.room.join("Ann", TONES[0])
        await asyncio.sleep(1)
        before = (await self.reports(member, 2))[-1]["talkers"][0]["delay"]
        await member.send("ping", rtt=100, capture=40, playback=60)
        await asyncio.sleep(1)
        after = (await self.reports(member, 2))[-1]["talkers"][0]["delay"]
        self.assertAlmostEqual(after - before, 90, delta=15)

    async def test_nothing_is_told_while_everybody_is_muted(self):
        first, second = await self.room.join("Ann", TONES[0]), await self.room.join("Ben")
        for member in (first, second):
            await member.send("mute", on=True)
        await asyncio.sleep(1)
        self.assertEqual(await self.reports(second, 2), [])

    async def test_members_without_sound_are_not_told(self):
        await self.room.join("Ann", TONES[0])
        deaf = await self.room.join("Ben", sound="none")
        self.assertEqual(await self.reports(deaf, 2), [])

    async def test_the_server_hears_who_talks(self):
        member, other = await self.room.join("Ann"), await self.room.join("Ben")
        member.talk(tone(TONES[0], 0.3))
        await other.wait_members(lambda members: members["Ann"]["talking"])
        await member.be_quiet()
        await other.wait_members(lambda members: not members["Ann"]["talking"])

    async def test_a_talker_whose_microphone_hears_the_mix_is_told(self):
        host = await self.room.operator()
        speaker, echoing = await self.room.join("Ann"), await self.room.join("Ben")
        signal = syllables(40)
        speaker.talk(lambda samples: signal[samples % len(signal)])
        await asyncio.sleep(1)
        began = len(echoing.mix) - 10

        def repeat(samples):
            """The mix that the member got 100 ms ago, 20 dB lower, without a hole."""
            packet = echoing.mix.packets[min(began + samples[0] // FRAME, len(echoing.mix) - 1)]
            return np.frombuffer(packet.frame, "<i2")[:FRAME] / 327680
        echoing.talk(repeat)
        for member in (echoing, host):
            message = await member.wait("echo", seconds=30)
            self.assertEqual(message["member"], echoing.id)
        self.assertFalse(any(message["type"] == "echo" for message in speaker.received))

    async def test_talkers_are_in_the_metrics(self):
        await self.room.join("Ann", TONES[0])
        await self.room.join("Ben")
        await asyncio.sleep(1)
        metrics = await asyncio.to_thread(Metrics, self.server)
        room = f'room="{self.room.name}"'
        self.assertEqual(metrics[f"ringcast_voice_members{{{room}}}"], 2)
        delays = [value for name, value in metrics.items()
                  if name.startswith("ringcast_voice_delay_seconds") and room in name]
        # The other member does not talk.
        self.assertTrue(0.005 < max(delays) < 0.2, delays)
        self.assertIn("ringcast_mixer_late_ticks_total", metrics)
