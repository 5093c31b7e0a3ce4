"""Clients that misuse HTTP/2, and the listeners beside them."""

import time
import unittest

from support.clients.http2_client import ENHANCE_YOUR_CALM, FIRST_WINDOW, HTTP2Client
from support.clients.radio import Radio
from support.formats.metrics import Metrics
from support.machine.certificate import Certificate
from support.server import Server
from support.waiting import TIMEOUT, wait_until

FLAGS = ["--source", "tone", "--segment-length", "0.5", "--part-length", "0.1"]
CANCEL = 8
# Types of frames (RFC 9113 §6), and a type that nobody knows.
DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PING, WINDOW_UPDATE, CONTINUATION = 0, 1, 2, 3, 4, 6, 8, 9
UNKNOWN = 0xFA


def resets(client):
    for _ in range(300):
        stream, head = client.head("/live.mp3")
        yield head + client.frame(RST_STREAM, stream, CANCEL.to_bytes(4, "big"))


def continuations(client):
    yield client.frame(HEADERS, 1, b"\x82")
    for _ in range(100):
        yield client.frame(CONTINUATION, 1, b"\x84")


def settings(client):
    return [client.frame(SETTINGS)] * 1000


def pings(client):
    return [client.frame(PING, payload=bytes(8))] * 1000


def empty_frames(client):
    stream, head = client.head("/live/metadata", "PUT", ends=False)
    return [head] + [client.frame(DATA, stream)] * 1000


def priorities(client):
    return [client.frame(PRIORITY, 1, bytes([0, 0, 0, 0, 16]))] * 1000


def window_updates(client):
    # The window of a stream: that of the connection is the largest already.
    stream, head = client.head("/live/metadata", "PUT", ends=False)
    return [head] + [client.frame(WINDOW_UPDATE, stream, (1).to_bytes(4, "big"))] * 2000


def other_frames(client):
    return [client.frame(UNKNOWN, payload=b"x")] * 1000


def header_bomb(client):
    # RFC 7541 §6.2.1: a field of 3900 octets enters the dynamic table. §6.1: the field again, in one octet each time.
    block = b"\x40\x01x\x7f" + bytes([(3900 - 127) & 0x7F | 0x80, (3900 - 127) >> 7]) + b"a" * 3900
    yield client.frame(HEADERS, 1, b"\x82\x87\x84" + block + b"\xbe" * 5000, flags=0x5)


def violation(client):
    # RFC 9113 §6.1: DATA must belong to a stream.
    yield client.frame(DATA, 0, b"x")


# The kinds of the metric, and the code of GOAWAY.
ABUSES = {
    "resets": (resets, ENHANCE_YOUR_CALM), "continuations": (continuations, ENHANCE_YOUR_CALM),
    "settings": (settings, ENHANCE_YOUR_CALM), "pings": (pings, ENHANCE_YOUR_CALM),
    "emptyFrames": (empty_frames, ENHANCE_YOUR_CALM), "priorities": (priorities, ENHANCE_YOUR_CALM),
    "windowUpdates": (window_updates, ENHANCE_YOUR_CALM), "otherFrames": (other_frames, ENHANCE_YOUR_CALM),
    "headerBomb": (header_bomb, ENHANCE_YOUR_CALM), "violation": (violation, 1),
}
# The kinds of the metric: those above, queue and memory.
KINDS = len(ABUSES) + 2
# Connections that misuse HTTP/2 in the same way at the same time.
CLIENTS = 5


def abuses(server):
    """The number of connections that were ended, for each kind."""
    return [value for name, value in Metrics(server).items() if name.startswith("ringcast_http2_abuses_total")]


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.certificate = cls.enterClassContext(Certificate())

    def serve(self, *flags):
        server = self.enterContext(Server(*FLAGS, *flags, certificate=self.certificate))
        server.wait_playlist()
        return server

    def connect(self, server, **options):
        return self.enterContext(HTTP2Client(server, **options))


class Floods(Case):
    def test_each_ends_its_connection_and_is_counted_and_others_are_served(self):
        server = self.serve("--log-level", "debug")
        radio = self.enterContext(Radio(server))
        listener = self.connect(server)
        endless = listener.request("/live.mp3")
        for kind, (flood, code) in ABUSES.items():
            with self.subTest(kind):
                clients = [self.connect(server, window=FIRST_WINDOW) for _ in range(CLIENTS)]
                for client in clients:
                    client.send(b"".join(flood(client)))
                count = len(endless.body)
                listener.wait(lambda: len(endless.body) > count + 4000, "sound during the flood")
                self.assertEqual(listener.get("/live.json").status, 200)
                for client in clients:
                    client.wait_end()
                    self.assertEqual(client.goaway, code)
                sample = f'ringcast_http2_abuses_total{{kind="{kind}"}}'
                self.assertEqual(Metrics(server)[sample], CLIENTS)
                server.wait_log(f"debug: http: an HTTP/2 connection ends: {kind}")
        self.assertEqual(sum(abuses(server)), CLIENTS * len(ABUSES))
        self.assertFalse(radio.ended or endless.is_over)
        radio.wait(2)

    def test_a_client_that_misuses_nothing_is_not_counted(self):
        server = self.serve()
        client = self.connect(server)
        for _ in range(150):
            self.assertEqual(client.get("/live.json").status, 200)
        for _ in range(20):
            client.reset(client.request("/live.mp3"))
        self.assertEqual(client.get("/live.json").status, 200)
        counted = abuses(server)
        self.assertEqual((len(counted), sum(counted)), (KINDS, 0))


class Deadlines(Case):
    def test_a_client_that_only_pings_is_no_longer_connected_after_the_idle_timeout(self):
        server = self.serve("--idle-timeout", 1)
        client = self.connect(server)
        self.assertEqual(client.get("/live.json").status, 200)
        end = time.monotonic() + TIMEOUT
        while not client.ended and time.monotonic() < end:
            client.send(client.frame(PING, payload=bytes(8)))
            # Each ping is answered at once, and more than four a second would be a flood.
            time.sleep(0.3)
            client.receive(TIMEOUT)
        self.assertTrue(client.ended)
        self.assertEqual(sum(abuses(server)), 0)

    def test_a_client_without_a_request_is_no_longer_connected_after_the_header_timeout(self):
        server = self.serve("--header-timeout", 1)
        client = self.connect(server)
        client.wait_end()
        self.assertEqual(Metrics(server)['ringcast_http_timeouts_total{at="request"}'], 1)


class Windows(Case):
    """Clients that request much, and take nothing."""

    def test_answers_that_are_not_taken_cost_no_memory_and_are_given_up(self):
        server = self.serve("--idle-timeout", 1, "--bitrate", 320)
        uri = f"/{server.playlist().entries[-1].uri}"
        clients = [self.connect(server, window=0) for _ in range(20)]
        before = Metrics(server)["process_resident_memory_bytes"]
        answers = []
        for client in clients:
            heads = [client.head(uri) for _ in range(50)]
            client.send(b"".join(data for _, data in heads))
            answers.append([client.answers[stream] for stream, _ in heads])
            client.wait(lambda: all(answer.status for answer in client.answers.values()), "the heads of the answers")
        # A thousand segments of 20 kB would be 20 MB.
        self.assertLess(Metrics(server)["process_resident_memory_bytes"] - before, 10_000_000)
        for client in clients:
            client.wait(lambda: all(answer.is_over for answer in client.answers.values()), "the end of the streams")
            self.assertEqual({answer.error for answer in client.answers.values()}, {CANCEL})
            self.assertEqual({answer.body for answer in client.answers.values()}, {b""})
        self.assertGreaterEqual(Metrics(server)['ringcast_http_timeouts_total{at="answer"}'], 1000)

    def test_a_listener_of_the_endless_stream_that_takes_nothing_is_dropped(self):
        server = self.serve("--burst", 0, "--max-lag", 1)
        client = self.connect(server, window=0)
        endless = client.request("/live.mp3")
        client.wait(lambda: endless.is_over, "the end of the stream")
        self.assertEqual((endless.error, endless.body), (CANCEL, b""))
        self.assertEqual(client.get("/live.json", method="HEAD").status, 200)
        wait_until(lambda: Metrics(server)["ringcast_listeners_dropped_total"] == 1, TIMEOUT, "the listener is counted")

    def test_a_window_that_opens_slowly_delays_only_its_own_stream(self):
        server = self.serve()
        client, listener = self.connect(server, window=0), self.connect(server)
        uri = f"/{server.playlist().entries[-1].uri}"
        stream, head = client.head(uri)
        client.send(head)
        slow, whole = client.answers[stream], listener.get(uri).body
        while len(slow.body) < len(whole):
            count = min(1000, len(whole) - len(slow.body))
            end = len(slow.body) + count
            client.send(client.window_update(stream, count))
            client.wait(lambda: len(slow.body) == end, "as many bytes as the window allows")
            self.assertEqual(listener.get("/live.json").status, 200)
        self.assertEqual(client.whole(slow).body, whole)


if __name__ == "__main__":
    unittest.main()
