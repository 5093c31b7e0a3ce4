"""HTTP/2: the running program with curl, nghttp, h2load, and a client that sends single frames."""

import re
import signal
import tempfile
import unittest
from pathlib import Path

from support import processes
from support.clients.http2_client import HTTP2Client
from support.formats import hls, mp3
from support.formats.low_latency import Playlist
from support.formats.metrics import Metrics
from support.machine.certificate import Certificate
from support.server import ROOT, Server
from support.waiting import TIMEOUT, wait_until

FLAGS = ["--source", "tone", "--segment-length", "0.5", "--part-length", "0.1"]
TOKEN = "open-sesame"


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.certificate = cls.enterClassContext(Certificate())

    def serve(self, *flags, **options):
        server = self.enterContext(Server(*FLAGS, *flags, certificate=self.certificate, **options))
        server.wait_playlist(lambda playlist: len(playlist.entries) >= 3)
        return server

    def connect(self, server, **options):
        return self.enterContext(HTTP2Client(server, **options))


class Shared(Case):
    """One server for all tests of a class."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = cls.enterClassContext(Server(*FLAGS, certificate=cls.certificate))
        cls.server.wait_playlist(lambda playlist: len(playlist.entries) >= 6)


class Curl(Shared):
    def curl(self, path, *options):
        """The status, the header fields and the content of an answer over HTTP/2."""
        result = processes.run([
            "curl", "-sS", "-i", "--http2", "--max-time", TIMEOUT, "--cacert", self.certificate.chain, *options,
            f"{self.server.url}{path}"])
        self.assertEqual((result.returncode, result.stderr), (0, b""))
        head, _, body = result.stdout.partition(b"\r\n\r\n")
        line, *fields = head.decode().split("\r\n")
        self.assertRegex(line, r"^HTTP/2 \d{3} ?$")
        return int(line.split()[1]), dict(field.split(": ", 1) for field in fields), body

    def test_page_and_playlist(self):
        status, headers, body = self.curl("")
        self.assertEqual(status, 200)
        # The page has the names of the station in its head.
        self.assertEqual(body.partition(b"<body")[2], (ROOT / "web/index.html").read_bytes().partition(b"<body")[2])
        # RFC 9113 §8.2.2: these fields are those of an HTTP/1.1 connection.
        self.assertFalse({"connection", "keep-alive", "transfer-encoding"} & set(headers))
        self.assertEqual(int(headers["content-length"]), len(body))
        status, headers, body = self.curl("live.m3u8")
        self.assertEqual((status, headers["content-type"]), (200, "application/vnd.apple.mpegurl"))
        self.assertGreaterEqual(len(hls.read(body).entries), 6)

    def test_text_is_compressed(self):
        status, headers, body = self.curl("live.m3u8", "--compressed")
        self.assertEqual((status, headers["content-encoding"]), (200, "gzip"))
        self.assertGreaterEqual(len(hls.read(body).entries), 6)

    def test_a_segment_and_its_ranges(self):
        uri = self.server.playlist().entries[-1].uri
        whole = self.server.get(f"/{uri}")
        self.assertEqual(self.curl(uri)[2], whole)
        for range, content in [("100-199", whole[100:200]), ("100-", whole[100:]), ("-50", whole[-50:])]:
            with self.subTest(range):
                status, headers, body = self.curl(uri, "-r", range)
                self.assertEqual((status, body), (206, content))
                self.assertRegex(headers["content-range"], rf"^bytes \d+-\d+/{len(whole)}$")
        status, headers, _ = self.curl(uri, "-r", f"{len(whole)}-")
        self.assertEqual((status, headers["content-range"]), (416, f"bytes */{len(whole)}"))

    def test_head_has_the_fields_and_no_content(self):
        uri = self.server.playlist().entries[-1].uri
        status, headers, body = self.curl(uri, "-I")
        self.assertEqual((status, body), (200, b""))
        self.assertEqual(int(headers["content-length"]), len(self.server.get(f"/{uri}")))

    def test_304_and_404(self):
        uri = self.server.playlist().entries[-1].uri
        tag = self.curl(uri, "-I")[1]["etag"]
        status, headers, body = self.curl(uri, "-H", f"If-None-Match: {tag}")
        self.assertEqual((status, headers["etag"], body), (304, tag, b""))
        self.assertEqual(self.curl("missing")[0], 404)

    def test_a_growing_segment(self):
        sequence = self.server.playlist().last + 2
        body = self.curl(f"live/{sequence}.mp3")[2]
        self.server.wait_playlist(lambda playlist: playlist.last >= sequence)
        self.assertEqual(body, self.server.get(f"/live/{sequence}.mp3"))


class Tools(Shared):
    def test_nghttp_fetches_the_page_with_its_files(self):
        result = processes.run(["nghttp", "-n", "-a", "-s", "-t", TIMEOUT, self.server.url])
        self.assertEqual(result.returncode, 0, result.stderr)
        # id  responseEnd requestStart  process code size request path
        rows = re.findall(rb"^ *\d+ .* (\d{3}) +\S+ (/\S*)$", result.stdout, re.MULTILINE)
        self.assertIn((b"200", b"/"), rows)
        self.assertGreaterEqual(len(rows), 3, result.stdout)
        self.assertEqual({status for status, _ in rows}, {b"200"})

    def test_h2load_gets_an_answer_to_each_of_5000_requests(self):
        uri = self.server.playlist().entries[-1].uri
        for path in ("live.json", uri):
            with self.subTest(path):
                result = processes.run(
                    ["h2load", "-n", 5000, "-c", 10, "-m", 50, f"{self.server.url}{path}"], seconds=2 * TIMEOUT)
                output = result.stdout.decode()
                self.assertIn("Application protocol: h2", output)
                self.assertIn("5000 succeeded, 0 failed, 0 errored, 0 timeout", output)
                self.assertIn("status codes: 5000 2xx", output)


class Streams(Shared):
    """Requests side by side on one connection."""

    def setUp(self):
        self.client = self.connect(self.server)
        self.assertEqual(self.client.protocol, "h2")

    def test_a_growing_segment_comes_in_pieces_while_it_grows(self):
        sequence = self.server.playlist().last + 2
        growing = self.client.request(f"/live/{sequence}.mp3")
        self.client.wait(lambda: growing.body, "the first bytes")
        # The segment is still growing: the next answer passes by.
        listed = hls.read(self.client.get("/live.m3u8").body).last
        self.assertLess(listed, sequence)
        self.client.whole(growing)
        self.assertGreaterEqual(growing.pieces, 3)
        self.assertEqual(growing.body, self.server.get(f"/live/{sequence}.mp3"))

    def test_parts_and_blocking_reloads(self):
        playlist = Playlist(self.client.get("/live-ll.m3u8").body).check()
        for _ in range(8):
            sequence, part = playlist.hinted
            # Both are held until the part is complete.
            hinted = self.client.request(f"/{playlist.hint}")
            reload = self.client.request(f"/live-ll.m3u8?_HLS_msn={sequence}&_HLS_part={part}")
            self.assertEqual((self.client.whole(hinted).status, self.client.whole(reload).status), (200, 200))
            self.assertGreater(mp3.segment(hinted.body).samples, 0)
            playlist = Playlist(reload.body).check()

    def test_an_endless_stream_beside_other_requests(self):
        endless = self.client.request("/live.mp3")
        for _ in range(10):
            count = len(endless.body)
            self.client.wait(lambda: len(endless.body) > count + 1000, "further sound")
            self.assertEqual(self.client.get("/live.json").status, 200)
        self.assertFalse(endless.is_over)
        self.assertGreater(mp3.walk(endless.body)[0].length, 0)
        self.client.reset(endless)
        self.assertEqual(self.client.get("/live.json").status, 200)

    def test_head_and_304_end_their_streams(self):
        head = self.client.get("/", method="HEAD")
        self.assertEqual((head.status, head.body), (200, b""))
        unchanged = self.client.get("/", headers=[("if-none-match", head.headers["etag"])])
        self.assertEqual((unchanged.status, unchanged.body), (304, b""))

    def test_a_large_head_is_read(self):
        self.assertEqual(self.client.get("/live.json", headers=[("cookie", "a" * 16_000)]).status, 200)


class Operation(Case):
    def test_a_token_in_a_cookie(self):
        client = self.connect(self.enterContext(
            Server(*FLAGS, "--listen-token", TOKEN, certificate=self.certificate)))
        self.assertEqual(client.get("/live.json").status, 401)
        # RFC 9113 §8.2.3: a client may send each cookie in a field of its own.
        cookies = [("cookie", "a=b"), ("cookie", f"ringcast={TOKEN}"), ("cookie", "c=d")]
        self.assertEqual(client.get("/live.json", headers=cookies).status, 200)

    def test_requests_over_the_limit_get_503(self):
        server = self.serve("--max-listeners", 10)
        client = self.connect(server)
        heads = [client.head("/live.mp3") for _ in range(20)]
        client.send(b"".join(data for _, data in heads))
        answers = [client.answers[stream] for stream, _ in heads]
        client.wait(lambda: all(answer.status for answer in answers), "an answer to each request")
        self.assertEqual([answer.status for answer in answers], [200] * 10 + [503] * 10)
        self.assertEqual(server.request("/live.json").status, 503)
        # Another connection gets its 503, too, and is told to send nothing else.
        other = self.connect(server)
        self.assertEqual(other.get("/live.json").status, 503)
        other.wait(lambda: other.goaway == 0, "GOAWAY without an error")
        for answer in answers[:10]:
            self.assertFalse(answer.is_over)
            client.reset(answer)
        self.assertEqual(client.get("/live.json").status, 200)
        other.close()
        metrics = wait_until(
            lambda: server.request("/live.json").status == 200 and Metrics(server), TIMEOUT, "a free connection")
        self.assertGreaterEqual(metrics['ringcast_http_connections_refused_total{limit="listeners"}'], 12)

    def test_a_new_certificate_ends_no_stream(self):
        certificate = self.enterContext(Certificate())
        server = self.enterContext(Server(*FLAGS, certificate=certificate))
        sequence = server.wait_playlist().last + 2
        client = self.connect(server)
        endless, growing = client.request("/live.mp3"), client.request(f"/live/{sequence}.mp3")
        client.wait(lambda: endless.body, "sound")
        certificate.renew()
        server.process.send_signal(signal.SIGHUP)
        server.wait_log("reload: done")
        count = len(endless.body)
        client.wait(lambda: len(endless.body) > count + 20_000, "a second of sound after the reload")
        self.assertEqual(client.whole(growing).body, server.get(f"/live/{sequence}.mp3"))
        # The client of this connection trusts only the new certificate.
        self.assertEqual(self.connect(server).get("/live.json").status, 200)

    def test_it_stops_within_two_seconds_with_streams_open(self):
        server = self.serve()
        clients = [self.connect(server) for _ in range(5)]
        for client in clients:
            endless = client.request("/live.mp3")
            client.request(f"/live/{server.playlist().last + 2}.mp3")
            client.wait(lambda: endless.body, "sound")
        status, took = server.stop()
        self.assertEqual(status, 0, server.log)
        self.assertLess(took, 2)
        for client in clients:
            client.wait_end()

    def test_the_access_log_says_http_2(self):
        path = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="log.")), "access.log")
        server = self.serve("--access-log", path)
        client = self.connect(server)
        sequence = server.playlist().last + 2
        body = client.get(f"/live/{sequence}.mp3").body
        client.get("/missing?x=1", method="HEAD")

        def lines():
            return [tuple(line.split('"')[1:3]) for line in path.read_text().splitlines() if "HTTP/2" in line]
        found = wait_until(lambda: len(lines()) == 2 and lines(), TIMEOUT, lambda: path.read_text())
        self.assertEqual(found[0][0], f"GET /live/{sequence}.mp3 HTTP/2.0")
        self.assertRegex(found[0][1], rf"^ 200 {len(body)} \d+\.\d{{3}}$")
        self.assertEqual(found[1][0], "HEAD /missing?x=1 HTTP/2.0")
        self.assertRegex(found[1][1], r"^ 404 0 \d+\.\d{3}$")

    def test_it_counts_as_a_listener(self):
        server = self.serve()
        client = self.connect(server)
        endless = client.request("/live.mp3")
        client.wait(lambda: endless.body, "sound")
        wait_until(lambda: Metrics(server).listeners[3] == 1, TIMEOUT, "one listener of the endless stream")


if __name__ == "__main__":
    unittest.main()
