"""A member of a room over a WebSocket, by the package websockets, which knows nothing of rooms."""

import asyncio
import json

try:
    import websockets
except ImportError:
    websockets = None

from support.waiting import TIMEOUT


class RoomMember:
    """An open socket of a room. `received` holds each message of the server, in order."""

    def __init__(self, socket):
        self._socket = socket
        self.received = []
        self._seen = 0

    @classmethod
    async def connect(cls, server, room, path=None, **options):
        """Opens the socket, and says nothing yet."""
        # The server pings. A client that pings would give up a connection whose messages it has not read yet.
        options = {
            "compression": None, "open_timeout": TIMEOUT, "max_size": None, "ping_interval": None, **options}
        scheme = "wss" if server.certificate else "ws"
        if server.certificate:
            options.setdefault("ssl", server.certificate.context)
        options.setdefault("subprotocols", ["ringcast.room.1"])
        url = f"{scheme}://{server.host}:{server.port}{path or f'/rooms/{room}/socket'}"
        return cls(await websockets.connect(url, **options))

    @classmethod
    async def join(cls, server, room, name=None, options=None, **hello):
        """Opens the socket, says hello, and waits for the welcome, which stands in `welcome`."""
        member = await cls.connect(server, room, **(options or {}))
        await member.send("hello", **({"name": name} if name else {}), **hello)
        member.welcome = await member.wait("welcome")
        return member

    @property
    def id(self):
        return self.welcome["you"]["id"]

    @property
    def session(self):
        return self.welcome["you"]["session"]

    @property
    def subprotocol(self):
        return self._socket.subprotocol

    async def send(self, type, **fields):
        # As a page writes JSON: a character beyond ASCII is no escape.
        await self._socket.send(json.dumps({"type": type, **fields}, ensure_ascii=False))

    async def send_raw(self, data):
        await self._socket.send(data)

    async def next(self, seconds=TIMEOUT):
        """The next message, as an object."""
        message = json.loads(await asyncio.wait_for(self._socket.recv(), seconds))
        self.received.append(message)
        return message

    async def wait(self, type, condition=lambda message: True, seconds=TIMEOUT):
        """The first message of a type that fulfils the condition; the messages before it are passed over. An error that
        nobody waits for fails the test."""
        async def look():
            while True:
                message = await self.next(seconds)
                if message["type"] == type and condition(message):
                    return message
                if message["type"] == "error":
                    raise AssertionError(f"while waiting for {type}: {message}")
        return await asyncio.wait_for(look(), seconds)

    async def wait_error(self, seconds=TIMEOUT):
        """The next error."""
        async def look():
            while True:
                message = await self.next(seconds)
                if message["type"] == "error":
                    return message
        return await asyncio.wait_for(look(), seconds)

    async def wait_members(self, condition, seconds=TIMEOUT):
        """The members by name, once they fulfil the condition. A member that the condition names may still come."""
        def holds(members):
            try:
                return condition(members)
            except KeyError:
                return False
        members = {member["id"]: member for member in self.welcome["members"]}
        for message in self.received:
            self._apply(message, members)
        async def look():
            while not holds({member["name"]: member for member in members.values()}):
                self._apply(await self.next(seconds), members)
            return {member["name"]: member for member in members.values()}
        return await asyncio.wait_for(look(), seconds)

    @staticmethod
    def _apply(message, members):
        if message["type"] != "members":
            return
        for member in message.get("joined", []) + message.get("changed", []):
            members[member["id"]] = member
        for id in message.get("left", []):
            members.pop(id, None)

    async def closed(self, seconds=TIMEOUT):
        """The code and the reason with which the server closes; the messages before are in `received`."""
        try:
            while True:
                await self.next(seconds)
        except websockets.ConnectionClosed as end:
            return (end.rcvd.code, end.rcvd.reason) if end.rcvd else (1006, "")

    async def break_road(self):
        """Ends the connection without a word."""
        self._socket.transport.abort()
        await self._socket.wait_closed()

    async def close(self):
        await self._socket.close()
