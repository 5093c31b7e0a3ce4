"""WebSockets with foreign clients: the Python packages websockets and wsproto, and sockets alone."""

import asyncio
import http.client
import os
import random
import socket
import struct
import time
import unittest

try:
    import websockets
except ImportError:
    websockets = None
try:
    import wsproto
    from wsproto import events
except ImportError:
    wsproto = None

from support.clients.echo_server import EchoServer
from support.machine.certificate import Certificate
from support.waiting import TIMEOUT


class Echoing(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = EchoServer()
        cls.addClassCleanup(cls.server.close)


class WebSockets(unittest.IsolatedAsyncioTestCase):
    """The client of the package websockets."""

    @classmethod
    def setUpClass(cls):
        if websockets is None:
            raise unittest.SkipTest("python3-websockets is not installed")
        cls.server = cls.serve()
        cls.addClassCleanup(cls.server.close)

    @classmethod
    def serve(cls):
        return EchoServer()

    def connect(self, path="/", **options):
        options = {"compression": None, "max_size": None, "open_timeout": TIMEOUT, **options}
        return websockets.connect(self.server.url(path), **options)

    async def test_messages_come_back(self):
        async with self.connect() as client:
            for message in ["", "a", "κόσμε 😀", "x" * 70_000, b"", b"\0\xff", os.urandom(5_000_000)]:
                await client.send(message)
                self.assertEqual(await client.recv(), message)

    async def test_fragments_are_one_message(self):
        async with self.connect() as client:
            await client.send(["κό", "", "σμε"])
            self.assertEqual(await client.recv(), "κόσμε")

    async def test_a_ping_is_answered(self):
        async with self.connect() as client:
            await asyncio.wait_for(await client.ping(b"hello"), TIMEOUT)

    async def test_no_compression_is_agreed(self):
        async with self.connect(compression="deflate") as client:
            self.assertEqual(client.extensions, [])
            await client.send("a")
            self.assertEqual(await client.recv(), "a")

    async def test_the_first_subprotocol_that_both_know_is_chosen(self):
        for offered, chosen in [(["echo.2", "echo.1"], "echo.2"), (["x", "echo.1"], "echo.1"), (["x"], None)]:
            with self.subTest(offered):
                async with self.connect(subprotocols=offered) as client:
                    self.assertEqual(client.subprotocol, chosen)

    async def closed(self, client):
        """The code and the reason with which the server closes."""
        with self.assertRaises(websockets.ConnectionClosed) as raised:
            while True:
                await asyncio.wait_for(client.recv(), TIMEOUT)
        return raised.exception.rcvd.code, raised.exception.rcvd.reason

    async def test_the_server_closes_after_its_messages(self):
        async with self.connect() as client:
            await client.send("last")
            await client.send("!close 4321 good bye")
            self.assertEqual(await client.recv(), "last")
            self.assertEqual(await self.closed(client), (4321, "good bye"))

    async def test_the_server_answers_a_close_and_hears_of_it(self):
        client = await self.connect("/small")
        await client.close(4001, "enough")
        self.assertEqual((client.close_code, client.close_reason), (4001, ""))
        async with self.connect() as other:
            await other.send("!closed")
            self.assertEqual(await other.recv(), "4001 enough")

    async def test_a_message_over_the_limit_is_refused(self):
        async with self.connect("/small") as client:
            await client.send("x" * 1000)
            self.assertEqual(len(await client.recv()), 1000)
            await client.send("x" * 1001)
            self.assertEqual(await self.closed(client), (1009, "the message has more than 1000 bytes"))

    async def test_idle_clients_are_pinged_and_stay(self):
        async with self.connect("/pings") as client:
            # Twice as long as a silent client may stay.
            await asyncio.sleep(6)
            await client.send("still here")
            self.assertEqual(await client.recv(), "still here")

    async def test_a_slow_client_misses_the_oldest_messages(self):
        # The backlog has ten messages, and the buffers of both sockets hold some megabytes at most.
        async with self.connect("/small", max_queue=1, read_limit=1 << 12) as client:
            for _ in range(10):
                await client.send("!levels 200 90000")
            await client.send("end")
            numbers = []
            while True:
                message = await asyncio.wait_for(client.recv(), TIMEOUT)
                if message == "end":
                    break
                numbers.append(int(message.split()[0]))
            self.assertLess(len(numbers), 10 * 200)
            self.assertEqual(numbers[-1], 200)

    async def test_a_slow_client_that_must_miss_nothing_is_disconnected(self):
        async with self.connect("/small", max_queue=1, read_limit=1 << 12) as client:
            await client.send("!orders 1000 90000")
            self.assertEqual(await self.closed(client), (1008, "the messages are taken too slowly"))


class WebSocketsOverTLS(WebSockets):
    """The same over TLS."""

    @classmethod
    def serve(cls):
        cls.certificate = Certificate()
        cls.addClassCleanup(cls.certificate.__exit__)
        return EchoServer(cls.certificate)

    def connect(self, path="/", **options):
        return super().connect(path, ssl=self.certificate.context, **options)


class WSProto(Echoing):
    """The client of the package wsproto, which leaves the socket to the test."""

    @classmethod
    def setUpClass(cls):
        if wsproto is None:
            raise unittest.SkipTest("python3-wsproto is not installed")
        super().setUpClass()

    def setUp(self):
        self.socket = socket.create_connection(self.server.address, TIMEOUT)
        self.addCleanup(self.socket.close)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.client = wsproto.WSConnection(wsproto.ConnectionType.CLIENT)
        self.pending = []
        self.socket.sendall(self.client.send(events.Request(host="localhost", target="/")))
        self.assertIsInstance(self.next(), events.AcceptConnection)

    def next(self):
        """The next event; an empty read is the end of the connection."""
        while not self.pending:
            data = self.socket.recv(65536)
            self.client.receive_data(data or None)
            self.pending += self.client.events()
        return self.pending.pop(0)

    def message(self):
        """The next complete message."""
        parts = []
        while True:
            event = self.next()
            parts.append(event.data)
            if event.message_finished:
                return "".join(parts) if isinstance(event, events.TextMessage) else b"".join(parts)

    def test_bytes_that_come_one_by_one(self):
        frames = self.client.send(events.Message("κό", message_finished=False)) + self.client.send(
            events.Ping(b"between")) + self.client.send(events.Message("σμε"))
        for octet in frames:
            self.socket.sendall(bytes([octet]))
        self.assertEqual(self.next(), events.Pong(bytearray(b"between")))
        self.assertEqual(self.message(), "κόσμε")

    def test_messages_in_random_pieces(self):
        chance = random.Random(6455)
        messages = [chance.randbytes(chance.choice([0, 1, 125, 126, 4000, 65535, 65536])) for _ in range(60)]
        data = b"".join(self.client.send(events.BytesMessage(message)) for message in messages)
        received = []
        while data:
            count = chance.choice([1, 2, 7, 500, 3000, 50_000])
            self.socket.sendall(data[:count])
            data = data[count:]
        while len(received) < len(messages):
            received.append(self.message())
        self.assertEqual(received, messages)

    def test_the_closing_handshake(self):
        self.socket.sendall(self.client.send(events.CloseConnection(1000, "done")))
        event = self.next()
        self.assertEqual((type(event), event.code), (events.CloseConnection, 1000))
        self.assertEqual(self.socket.recv(1), b"")

    def test_the_server_closes(self):
        self.socket.sendall(self.client.send(events.Message("!close 4000 why")))
        event = self.next()
        self.assertEqual((event.code, event.reason), (4000, "why"))
        self.socket.sendall(self.client.send(event.response()))
        self.assertEqual(self.socket.recv(1), b"")


class Sockets(Echoing):
    """Requests and frames made by hand."""

    FIELDS = {
        "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}

    def ask(self, path="/", **changed):
        """The answer to a handshake with other fields; the value None leaves a field out."""
        fields = {**self.FIELDS, **{name.replace("_", "-"): value for name, value in changed.items()}}
        connection = http.client.HTTPConnection(*self.server.address, timeout=TIMEOUT)
        self.addCleanup(connection.close)
        connection.request("GET", path, headers={name: value for name, value in fields.items() if value is not None})
        return connection.getresponse()

    def open(self, path="/", **options):
        client = socket.create_connection(self.server.address, TIMEOUT)
        self.addCleanup(client.close)
        lines = [f"GET {path} HTTP/1.1", "Host: localhost", *(f"{name}: {value}" for name, value in self.FIELDS.items())]
        client.sendall("\r\n".join([*lines, "", ""]).encode() + options.get("after", b""))
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += client.recv(1)
        self.assertTrue(head.startswith(b"HTTP/1.1 101 "), head)
        return client

    def test_the_handshake(self):
        answer = self.ask()
        self.assertEqual(answer.status, 101)
        # RFC 6455 §1.3.
        self.assertEqual(answer.headers["Sec-WebSocket-Accept"], "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        self.assertEqual(answer.headers["Upgrade"], "websocket")

    def test_a_handshake_that_is_wrong_is_refused_with_one_line(self):
        for changed, status in [
            ({"Upgrade": None}, 426), ({"Connection": "close"}, 426), ({"Sec_WebSocket_Version": "8"}, 426),
            ({"Sec_WebSocket_Key": None}, 400), ({"Sec_WebSocket_Key": "short"}, 400),
        ]:
            with self.subTest(changed):
                answer = self.ask(**changed)
                self.assertEqual(answer.status, status)
                self.assertEqual(answer.read().count(b"\n"), 1)
                self.assertEqual(answer.headers["Sec-WebSocket-Version"], "13" if status == 426 else None)
        self.assertEqual(self.ask("/none").status, 404)

    def frame(self, start, payload):
        return bytes([start, 0x80 | len(payload)]) + bytes(4) + payload

    def received(self, client, count):
        data = b""
        while len(data) < count:
            piece = client.recv(count - len(data))
            self.assertTrue(piece, data)
            data += piece
        return data

    def test_a_frame_in_the_packet_of_the_handshake_is_read(self):
        client = self.open(after=self.frame(0x81, b"early"))
        self.assertEqual(self.received(client, 7), b"\x81\x05early")

    def test_a_violation_is_answered_with_a_close_and_the_end(self):
        for bad, code in [
            (b"\x81\x00", 1002), (self.frame(0xC1, b"a"), 1002), (self.frame(0x80, b"a"), 1002),
            (self.frame(0x81, b"\xed\xa0\x80"), 1007), (self.frame(0x88, struct.pack(">H", 1005)), 1002),
        ]:
            with self.subTest(bad):
                client = self.open()
                client.sendall(bad)
                self.assertEqual(self.received(client, 4)[2:], struct.pack(">H", code))
                while client.recv(4096):
                    pass

    def test_a_silent_client_is_pinged_and_given_up(self):
        client = self.open("/pings")
        self.assertEqual(self.received(client, 2), b"\x89\x00")
        data = b""
        while piece := client.recv(4096):
            data += piece
        self.assertEqual(data.replace(b"\x89\x00", b""), b"\x88\x15" + struct.pack(">H", 1011) + b"no answer to a ping")

    def test_a_client_that_does_not_answer_a_close_is_given_up(self):
        client = self.open("/small")
        client.sendall(self.frame(0x81, b"!close 4000 x"))
        self.assertEqual(self.received(client, 5), b"\x88\x03" + struct.pack(">H", 4000) + b"x")
        began = time.monotonic()
        self.assertEqual(client.recv(1), b"")
        self.assertLess(time.monotonic() - began, TIMEOUT / 2)
