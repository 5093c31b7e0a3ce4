"""The delay of a voice: it stays small on any road, and never keeps what an outage has left.

Coded bursts of the talker are found in the mix that a foreign client receives. The delay of a burst runs from its
first sample at the talker to the arrival of the packet that holds this sample.
"""

import asyncio
import statistics
import unittest

import numpy as np

from support.clients.room_server import room_server
from support.clients.voice_pair import VoicePair
from support.proxies.slow_road import SlowRoad
from support.sound import ear

# After a stall the delay must be at most this much above the delay before, two seconds later; in seconds.
ABOVE = 0.030
LATER = 2
# The delay of a clean road in this machine, in seconds: a packet, the jitter buffer and a tick, and a busy machine.
CLEAN = 0.100
# The buffers of a road that is held, in bytes.
BUFFER = 8192


class Case(unittest.IsolatedAsyncioTestCase):
    alone = True

    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(room_server())

    def road(self, *arguments, **options):
        return self.enterContext(SlowRoad(self.server.port, *arguments, **options))

    async def pair(self, codec, **options):
        pair = await VoicePair.join(self.server, f"{self._testMethodName[:50]}-{codec}", codec, **options)
        self.addAsyncCleanup(pair.close)
        return pair


class Stalls(Case):
    # The begin and the length of each, in seconds since the talker began.
    STALLS = ((8, 0.2), (18, 0.2), (28, 2))
    END = 34

    async def hold(self, pair, road):
        for begin, length in self.STALLS:
            await pair.until(begin)
            road.hold(length)
        await pair.until(self.END)

    def assert_recovers(self, pair):
        found = pair.delays()
        for begin, length in self.STALLS:
            before = statistics.median(late for said, late in found if begin - 5 < said < begin - 0.2)
            since = begin + length + LATER
            after = [late for said, late in found if since - 0.5 <= said < since + 2]
            self.assertTrue(after, found)
            self.assertLessEqual(statistics.median(after) - before, ABOVE, (begin, before, found))

    async def test_the_roads_of_talkers_are_held(self):
        roads = {codec: self.road(buffer=BUFFER) for codec in ("pcm16", "opus")}
        pairs = {codec: await self.pair(codec, talker_road=road) for codec, road in roads.items()}
        await asyncio.gather(*(self.hold(pairs[codec], road) for codec, road in roads.items()))
        for codec, pair in pairs.items():
            with self.subTest(codec=codec):
                self.assert_recovers(pair)

    async def test_the_road_of_a_listener_is_held(self):
        road = self.road(buffer=BUFFER)
        pair = await self.pair("pcm16", listener_road=road)
        await self.hold(pair, road)
        self.assert_recovers(pair)
        # The server has thrown old sound away: of the two seconds there is no more than the road's buffers held.
        at, late = pair.listener.mix.lateness()
        begin, length = self.STALLS[-1]
        since = at - pair.talker.began
        self.assertLess(int((late[(since > begin + length - 0.5) & (since < begin + length + 1)] > 0.1).sum()), 60)


class Roads(Case):
    async def test_a_clean_road(self):
        pair = await self.pair("pcm16")
        await pair.until(10)
        late = [late for _, late in pair.delays()]
        self.assertGreater(len(late), 7)
        self.assertLess(statistics.median(late), CLEAN, late)

    async def test_the_buffer_follows_the_jitter_of_a_road(self):
        pair = await self.pair("opus", talker_road=self.road(0.02, jitter=0.04))
        await pair.until(25)
        dropouts = ear.listen(pair.heard(13, 25)).dropouts
        self.assertLess(sum(length for _, length in dropouts), 0.6, dropouts)
        late = [late for said, late in pair.delays() if said > 12]
        self.assertLess(max(late), 0.06 + CLEAN + ABOVE, late)

    async def test_a_road_that_loses_segments(self):
        pair = await self.pair("opus", talker_road=self.road(0.02, jitter=0.01, loss=0.01))
        await pair.until(25)
        late = [late for _, late in pair.delays()]
        # Each lost segment holds the road for a fifth of a second, and the sound behind it is old when it comes.
        self.assertGreater(len(late), 12)
        self.assertLess(statistics.median(late), 0.03 + CLEAN + 0.12, late)
        self.assertLess(max(late), 0.5, late)

    async def test_the_clocks_of_talkers_are_followed(self):
        pairs = {ppm: await self.pair(codec, ppm=ppm) for ppm, codec in ((3000, "pcm16"), (-3000, "opus"))}
        await asyncio.gather(*(pair.until(25) for pair in pairs.values()))
        for ppm, pair in pairs.items():
            with self.subTest(ppm=ppm):
                late = [late for _, late in pair.delays()]
                self.assertLess(abs(np.median(late[-5:]) - np.median(late[3:8])), ABOVE, late)
                dropouts = ear.listen(pair.heard(5, 25)).dropouts
                self.assertLess(sum(length for _, length in dropouts), 0.1, dropouts)
