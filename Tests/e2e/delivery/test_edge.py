"""The real nginx and Varnish in front of a server, with the configuration of deploy/."""

import http.client
import json
import signal
import tempfile
import threading
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

from support import processes
from support.clients.segment_collector import SegmentCollector
from support.formats import hls, mp3
from support.formats.low_latency import Playlist
from support.formats.metrics import Metrics
from support.machine.certificate import Certificate
from support.proxies.counting_proxy import CountingProxy
from support.proxies.edges import Nginx, NginxBeforeVarnish, Varnish
from support.server import Server
from support.waiting import TIMEOUT, wait_until

CROWD = 40


class Cache:
    """The tests of each cache."""

    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Server("--source", "tone", "--segment-length", "1"))
        cls.proxy = cls.enterClassContext(CountingProxy(cls.server.port))
        cls.edge = cls.enterClassContext(cls.Edge(cls.proxy.port))
        cls.server.wait_playlist(lambda playlist: len(playlist.entries) >= 4)
        cls.crowd = cls.enterClassContext(ThreadPoolExecutor(CROWD))

    def asked(self, text):
        return [line for line in self.proxy.lines if text in line]

    def ask_all(self, *paths):
        """Many clients at the same time, each with one request; the paths are used in turn."""
        return list(self.crowd.map(self.edge.request, (paths[number % len(paths)] for number in range(CROWD))))

    def recording(self):
        return Playlist(self.server.get("/live-ll.m3u8")).recording

    def path(self, sequence):
        """The path of a segment, listed or not."""
        return f"/{self.server.playlist().uri(sequence)}"

    def test_a_crowd_that_waits_for_a_playlist_causes_one_request_for_any_other_parameters(self):
        sequence = self.recording().sequence
        query = f"_HLS_msn={sequence + 1}&_HLS_part=1"
        answers = self.ask_all(f"/live-ll.m3u8?{query}", f"/live-ll.m3u8?session=a&{query}&x",
                               f"/live-ll.m3u8?_HLS_part=1&session=b&_HLS_msn={sequence + 1}")
        self.assertEqual({answer.status for answer in answers}, {200}, answers)
        self.assertEqual(len({answer.body for answer in answers}), 1)
        playlist = Playlist(answers[0].body).check()
        self.assertGreaterEqual((playlist.recording.sequence, len(playlist.recording.parts)), (sequence + 1, 2))
        self.assertEqual(len(self.asked(f"_HLS_msn={sequence + 1}")), 1, self.proxy.lines)
        self.assertFalse(self.asked("session"))

    def test_the_cache_does_not_forward_the_session_of_a_listener(self):
        sessions, asked = Metrics(self.server)["ringcast_sessions_total"], len(self.asked("/live.json "))

        def ask():
            self.edge.request("/live.json", headers={"Ringcast-Session": "0123456789"})
            return len(self.asked("/live.json ")) >= asked + 2
        wait_until(ask, TIMEOUT, "two forwarded requests")
        self.assertEqual(Metrics(self.server)["ringcast_sessions_total"], sessions)

    def test_queries_that_change_the_playlist_are_cached_separately(self):
        sequence = self.recording().sequence
        here = [f"/live-ll.m3u8?_HLS_msn={sequence}", f"/live-ll.m3u8?_HLS_msn={sequence + 1}",
                f"/live-ll.m3u8?_HLS_msn={sequence + 1}&_HLS_part=0"]
        for path in [*here, *(f"{path}&_HLS_skip=YES" for path in here)]:
            asked = len(self.proxy.lines)
            self.assertEqual(self.edge.request(path).status, 200)
            self.assertGreater(len(self.proxy.lines), asked, path)

    def test_a_crowd_that_waits_for_a_part_is_one_request(self):
        uri = Playlist(self.server.get("/live-ll.m3u8")).hint
        answers = self.ask_all(f"/{uri}")
        self.assertEqual({answer.status for answer in answers}, {200}, answers)
        self.assertEqual({answer.body for answer in answers}, {self.server.get(f"/{uri}")})
        self.assertEqual(len(self.asked(uri)), 1)

    def test_a_crowd_that_polls_is_a_request_a_second(self):
        for path in ("/live.m3u8", "/live-ll.m3u8", "/live.json", "/live/ring.peaks", "/live/played.json"):
            with self.subTest(path):
                before, began = len(self.asked(f"{path} ")), time.monotonic()
                for _ in range(5):
                    self.assertEqual({answer.status for answer in self.ask_all(path, f"{path}?session=c")}, {200})
                    time.sleep(0.2)
                # A cache that counts whole seconds may count two halves as one.
                self.assertLessEqual(len(self.asked(f"{path} ")) - before, time.monotonic() - began + 2)

    def test_the_peaks_of_a_segment_are_one_request(self):
        path = self.path(self.server.playlist().last).replace(".mp3", ".peaks")
        answers = self.ask_all(path, f"{path}?session=a")
        self.assertEqual({answer.status for answer in answers}, {200}, answers)
        self.assertEqual({answer.body for answer in answers}, {self.server.get(path)})
        self.assertEqual(len(self.asked(path)), 1, self.proxy.lines)

    def test_a_listener_through_it_misses_nothing_and_never_sees_an_older_playlist(self):
        collector = SegmentCollector(self.edge)
        collector.follow(lambda collector: len(collector.segments) >= 12, 30)
        collector.parsed()

    def test_after_a_pause_the_playlist_is_the_newest(self):
        last = self.edge.playlist().last
        # No client requests anything from the cache meanwhile.
        now = self.server.wait_playlist(lambda playlist: playlist.last >= last + 4)
        self.assertGreaterEqual(self.edge.playlist().last, now.last)

    def test_failures_are_not_kept(self):
        sequence = self.recording().sequence + 3
        path = self.path(sequence)
        self.assertEqual(self.edge.request(path).status, 404)
        self.server.wait_playlist(lambda playlist: playlist.last >= sequence)
        self.assertEqual(self.edge.get(path), self.server.get(path))
        for path, status in [("/live/1.mp3", 404), ("/live-ll.m3u8?_HLS_msn=x", 400), ("/nothing", 404)]:
            answer = self.edge.request(path)
            self.assertEqual((answer.status, answer.headers["Cache-Control"]), (status, "no-store"))

    def test_ranges_are_cut_from_the_cached_segment(self):
        uri = f"/{self.server.playlist().entries[-1].uri}"
        whole, asked = self.edge.get(uri), len(self.proxy.lines)
        for field, there in [
            ("bytes=100-199", whole[100:200]), ("bytes=-100", whole[-100:]), ("bytes=500-", whole[500:]),
        ]:
            answer = self.edge.request(uri, headers={"Range": field})
            self.assertEqual((answer.status, answer.body), (206, there), field)
        self.assertEqual(len(self.proxy.lines), asked)

    def test_compressed_playlists_go_only_to_clients_that_accept_them(self):
        for coding in ("gzip, deflate, br, zstd", "identity", "gzip"):
            answer = self.edge.request("/live.m3u8", headers={"Accept-Encoding": coding})
            self.assertEqual(answer.headers["Content-Encoding"], "gzip" if "gzip" in coding else None)
            self.assertEqual(answer.body[:2] == b"\x1f\x8b", "gzip" in coding)
            self.assertIn("Accept-Encoding", answer.headers["Vary"])

    def test_a_copy_that_is_still_good_is_not_sent_again(self):
        for path in ("/", f"/{self.server.playlist().entries[-1].uri}"):
            tag = self.edge.request(path).headers["ETag"]
            self.assertEqual(self.edge.request(path, headers={"If-None-Match": tag}).status, 304)

    def variants(self, path, sequence):
        """Requests for something that the cache has, by what a client may add: a name, ten pairs of a path and fields,
        and the statuses of their answers."""
        playlist = f"/live-ll.m3u8?_HLS_msn={sequence}&_HLS_part=0"
        numbers = range(1, 11)
        for name, url in (("segment", path), ("playlist", playlist)):
            mark = "&" if "?" in url else "?"
            for what, field in [
                ("cookie", lambda n: {"Cookie": f"a={n}"}), ("range", lambda n: {"Range": f"bytes={n}-{n + 9}"}),
                ("cache control", lambda n: {"Cache-Control": "no-cache", "Pragma": "no-cache"}),
                ("forwarded host", lambda n: {"X-Forwarded-Host": f"h{n}.example"}),
                ("host", lambda n: {"Host": f"h{n}.example"}), ("port", lambda n: {"Host": f"radio:{n}"}),
                ("token", lambda n: {"Authorization": f"Bearer {n}{n}{n}{n}{n}{n}{n}{n}"}),
                ("origin", lambda n: {"Origin": f"https://h{n}.example", "Sec-Fetch-Site": "cross-site"}),
                ("referrer", lambda n: {"Referer": f"https://h{n}.example/"}),
                ("agent", lambda n: {"User-Agent": f"agent {n}"}),
                ("validator", lambda n: {"If-None-Match": f'"{n}"'}),
                ("date", lambda n: {"If-Modified-Since": f"Thu, {n:02} Jan 1970 00:00:00 GMT"}),
                ("large field", lambda n: {"X-Large": n * 600 * "x"}),
            ]:
                yield f"{name}, {what}", [(url, field(n)) for n in numbers], {200, 206}
            for what, target in [
                ("nothing", lambda n: url), ("session", lambda n: f"{url}{mark}session={n}"),
                ("other name", lambda n: f"{url}{mark}n{n}=1"), ("no value", lambda n: f"{url}{mark}{n * '&'}"),
                ("absolute form", lambda n: f"http://h{n}.example{url}"),
                ("slashes", lambda n: f"{n * '/'}{url}"),
            ]:
                yield f"{name}, {what}", [(target(n), {}) for n in numbers], {200}
            # An escaped letter is either read or refused.
            yield f"{name}, escape", [(url.replace("/live", f"/%6{c}ive"), {}) for c in "cC"], {200, 400}
        yield "segment, skip", [(f"{path}?_HLS_skip={n}", {}) for n in numbers], {200}
        yield "segment, directive", [(f"{path}?_HLS_msn={n}", {}) for n in numbers], {200}
        yield "playlist, skip", [(f"{playlist}&_HLS_skip={n}", {}) for n in numbers], {400}
        yield "playlist, zeros", [(f"/live-ll.m3u8?_HLS_msn={n * '0'}{sequence}", {}) for n in numbers], {400}
        yield "playlist, part alone", [(f"/live-ll.m3u8?_HLS_part={n}", {}) for n in numbers], {400}
        yield "playlist, order", [(f"/live-ll.m3u8?_HLS_part=0&x={n}&_HLS_msn={sequence}", {}) for n in numbers], {200}

    def test_nothing_that_a_client_adds_makes_the_cache_ask_again(self):
        sequence = self.recording().sequence
        path = self.path(sequence - 1)
        for name, requests, statuses in self.variants(path, sequence):
            with self.subTest(name):
                # The cache's copy of the playlist may expire meanwhile, but not twice.
                for _ in range(2):
                    for known in (path, f"/live-ll.m3u8?_HLS_msn={sequence}&_HLS_part=0"):
                        self.edge.get(known)
                    asked = len(self.proxy.lines)
                    answers = [self.edge.request(url, headers=headers) for url, headers in requests]
                    self.assertLessEqual({answer.status for answer in answers}, statuses, answers)
                    if not (lines := self.proxy.lines[asked:]):
                        break
                self.assertEqual(lines, [])

    def test_ten_heads_are_answered_from_the_cache(self):
        path = self.path(self.recording().sequence - 1)
        self.edge.get(path)
        asked = len(self.proxy.lines)
        self.assertEqual({self.edge.request(path, "HEAD").status for _ in range(10)}, {200})
        self.assertEqual(self.proxy.lines[asked:], [])

    def test_a_method_that_changes_something_does_not_reach_the_server(self):
        asked = len(self.proxy.lines)
        for method in ("PUT", "POST", "DELETE", "PATCH"):
            answer = self.edge.request("/live/metadata", method)
            self.assertEqual((answer.status, answer.headers["Cache-Control"]), (405, "no-store"))
        self.assertEqual(self.proxy.lines[asked:], [])

    def test_after_a_failure_a_crowd_is_still_one_request(self):
        def refused():
            sequence = self.recording().sequence
            path = self.path(sequence + 2)
            # The server does not hold a request for a segment that is more than one ahead.
            return (sequence, path) if self.edge.request(path).status == 404 else None
        sequence, path = wait_until(refused, TIMEOUT, "a failure")
        while self.recording().sequence == sequence:
            self.edge.request(path)
        asked = len(self.asked(path))
        answers = self.ask_all(path)
        self.assertEqual({answer.status for answer in answers}, {200})
        self.assertEqual({answer.body for answer in answers}, {self.server.get(path)})
        self.assertLessEqual(len(self.asked(path)) - asked, 1)

    def test_a_listener_of_the_endless_stream_has_an_answer_of_its_own(self):
        for fields, interval in (({}, None), ({"Icy-MetaData": "1"}, "16000")):
            connection = self.edge.connect(20)
            self.addCleanup(connection.close)
            connection.request("GET", "/live.mp3?session=a", headers=fields)
            answer = connection.getresponse()
            self.assertEqual((answer.status, answer.headers["icy-metaint"]), (200, interval))
            self.assertGreater(len(answer.read1(1000)), 0)

    def test_readers_of_a_growing_segment_get_all_of_it(self):
        path = self.path(self.recording().sequence + 1)
        answers = self.ask_all(path)
        self.assertEqual({answer.body for answer in answers}, {self.server.get(path)})
        self.assertEqual(len(self.asked(path)), 1)


class NginxCache(Cache, unittest.TestCase):
    Edge = Nginx

    def test_the_page_is_told_to_take_parts(self):
        for _ in range(2):
            self.assertEqual(self.edge.request("/live.json").headers["Ringcast-Follow"], "parts")

    def test_answers_from_the_cache_have_an_age(self):
        uri = f"/{self.server.playlist().entries[-1].uri}"
        self.edge.get(uri)
        self.assertEqual(self.edge.request(uri).headers["Age"], "1")


class FewConnections(Nginx):
    clients = 3


class ClientLimit(unittest.TestCase):
    def test_nginx_gives_one_client_no_more_connections_than_its_limit(self):
        server = self.enterContext(Server("--source", "tone", "--segment-length", "0.5"))
        server.wait_playlist()
        edge = self.enterContext(FewConnections(server.port))
        statuses = []
        for _ in range(5):
            connection = edge.connect(TIMEOUT)
            self.addCleanup(connection.close)
            connection.request("GET", "/live.mp3")
            statuses.append(connection.getresponse().status)
        self.assertEqual(statuses, [200, 200, 200, 429, 429])
        # Others find a place.
        self.assertEqual(server.request("/live.m3u8").status, 200)


class VarnishCache(Cache, unittest.TestCase):
    Edge = Varnish

    def test_a_crowd_that_asks_for_what_does_not_exist_is_told_so(self):
        answers = self.ask_all(self.path(self.recording().sequence + 100))
        self.assertEqual({answer.status for answer in answers}, {404})

    def test_a_growing_segment_is_forwarded_to_all_as_it_grows(self):
        self.assertIsNone(self.edge.request("/live.json").headers["Ringcast-Follow"])
        sequence = self.recording().sequence + 1
        path = self.path(sequence)
        connections = [self.edge.connect(20) for _ in range(10)]
        for number, connection in enumerate(connections):
            self.addCleanup(connection.close)
            query = ("", "?prompt=", "?session=listener&prompt=", "?prompt=7")[number % 4]
            connection.request("GET", f"{path}{query}")
        answers = [connection.getresponse() for connection in connections]
        bodies = [answer.read1(1000) for answer in answers]
        # Each client has received some bytes, and the segment is not complete yet.
        self.assertLess(self.server.playlist().last, sequence)
        bodies = [body + answer.read() for body, answer in zip(bodies, answers)]
        self.assertEqual(set(bodies), {self.server.get(path)})
        # One request for each pace: normal, and prompt.
        self.assertEqual(len(self.asked(f"{path} ")), 1)
        self.assertEqual(len(self.asked(f"{path}?prompt= ")), 1)
        self.assertEqual(len(self.asked(path)), 2)


class Recordings(unittest.TestCase):
    def test_recordings_are_listed_and_their_ranges_come_from_the_server(self):
        folder = self.enterContext(tempfile.TemporaryDirectory(prefix="recordings."))
        server = self.enterContext(Server("--source", "tone", "--record", folder, "--record-length", 2))

        def listed(address):
            return [recording["url"] for recording in json.loads(address.get("/recordings.json"))["recordings"]]
        url = wait_until(lambda: listed(server), TIMEOUT, "a recording is listed")[-1]
        whole = server.request(url)
        field = "bytes=66000-66099"
        for Edge in (Nginx, Varnish):
            edge = self.enterContext(Edge(server.port))
            with self.subTest(Edge.name):
                self.assertEqual(edge.request("/recordings/").status, 200)
                self.assertIn(url, listed(edge))
                self.assertEqual(edge.get(url), whole.body)
                for tag, status, body in (
                    (None, 206, whole.body[66000:66100]), (whole.headers["ETag"], 206, whole.body[66000:66100]),
                    ('"another"', 200, whole.body),
                ):
                    headers = {"Range": field} | ({"If-Range": tag} if tag else {})
                    answer = edge.request(url, headers=headers)
                    self.assertEqual((answer.status, answer.body), (status, body))


class Outage(unittest.TestCase):
    """The server behind the cache is killed, or hangs, and comes back."""

    def test_after_a_kill_in_mid_segment_no_cache_keeps_half_a_segment(self):
        for Edge in (Nginx, Varnish):
            with self.subTest(Edge.name), tempfile.TemporaryDirectory(prefix="sound.") as sound:
                server = self.enterContext(Server("--source", "tone", sound=sound))
                edge = self.enterContext(Edge(server.port))
                playlist = server.wait_playlist()
                sequence = Playlist(server.get("/live-ll.m3u8")).recording.sequence + 1
                path, following = (f"/{playlist.uri(number)}" for number in (sequence, sequence + 1))

                def listen():
                    try:
                        edge.request(path)
                    except (OSError, http.client.HTTPException):
                        pass  # The answer is cut off.
                listeners = [threading.Thread(target=listen) for _ in range(5)]
                for listener in listeners:
                    listener.start()

                def has_part():
                    recording = Playlist(server.get("/live-ll.m3u8")).recording
                    return recording.sequence == sequence and recording.parts
                wait_until(has_part, TIMEOUT, "the segment has a part")
                server.kill()
                for listener in listeners:
                    listener.join(20)
                failure = edge.request("/live-ll.m3u8?_HLS_msn=1")
                self.assertIn(failure.status, (502, 503), failure)
                self.assertEqual(edge.request(following).status, failure.status)
                again = self.enterContext(Server("--source", "tone", sound=sound, port=server.port))
                again.wait_playlist(lambda playlist: playlist.last > sequence)
                self.assertEqual(edge.get(path), again.get(path))
                self.assertEqual(edge.get(following), again.get(following))
                self.assertEqual(edge.playlist().entries, again.playlist().entries)

    def test_a_hanging_server_soon_is_an_error_and_afterwards_the_playlist_is_new(self):
        for Edge in (Nginx, Varnish):
            with self.subTest(Edge.name), Server("--source", "tone") as server, Edge(server.port) as edge:
                last = server.wait_playlist().last
                edge.playlist()
                server.process.send_signal(signal.SIGSTOP)
                try:
                    wait_until(lambda: edge.request("/live.m3u8").status in (503, 504), 20, "an error of the cache")
                finally:
                    server.process.send_signal(signal.SIGCONT)
                now = server.wait_playlist(lambda playlist: playlist.last > last + 1)
                self.assertGreaterEqual(edge.wait_playlist().last, now.last)


class Tokens(unittest.TestCase):
    def test_no_token_goes_through_a_cache_so_that_no_guarded_answer_is_kept(self):
        server = self.enterContext(Server("--source", "tone", "--listen-token", "open-sesame"))
        token = {"Authorization": "Bearer open-sesame"}
        wait_until(lambda: server.request("/live.m3u8", headers=token).status == 200, TIMEOUT, "a playlist")
        uri = hls.parse(server.request("/live.m3u8", headers=token).body).entries[0].uri
        for Edge in (Nginx, Varnish):
            edge = self.enterContext(Edge(server.port))
            for path in ("/live.m3u8", "/live-ll.m3u8", "/live.json", f"/{uri}"):
                with self.subTest(f"{Edge.name} {path}"):
                    self.assertEqual(server.request(path, headers=token).status, 200)
                    shown = ({}, token, {"Cookie": "ringcast=open-sesame"}, {})
                    asked = [edge.request(path, headers=headers).status for headers in shown]
                    asked.append(edge.request(f"{path}?token=open-sesame").status)
                    self.assertEqual(asked, 5 * [401])


class HTTP2(unittest.TestCase):
    """HTTP/2 over https, with curl."""

    def setUp(self):
        self.certificate = self.enterContext(Certificate())
        self.server = self.enterContext(Server("--source", "tone"))
        self.server.wait_playlist()

    def curl(self, edge, *paths):
        """The bodies of the paths, requested on one connection."""
        outputs = [part for path in paths for part in ("-o", "-", f"{edge.url}{path}")]
        done = processes.run(
            ["curl", "-sS", "--http2", "--cacert", self.certificate.chain, "-w", "\n%{http_version} %{http_code}\n",
             *outputs])
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        *bodies, end = done.stdout.split(b"\n2 200\n")
        self.assertEqual((len(bodies), end), (len(paths), b""), done.stdout[-200:])
        return bodies

    def check(self, edge):
        for _ in range(4):
            [body] = self.curl(edge, "live-ll.m3u8")
            playlist = Playlist(body).check()
            hint, sought = playlist.hint, playlist.hinted
            sequence, index = sought
            part, body = self.curl(edge, hint, f"live-ll.m3u8?_HLS_msn={sequence}&_HLS_part={index}")
            self.assertGreater(mp3.segment(part).samples, 0)
            playlist = Playlist(body).check()
            segments = [*playlist.segments, playlist.recording]
            self.assertIn(hint, [part["URI"] for segment in segments for part in segment.parts])

    def test_low_latency_goes_through_nginx(self):
        self.check(self.enterContext(Nginx(self.server.port, self.certificate)))

    def test_low_latency_goes_through_nginx_and_varnish(self):
        varnish = self.enterContext(Varnish(self.server.port))
        self.check(self.enterContext(NginxBeforeVarnish(varnish.port, self.certificate)))


if __name__ == "__main__":
    unittest.main()
