"""The delay of a voice: it stays small on any road, and never keeps what an outage has left.

Coded bursts of the talker are found in the mix that a foreign client receives. The delay of a burst runs from its
first sample at the talker to the arrival of the packet that holds this sample.
"""

import contextlib
import itertools
import statistics
import unittest

import numpy as np

from support.clients.room_server import room_server
from support.clients.voice_pair import VoicePair, with_control
from support.proxies.slow_road import SlowRoad
from support.sound import ear

# After a stall the delay must be at most this much above the delay before, two seconds later; in seconds.
ABOVE = 0.030
LATER = 2
# The delay of a clean road in this machine, in seconds: a packet, the jitter buffer and a tick, and a busy machine.
CLEAN = 0.100
# The buffers of a road that is held, in bytes.
BUFFER = 8192
_NUMBERS = itertools.count()


class Case(unittest.IsolatedAsyncioTestCase):
    alone = True

    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(room_server())

    @contextlib.asynccontextmanager
    async def pair(self, codec="pcm16", **options):
        pair = await VoicePair.join(self.server, f"room-{next(_NUMBERS)}", codec, **options)
        try:
            yield pair
        finally:
            await pair.close()

    def road(self, *arguments, **options):
        return SlowRoad(self.server.port, *arguments, **options)


class Stalls(Case):
    # The begin and the length of each, in seconds since the talker began.
    STALLS = ((6, 0.2), (12, 2))
    END = 18

    async def hold(self, pair, road):
        for begin, length in self.STALLS:
            await pair.until(begin)
            road.hold(length)
        await pair.until(self.END)

    def assert_recovers(self, pair):
        found = pair.delays()
        for begin, length in self.STALLS:
            before = statistics.median(late for said, late in found if begin - 4 < said < begin - 0.2)
            since = begin + length + LATER
            after = [late for said, late in found if since - 0.5 <= said < since + 2]
            self.assertTrue(after, found)
            self.assertLessEqual(statistics.median(after) - before, ABOVE, (begin, before, found))

    async def test_the_road_of_a_talker_is_held(self):
        for codec in ("pcm16", "opus"):
            with self.subTest(codec=codec):
                await with_control(lambda: self.recovers_as_talker(codec))

    async def recovers_as_talker(self, codec):
        with self.road(buffer=BUFFER) as road:
            async with self.pair(codec, talker_road=road) as pair:
                await self.hold(pair, road)
                self.assert_recovers(pair)

    async def test_the_road_of_a_listener_is_held(self):
        await with_control(self.recovers_as_listener)

    async def recovers_as_listener(self):
        with self.road(buffer=BUFFER) as road:
            async with self.pair(listener_road=road) as pair:
                await self.hold(pair, road)
                self.assert_recovers(pair)
                # The server has thrown old sound away: of the two seconds there is no more than the buffers held.
                at, late = pair.listener.mix.lateness()
                begin, length = self.STALLS[-1]
                since = at - pair.talker.began
                old = late[(since > begin + length - 0.5) & (since < begin + length + 1)] > 0.1
                self.assertLess(int(old.sum()), 60)


class Roads(Case):
    async def test_a_clean_road(self):
        await with_control(self.is_prompt)

    async def is_prompt(self):
        async with self.pair() as pair:
            await pair.until(10)
            late = [late for _, late in pair.delays()]
            self.assertGreater(len(late), 7)
            self.assertLess(statistics.median(late), CLEAN, late)
            self.assertEqual(ear.listen(pair.heard(2, 10)).dropouts, [])

    async def test_the_buffer_follows_the_jitter_of_a_road(self):
        await with_control(self.follows_jitter)

    async def follows_jitter(self):
        with self.road(0.02, jitter=0.04) as road:
            async with self.pair("opus", talker_road=road) as pair:
                await pair.until(22)
                dropouts = ear.listen(pair.heard(12, 22)).dropouts
                self.assertLess(sum(length for _, length in dropouts), 0.6, dropouts)
                late = [late for said, late in pair.delays() if said > 12]
                self.assertLess(max(late), 0.06 + CLEAN + ABOVE, late)

    async def test_a_road_that_loses_segments(self):
        await with_control(self.survives_losses)

    async def survives_losses(self):
        with self.road(0.02, jitter=0.01, loss=0.01) as road:
            async with self.pair("opus", talker_road=road) as pair:
                await pair.until(40)
                late = [late for _, late in pair.delays()]
                # Each lost segment holds the road for a fifth of a second, and the sound behind it is old then. In 20 s
                # chance spoiled up to 8 of 20 bursts.
                self.assertGreater(len(late), 24)
                self.assertLess(statistics.median(late), 0.03 + CLEAN + 0.12, late)
                self.assertLess(max(late), 0.5, late)


class Clocks(Case):
    async def test_the_clocks_of_talkers_are_followed(self):
        for ppm in (3000, -3000):
            with self.subTest(ppm=ppm):
                await with_control(lambda: self.follows_clock(ppm))

    async def follows_clock(self, ppm):
        async with self.pair(ppm=ppm) as pair:
            await pair.until(20)
            late = [late for _, late in pair.delays()]
            self.assertLess(abs(np.median(late[-5:]) - np.median(late[3:8])), ABOVE, late)
            dropouts = ear.listen(pair.heard(5, 20)).dropouts
            self.assertLess(sum(length for _, length in dropouts), 0.1, dropouts)
