"""/metrics, as Prometheus' own tool and a strict reader take it; and who is counted as a listener."""

import tempfile
import time
import unittest
from pathlib import Path

from support import processes
from support.metrics import Metrics
from support.server import Server
from support.soundcard import SoundCard
from support.waiting import PATIENCE, wait_until

FLAGS = ["--source", "tone", "--segment-length", "0.5", "--part-length", "0.1"]


def serve(test, *flags, **options):
    """A server with some segments, of which nobody has asked for any."""
    server = test.enterContext(Server(*FLAGS, *flags, **options))
    wait_until(lambda: Metrics(server)["ringcast_ring_segments"] >= 3, PATIENCE, "three segments")
    return server


class Format(unittest.TestCase):
    def test_promtool_has_nothing_against_it(self):
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
    def test_the_figures_are_of_what_has_happened(self):
        server = serve(self)
        sent = len(server.get(f"/{server.playlist().entries[-1].uri}"))
        server.request("/missing")
        # The count follows the last byte.
        metrics = wait_until(
            lambda: (now := Metrics(server))['ringcast_http_requests_total{code="404"}'] == 1
            and now["ringcast_http_sent_bytes_total"] > sent and now, 5, "they are counted")
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
        # Each piece that was sent on has taken some time, and less than two seconds.
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
            # A file where the folder is to be.
            (Path(folder) / "live").write_text("")
            server = self.enterContext(Server(*FLAGS, sound=folder))
            wait_until(lambda: Metrics(server)["ringcast_disk_errors_total"] >= 1, PATIENCE, "an error is counted")
            self.assertEqual(Metrics(server)["ringcast_disk_up"], 0)

    def test_clients_that_are_refused_or_too_slow_show(self):
        server = serve(self, "--max-listeners", 2, "--header-timeout", 1)
        clients = [server.connect(5) for _ in range(2)]
        for client in clients:
            self.addCleanup(client.close)
            client.connect()
        self.assertEqual(server.request("/live.json").status, 503)
        # Those who say nothing are shown out, and then there is room to ask.
        wait_until(lambda: server.request("/metrics", headers=server.operator_headers).status == 200, PATIENCE, "there is room")
        metrics = Metrics(server)
        self.assertEqual(metrics['ringcast_http_timeouts_total{at="request"}'], 2)
        self.assertGreaterEqual(metrics['ringcast_http_connections_refused_total{limit="listeners"}'], 1)


class Device(unittest.TestCase):
    def test_a_device_that_goes_and_comes_back_shows(self):
        card = self.enterContext(SoundCard())
        server = self.enterContext(Server("--source", "alsa", "--segment-length", "0.5", environment=card.environment))
        wait_until(
            lambda: Metrics(server).get("ringcast_encoded_sound_seconds_total", 0) > 1, PATIENCE, "there is sound")
        card.unplug()
        away = wait_until(
            lambda: (now := Metrics(server))["ringcast_source_up"] == 0
            and now["ringcast_source_filled_seconds_total"] > 1 and now, 15, "it is gone")
        self.assertEqual(away["ringcast_source_restarts_total"], 0)
        card.plug()
        back = wait_until(lambda: (now := Metrics(server))["ringcast_source_up"] == 1 and now, 15, "it is back")
        self.assertEqual(back["ringcast_source_restarts_total"], 1)
        self.assertGreaterEqual(
            back["ringcast_source_filled_seconds_total"], away["ringcast_source_filled_seconds_total"])


class Listeners(unittest.TestCase):
    """Who is counted, without a page; a listener that does nothing is there for fifteen seconds."""

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
            # The next one comes when the server knows that this one has gone.
            wait_until(
                lambda: Metrics(self.server)["ringcast_http_connections"] == 1, PATIENCE, "only who looks is connected")
            self.assertEqual(self.listeners, [1, 0, 0, 0])
        # Fetching what is listed, by whatever connection, makes no second one.
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
        wait_until(lambda: body("").body == body("?session=0123456789").body, PATIENCE, "the same playlist")

    def test_a_player_of_low_latency_hls_and_one_that_follows_what_grows(self):
        sequence = int(Metrics(self.server)["ringcast_ring_last_sequence"]) + 1
        player = self.connect()
        self.ask(player, f"/live-ll.m3u8?_HLS_msn={sequence}")
        follower = self.server.connect(10)
        follower.request("GET", f"/live/{sequence + 2}.mp3")
        response = wait_until(lambda: self.begun(follower, sequence + 2), PATIENCE, "it grows")
        self.wait([0, 1, 1, 0])
        response.close()
        follower.close()
        # It is noticed when there is more to be sent.
        self.wait([0, 1, 0, 0])

    def test_who_listens_without_an_end_is_there_until_it_leaves(self):
        radio = self.server.connect(10)
        radio.request("GET", "/live.mp3")
        response = radio.getresponse()
        response.read(20_000)
        self.assertEqual(self.listeners, [0, 0, 0, 1])
        # Its bytes are counted as they go out, not when it has gone.
        wait_until(
            lambda: Metrics(self.server)["ringcast_http_sent_bytes_total"] > 20_000, PATIENCE,
            "what it was sent is counted")
        response.close()
        radio.close()
        self.wait([0, 0, 0, 0])
        self.assertEqual(Metrics(self.server)["ringcast_listeners_dropped_total"], 0)

    def test_a_page_that_only_looks_is_no_listener(self):
        for path in ("/live.json", "/live-ll.m3u8", "/live.m3u8"):
            self.ask(self.connect(), path, {"Ringcast-Session": "-"})
        self.assertEqual(self.listeners, [0, 0, 0, 0])

    def begun(self, connection, sequence):
        """The answer that grows; what can't be had yet is asked for again."""
        response = connection.getresponse()
        if response.status == 200:
            return response
        response.read()
        connection.request("GET", f"/live/{sequence}.mp3")
        return None
