"""Clients that misuse the server, and the listeners beside them."""

import contextlib
import http.client
import resource
import socket
import unittest

from support.clients.segment_collector import SegmentCollector
from support.formats import hls, mp3
from support.server import Server
from support.waiting import TIMEOUT, wait_until

FLAGS = ["--source", "tone", "--segment-length", "0.5"]


class Clients(unittest.TestCase):
    def server(self, *flags):
        server = self.enterContext(Server(*FLAGS, *flags))
        server.wait_playlist()
        return server

    def connect(self, server, source="127.0.0.1"):
        return self.enterContext(
            socket.create_connection((server.host, server.port), timeout=TIMEOUT, source_address=(source, 0)))

    def ask(self, client, path="/live.m3u8"):
        """The status and the content of one request on a persistent connection; (None, b"") if the server closes it."""
        with contextlib.suppress(ConnectionError):
            client.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            response = http.client.HTTPResponse(client)
            response.begin()
            return response.status, response.read()
        return None, b""

    def get(self, client):
        return self.ask(client)[0]

    def listener(self, server):
        """A connected client. Connects again if refused, because the server may not have noticed yet that another
        client left."""
        def connected():
            client = self.connect(server)
            if self.get(client) == 200:
                return client
            client.close()
        return wait_until(connected, TIMEOUT, lambda: f"a free connection\n{server.log}")

    def test_request_heads_that_never_end_are_timed_out(self):
        server = self.server("--header-timeout", 1)
        slow = [self.connect(server) for _ in range(200)]
        collector, closed = SegmentCollector(server), 0
        for client in slow:
            client.setblocking(False)
            # The timeout of the first client may end before the last client has connected.
            with contextlib.suppress(ConnectionError):
                client.send(b"GET / HTTP/1.1\r\n")

        def all_closed(collector):
            nonlocal closed
            for client in list(slow):
                try:
                    client.send(b"X")
                    if client.recv(1) == b"":
                        raise ConnectionError
                except BlockingIOError:
                    pass
                except ConnectionError:
                    slow.remove(client)
                    closed += 1
            return closed == 200 and len(collector.segments) > 6
        collector.follow(all_closed)
        self.assertEqual(len(collector.parsed()), len(collector.segments))

    def test_a_server_that_is_full_says_so_and_plays_on(self):
        server = self.server("--max-listeners", 2)
        listeners = [self.listener(server) for _ in range(2)]
        response = server.request("/")
        self.assertEqual((response.status, response.headers["Retry-After"]), (503, "10"))
        self.assertEqual([self.get(client) for client in listeners], [200, 200])
        server.wait_log("warning: http: full with 2 connections, --max-listeners")
        listeners.pop().close()
        self.listener(server)

    def test_connections_of_one_address_are_limited_except_from_this_machine(self):
        server = self.server("--max-per-address", 2)
        greedy = [self.connect(server, "127.0.0.9") for _ in range(4)]
        self.assertEqual([self.get(client) for client in greedy], [200, 200, None, None])
        server.wait_log("--max-per-address; closed 1 more, the last from 127.0.0.9")
        self.assertEqual(self.get(self.connect(server, "127.0.0.8")), 200)
        self.assertEqual({self.get(self.connect(server)) for _ in range(5)}, {200})

    def test_a_head_has_at_most_64_kB_and_a_longer_one_is_told_the_limit(self):
        server = self.server()
        for length, status in [(8000, 404), (65_000, 404), (70_000, 414)]:
            with self.subTest(length=length):
                self.assertEqual(server.request(f"/{length * 'a'}").status, status)
        refusal = server.request("/live.m3u8", headers={"Cookie": 70_000 * "a"})
        self.assertEqual(refusal.status, 431)
        self.assertIn(b"at most 65536 bytes", refusal.body)

    def test_a_browser_with_16_kB_of_cookies_hears_the_stream(self):
        server = self.server()
        cookies = "; ".join(f"{number}={400 * 'a'}" for number in range(40))
        playlist = server.request("/live.m3u8", headers={"Cookie": cookies})
        self.assertEqual(playlist.status, 200)
        sequence = hls.read(playlist.body).last
        segment = server.request(f"/live/{sequence}.mp3", headers={"Cookie": cookies})
        self.assertEqual((segment.status, segment.body), (200, server.get(f"/live/{sequence}.mp3")))

    def test_request_memory_is_accepted_without_effect_and_the_log_says_so(self):
        server = self.server("--request-memory", 6144)
        self.assertEqual(server.request(f"/{8000 * 'a'}").status, 404)
        server.wait_log("info: --request-memory has no effect")

    def test_without_free_descriptors_listeners_play_on_and_new_clients_wait(self):
        server = self.server()
        listener = self.connect(server)
        last, pid = hls.read(self.ask(listener)[1]).last, server.process.pid
        before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
        # The lowest descriptors are in use, so that none is left.
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (3, before[1]))
        waiting = [self.connect(server) for _ in range(3)]
        for client in waiting:
            client.sendall(b"GET /live.m3u8 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        server.wait_log("error: http: no further connections .*Too many open files")
        server.wait_log("error: disk: .*Too many open files")
        for sequence in range(last + 1, last + 6):
            status, body = self.ask(listener, f"/live/{sequence}.mp3")
            self.assertEqual(status, 200)
            mp3.segment(body)
        resource.prlimit(pid, resource.RLIMIT_NOFILE, before)
        for client in waiting:
            self.assertTrue(client.recv(100).startswith(b"HTTP/1.1 200 "))
        server.wait_log("info: http: connections are accepted again")
        # The server logs the recovery after ten seconds without an error.
        server.wait_log("info: disk: .* is written again")
        self.assertEqual(server.log.count("Too many open files"), 2, server.log)


if __name__ == "__main__":
    unittest.main()
