"""/metrics, checked by Prometheus' tool and a strict reader; and the count of listeners."""

import contextlib
import tempfile
import time
import unittest
from pathlib import Path

from support import processes
from support.formats.metrics import Metrics
from support.server import Server
from support.sound.soundcard import SoundCard
from support.waiting import TIMEOUT, wait_until

FLAGS = ["--source", "tone", "--segment-length", "0.5", "--part-length", "0.1"]


def serve(test, *flags, **options):
    """A server with some segments, and without any request for them."""
    server = test.enterContext(Server(*FLAGS, *flags, **options))
    wait_until(lambda: Metrics(server)["ringcast_ring_segments"] >= 3, TIMEOUT, "three segments")
    return server


class Format(unittest.TestCase):
    def test_promtool_accepts_the_metrics(self):
        server = serve(self)
        for path in ("/live.m3u8", "/live.json", "/missing"):
            server.request(path)
        result = processes.run(["promtool", "check", "metrics"], input=server.operator_get("/metrics"))
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, b"", b""))
        self.assertEqual(
            server.request("/metrics", headers=server.operator_headers).headers["Content-Type"],
            "text/plain; version=0.0.4; charset=utf-8")

    def test_it_is_for_operators(self):
        server = serve(self)
        self.assertEqual(server.request("/metrics", headers={"Host": "radio.example"}).status, 403)
        self.assertEqual(server.request("/metrics").status, 401)
        server = self.enterContext(Server(*FLAGS, "--admin-token", "open-sesame"))
        self.assertEqual(server.request("/metrics").status, 401)
        self.assertEqual(server.request("/metrics", headers={"Authorization": "Bearer open-sesame"}).status, 200)


class Figures(unittest.TestCase):
    def test_the_metrics_agree_with_the_events(self):
        server = serve(self)
        sent = len(server.get(f"/{server.playlist().entries[-1].uri}"))
        server.request("/missing")
        # An answer is counted after its last byte.
        metrics = wait_until(
            lambda: (now := Metrics(server))['ringcast_http_requests_total{code="404"}'] == 1
            and now["ringcast_http_sent_bytes_total"] > sent and now, 5, "the answers are counted")
        self.assertEqual(metrics['ringcast_source_info{kind="tone"}'], 1)
        self.assertEqual((metrics["ringcast_source_up"], metrics["ringcast_disk_up"]), (1, 1))
        self.assertEqual(metrics["ringcast_disk_errors_total"], 0)
        entries = server.playlist().entries
        metrics = Metrics(server)
        self.assertGreaterEqual(metrics["ringcast_ring_last_sequence"], entries[-1].sequence)
        self.assertEqual(
            metrics["ringcast_ring_last_sequence"] - metrics["ringcast_ring_first_sequence"] + 1,
            metrics["ringcast_ring_segments"])
        self.assertLess(metrics["ringcast_encoding_seconds_total"], metrics["ringcast_encoded_sound_seconds_total"])
        # Each chunk was published after a latency above zero and below two seconds.
        count = metrics["ringcast_publish_latency_seconds_count"]
        self.assertGreater(count, 10)
        self.assertGreater(metrics["ringcast_publish_latency_seconds_sum"], 0)
        self.assertEqual(metrics['ringcast_publish_latency_seconds_bucket{le="2"}'], count)
        self.assertEqual(metrics['ringcast_publish_latency_seconds_bucket{le="0.01"}'], 0)
        with open(f"/proc/{server.process.pid}/statm") as statm:
            pages = int(statm.read().split()[1])
        self.assertAlmostEqual(metrics["process_resident_memory_bytes"] / (4096 * pages), 1, delta=0.2)
        open_files = len(list(Path(f"/proc/{server.process.pid}/fd").iterdir()))
        self.assertAlmostEqual(metrics["process_open_fds"], open_files, delta=3)
        levels = [value for name, value in metrics.items() if name.startswith("ringcast_level_")]
        self.assertTrue(len(levels) in (0, 4) and all(-120 <= level <= 0 for level in levels))

    def test_a_disk_that_fails_shows(self):
        with tempfile.TemporaryDirectory() as folder:
            # A file has the name of the stream's folder.
            (Path(folder) / "live").write_text("")
            server = self.enterContext(Server(*FLAGS, sound=folder))
            wait_until(lambda: Metrics(server)["ringcast_disk_errors_total"] >= 1, TIMEOUT, "an error is counted")
            self.assertEqual(Metrics(server)["ringcast_disk_up"], 0)

    def test_clients_that_are_refused_or_too_slow_show(self):
        server = serve(self, "--max-listeners", 2, "--header-timeout", 1)
        clients = [server.connect(5) for _ in range(2)]
        for client in clients:
            self.addCleanup(client.close)
            client.connect()
        self.assertEqual(server.request("/live.json").status, 503)
        # The silent clients are timed out. Then the server accepts the request.
        def look():
            with contextlib.suppress(AssertionError):  # The server is still full.
                return Metrics(server)
        metrics = wait_until(look, TIMEOUT, "a free connection")
        self.assertEqual(metrics['ringcast_http_timeouts_total{at="request"}'], 2)
        self.assertGreaterEqual(metrics['ringcast_http_connections_refused_total{limit="listeners"}'], 1)


class Device(unittest.TestCase):
    def test_a_device_that_goes_and_comes_back_shows(self):
        card = self.enterContext(SoundCard())
        server = self.enterContext(Server("--source", "alsa", "--segment-length", "0.5", environment=card.environment))
        wait_until(
            lambda: Metrics(server).get("ringcast_encoded_sound_seconds_total", 0) > 1, TIMEOUT, "sound")
        card.unplug()
        away = wait_until(
            lambda: (now := Metrics(server))["ringcast_source_up"] == 0
            and now["ringcast_source_filled_seconds_total"] > 1 and now, 15, "the device is gone")
        self.assertEqual(away["ringcast_source_restarts_total"], 0)
        card.plug()
        back = wait_until(lambda: (now := Metrics(server))["ringcast_source_up"] == 1 and now, 15, "the device is back")
        self.assertEqual(back["ringcast_source_restarts_total"], 1)
        self.assertGreaterEqual(
            back["ringcast_source_filled_seconds_total"], away["ringcast_source_filled_seconds_total"])


class Listeners(unittest.TestCase):
    """The count of listeners without a page. A listener counts for fifteen seconds after its last request."""

    def setUp(self):
        self.server = serve(self)

    @property
    def listeners(self):
        return Metrics(self.server).listeners

    def connect(self):
        connection = self.server.connect(10)
        self.addCleanup(connection.close)
        return connection

    def ask(self, connection, path, headers={}):
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        response.read()
        self.assertEqual(response.status, 200)

    def wait(self, listeners, seconds=5):
        wait_until(lambda: self.listeners == listeners, seconds, lambda: f"{listeners}, not {self.listeners}")

    def test_a_curl_loop_is_one_listener_and_leaves_a_while_after_the_last_round(self):
        for _ in range(5):
            processes.run(["curl", "-sSf", "-o", "/dev/null", f"{self.server.url}live.m3u8"], check=True)
            # The next request comes when the server has noticed that this connection is closed.
            wait_until(
                lambda: Metrics(self.server)["ringcast_http_connections"] == 1, TIMEOUT, "only this test is connected")
            self.assertEqual(self.listeners, [1, 0, 0, 0])
        # A request for a listed segment on another connection does not add a listener.
        self.server.get(f"/live/{int(Metrics(self.server)['ringcast_ring_last_sequence'])}.mp3")
        self.assertEqual(self.listeners, [1, 0, 0, 0])
        began = time.monotonic()
        self.wait([0, 0, 0, 0], 25)
        self.assertGreater(time.monotonic() - began, 10)
        self.assertEqual(Metrics(self.server)["ringcast_sessions_total"], 1)

    def test_two_players_behind_one_address_are_two(self):
        players = [self.connect() for _ in range(2)]
        for _ in range(3):
            for player in players:
                self.ask(player, "/live.m3u8")
        self.assertEqual(self.listeners, [2, 0, 0, 0])

    def test_a_session_is_one_by_however_many_connections(self):
        sequence = int(Metrics(self.server)["ringcast_ring_last_sequence"])
        for path in ("/live.json", "/live-ll.m3u8", f"/live/{sequence}.mp3", f"/live/{sequence - 1}.mp3"):
            self.ask(self.connect(), path, {"Ringcast-Session": "0123456789"})
            self.ask(self.connect(), f"{path}?session=0123456789")
        self.assertEqual(self.listeners, [1, 0, 0, 0])
        self.ask(self.connect(), "/live.m3u8?session=another-one")
        self.assertEqual(self.listeners, [2, 0, 0, 0])

    def test_the_playlist_is_the_same_for_every_session_so_that_caches_may_share_it(self):
        def body(query):
            return self.server.request(f"/live.m3u8{query}")
        wait_until(lambda: body("").body == body("?session=0123456789").body, TIMEOUT, "the same playlist")

    def test_a_low_latency_player_and_a_reader_of_growing_segments_are_counted(self):
        sequence = int(Metrics(self.server)["ringcast_ring_last_sequence"]) + 1
        player = self.connect()
        self.ask(player, f"/live-ll.m3u8?_HLS_msn={sequence}")
        reader = self.server.connect(10)
        reader.request("GET", f"/live/{sequence + 2}.mp3")
        response = wait_until(lambda: self.begun(reader, sequence + 2), TIMEOUT, "the segment grows")
        self.wait([0, 1, 1, 0])
        response.close()
        reader.close()
        # The server notices the closed connection when it sends the next bytes.
        self.wait([0, 1, 0, 0])

    def test_a_listener_of_the_endless_stream_counts_until_it_leaves(self):
        radio = self.server.connect(10)
        radio.request("GET", "/live.mp3")
        response = radio.getresponse()
        response.read(20_000)
        self.assertEqual(self.listeners, [0, 0, 0, 1])
        # The bytes are counted when they are sent, not at the end of the answer.
        wait_until(
            lambda: Metrics(self.server)["ringcast_http_sent_bytes_total"] > 20_000, TIMEOUT,
            "the sent bytes are counted")
        response.close()
        radio.close()
        self.wait([0, 0, 0, 0])
        self.assertEqual(Metrics(self.server)["ringcast_listeners_dropped_total"], 0)

    def test_a_page_that_only_looks_is_no_listener(self):
        for path in ("/live.json", "/live-ll.m3u8", "/live.m3u8"):
            self.ask(self.connect(), path, {"Ringcast-Session": "-"})
        self.assertEqual(self.listeners, [0, 0, 0, 0])

    def begun(self, connection, sequence):
        """The answer with the growing segment. If the segment is not available yet, requests it again and returns
        None."""
        response = connection.getresponse()
        if response.status == 200:
            return response
        response.read()
        connection.request("GET", f"/live/{sequence}.mp3")
        return None
