"""A room full of simulated talkers, and the tones that each of them hears."""

import asyncio
import time
import unittest

from support.clients.room_member import websockets
from support.clients.talker import Talker, tone
from support.sound import spectrum

# The time in which a mixer takes notice of a talker who comes, goes, or changes, in seconds.
SETTLING = 1


class VoiceRoom:
    """`members` holds the members by name, in the order in which they came. `server` is where members join by
    default."""

    def __init__(self, server, name="studio"):
        if websockets is None:
            raise unittest.SkipTest("python3-websockets is not installed")
        self.server, self.name, self.members = server, name, {}

    async def join(self, name, hertz=None, codec="pcm16", road=None, **hello):
        """A member comes in, and sends a tone if `hertz` is given. `codec` is the form in both directions unless
        `sound` names another one for the mix."""
        member = await Talker.join(road or self.server, self.name, name, **{"sound": codec, **hello})
        self.members[name] = member
        if hertz:
            member.talk(tone(hertz), codec)
        return member

    async def operator(self, name="Host", **hello):
        return await self.join(name, token=self.server.operator_token, **hello)

    async def leave(self, name):
        await self.members.pop(name).close()

    async def close(self):
        await asyncio.gather(*(member.close() for member in self.members.values()))

    async def sounds(self, *names, seconds=1):
        """{name: the mix of the next seconds} of these members, or of all."""
        begin = time.monotonic()
        await asyncio.sleep(seconds)
        end = time.monotonic()
        return {name: self.members[name].mix.sound(begin, end) for name in names or self.members}

    async def heard(self, *names, settling=SETTLING):
        """{name: the tones in his mix} of these members, or of all, once the room has settled."""
        await asyncio.sleep(settling)
        return {name: spectrum.heard(sound) for name, sound in (await self.sounds(*names)).items()}
