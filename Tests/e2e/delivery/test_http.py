"""HTTP over real sockets: segments, playlist and page of a real server."""

import gzip
import json
import re
import socket
import unittest
from email.utils import parsedate_to_datetime
from pathlib import Path

from Tests.e2e.delivery.ended_stream import EndedStream
from support.server import ROOT


class HTTP(EndedStream):
    # Resources

    def test_media_types(self):
        for path, expected in [
            ("/", "text/html"), ("/live.m3u8", "application/vnd.apple.mpegurl"), (self.path, "audio/mpeg"),
            ("/live.json", "application/json"), ("/style.css", "text/css"),
        ]:
            with self.subTest(path):
                self.assertEqual(self.ask(path).headers.get_content_type(), expected)

    def test_each_file_of_the_page_is_served_as_it_is(self):
        files = [path for path in (ROOT / "web").rglob("*") if path.is_file() and not path.name.startswith(".")]
        self.assertTrue(files)
        for file in files:
            path = f"/{file.relative_to(ROOT / 'web')}"
            # A station without rooms, recordings and uploads serves nothing of them.
            if path.startswith(("/rooms/", "/studio/", "/recordings/", "/record/")):
                continue
            with self.subTest(path):
                self.assertEqual(self.without_names(path, self.server.get(path)),
                                 self.without_names(path, file.read_bytes()))

    @staticmethod
    def without_names(path, content):
        """A file of the page without the places into which the station puts its names and its streams."""
        if path.endswith(".webmanifest"):
            return json.loads(content)
        if path.endswith(".html"):
            return re.sub(rb'(?<=<ul class="links">).*?(?=</ul>)', b"", content.partition(b"</head>")[2])
        return content

    def test_information(self):
        response = self.ask("/live.json")
        self.assertEqual(response.headers["Cache-Control"], "public, max-age=0, s-maxage=1")
        information = json.loads(response.body)
        self.assertRegex(information.pop("now"), r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
        self.assertRegex(information.pop("version"), r"^\d+\.\d+\.\d+$")
        levels = information.pop("levels")
        self.assertEqual([set(level) for level in levels], 2 * [{"peak", "rms"}])
        self.assertTrue(all(-120 <= level["rms"] <= level["peak"] <= 0 for level in levels), levels)
        self.assertEqual(information, {
            "stream": "live", "source": "file", "notice": None, "bitrate": 128000, "sampleRate": 48000, "channels": 2,
            "segmentLength": 0.5, "ringSize": 10, "partLength": 0.288, "chunkLength": 0.12, "promptChunkLength": 0.024,
            "ended": True, "alarm": None, "alarmSince": None, "clipped": 0, "overruns": 0, "drift": None})

    def test_a_missing_resource_is_404_with_a_short_text(self):
        for path in [
            "/live/1.mp3", f"/live/{self.sequence + 100}.mp3", f"/live/0{self.sequence}.mp3",
            f"/live/+{self.sequence}.mp3", f"/live/{self.sequence}.mp3/", f"/live/{self.sequence}.MP3",
            "/live/99999999999999999999999999.mp3", "/live/.mp3", "/live/", "/none", "/none.m3u8", "/none.json",
            f"/none/{self.sequence}.mp3", "/live/live.m3u8", "/nothing",
        ]:
            with self.subTest(path):
                response = self.ask(path)
                self.assertEqual(response.status, 404)
                self.assertEqual(response.headers.get_content_type(), "text/plain")
                self.assertTrue(0 < len(response.body) < 200)

    def test_slashes_too_many_are_one(self):
        for path in ("//", "//live.m3u8", "///live.json", f"//{self.path[1:]}", self.path.replace("/live/", "/live//")):
            with self.subTest(path):
                self.assertEqual(self.ask(path).status, 200)

    def test_a_query_that_nobody_reads_harms_nothing(self):
        for query in ("x=100%", "t=%FC", "%", "a[]=%zz&b|c", "a=%00", "x=%E4%F6"):
            with self.subTest(query):
                self.assertEqual(self.ask(f"/live.m3u8?{query}").status, 200)
        # An escape that is none is no number.
        self.assertEqual(self.ask("/live-ll.m3u8?_HLS_msn=%zz").status, 400)

    def test_no_path_leads_out(self):
        secrets = (Path("/etc/passwd").read_bytes(), (ROOT / "Package.swift").read_bytes())
        for path in [
            "/../Package.swift", "/../../../../../../etc/passwd", "/%2e%2e/Package.swift", "/..%2fPackage.swift",
            "/%2e%2e%2f%2e%2e%2f%2e%2e%2fetc/passwd", "/js/../../Package.swift", "/js/%2e%2e/%2e%2e/Package.swift",
            "//etc/passwd", "/live/../../Package.swift", "/live/..%2f..%2fPackage.swift", "/.%2e/Package.swift",
            "/%252e%252e/Package.swift", "/..%5cPackage.swift", "/index.html%00.mp3", "/%00", "/%", "/%zz",
            "/%c0%ae%c0%ae/",
            "/./index.html/../../Package.swift", "file:///etc/passwd", "*", "etc/passwd",
        ]:
            with self.subTest(path):
                response = self.ask(path)
                self.assertIn(response.status, (400, 404))
                for secret in secrets:
                    self.assertNotIn(secret[:20], response.body)

    def test_nothing_is_taken_for_another_type(self):
        for path, headers in [
            ("/", {}), ("/js/main.js", {}), ("/live.m3u8", {}), ("/live-ll.m3u8", {}), ("/live.json", {}),
            (self.path, {}), (self.path, {"Range": "bytes=0-9"}), (self.path, {"If-None-Match": "*"}),
            ("/live/1.mp3", {}), ("/nothing", {}), ("/%zz", {}),
        ]:
            with self.subTest(f"{path} {headers}"):
                response = self.server.request(path, headers=headers)
                self.assertEqual(response.headers.get_all("X-Content-Type-Options"), ["nosniff"])

    def test_the_page_loads_nothing_from_other_origins_and_sends_no_referrer(self):
        for path in ("/", "/index.html", "/style.css", "/icon.svg", "/worklet/playback.js"):
            headers = self.ask(path).headers
            policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
            self.assertEqual(policy.pop("frame-ancestors"), "*")
            self.assertEqual(policy.pop("media-src"), "'self' blob:")
            self.assertEqual(set(policy.values()), {"'none'", "'self'"})
            self.assertEqual(policy["default-src"], "'none'")
            self.assertEqual(headers["Referrer-Policy"], "no-referrer")

    # Methods

    def test_other_methods_are_405_with_allow(self):
        for path in ("/", "/live.m3u8", self.path, "/live.json"):
            for method in ("POST", "PUT", "DELETE", "PATCH", "TRACE", "BREW"):
                with self.subTest(f"{method} {path}"):
                    response = self.ask(path, method)
                    self.assertEqual(response.status, 405)
                    allowed = {name.strip() for name in response.headers["Allow"].split(",")}
                    self.assertEqual(allowed, {"GET", "HEAD", "OPTIONS"})

    def test_head_is_get_without_the_body(self):
        for path, headers in [
            ("/", {}), ("/live.m3u8", {}), ("/live.m3u8", {"Accept-Encoding": "gzip"}), (self.path, {}),
            (self.path, {"If-None-Match": "*"}), ("/nothing", {}),
        ]:
            with self.subTest(f"{path} {headers}"):
                get, head = self.server.request(path, "GET", headers), self.server.request(path, "HEAD", headers)
                self.assertEqual(head.status, get.status)
                self.assertEqual(head.body, b"")
                if get.status != 304:
                    self.assertEqual(int(get.headers["Content-Length"]), len(get.body))
                self.assertEqual(stable_headers(head), stable_headers(get))

    def test_head_takes_no_range(self):
        # RFC 9110 §14.2: "For this specification, GET is the only method for which range handling is defined."
        for value in ("bytes=7-99", "bytes=0-0,2-3", "bytes=99999999-"):
            head = self.ask(method="HEAD", Range=value)
            self.assertEqual((head.status, stable_headers(head)), (200, stable_headers(self.ask())))

    def test_options_allows_what_players_of_other_origins_need(self):
        response = self.ask(
            self.path, "OPTIONS", Origin="https://example.org", Access_Control_Request_Method="GET",
            Access_Control_Request_Headers="range")
        self.assertEqual(response.status, 204)
        self.assertEqual(response.headers["Access-Control-Allow-Origin"], "*")
        self.assertIn("range", response.headers["Access-Control-Allow-Headers"].lower())
        self.assertIn("GET", response.headers["Access-Control-Allow-Methods"])

    def test_media_may_be_embedded_by_any_page(self):
        for path in ("/live.m3u8", self.path, "/live.json"):
            response = self.ask(path, Origin="https://example.org")
            self.assertEqual(response.headers["Access-Control-Allow-Origin"], "*")
            exposed = {name.strip() for name in response.headers["Access-Control-Expose-Headers"].lower().split(",")}
            self.assertLessEqual({"age", "date", "content-length", "content-range"}, exposed)

    # Caches

    def test_validators_make_304_answers(self):
        for path in ("/", "/live.m3u8", self.path):
            with self.subTest(path):
                first = self.ask(path)
                tag = first.headers["ETag"]
                # Strong: RFC 9110 §8.8.3.
                self.assertRegex(tag, r'^"[\x21\x23-\x7e]+"$')
                for value in (tag, f'"other", {tag}', f"W/{tag}", "*"):
                    response = self.ask(path, If_None_Match=value)
                    self.assertEqual((response.status, response.body), (304, b""), value)
                    for name in ("ETag", "Cache-Control", "Vary", "Last-Modified"):
                        self.assertEqual(response.headers[name], first.headers[name], name)
                self.assertEqual(self.ask(path, If_None_Match='"other"').status, 200)
                parsedate_to_datetime(first.headers["Last-Modified"])
                self.assertEqual(self.ask(path, If_Modified_Since=first.headers["Last-Modified"]).status, 304)
                self.assertEqual(self.ask(path, If_Modified_Since="Thu, 01 Jan 1970 00:00:00 GMT").status, 200)
                # RFC 9110 §13.1.3: "A recipient MUST ignore If-Modified-Since if the request contains an If-None-Match
                # header field".
                response = self.ask(
                    path, If_None_Match='"other"', If_Modified_Since=first.headers["Last-Modified"])
                self.assertEqual(response.status, 200)

    def test_segments_may_be_cached_for_long_and_the_playlist_for_a_second(self):
        self.assertIn("immutable", self.ask().headers["Cache-Control"])
        self.assertGreaterEqual(int(re.search(r"max-age=(\d+)", self.ask().headers["Cache-Control"])[1]), 3600)
        playlist = self.ask("/live.m3u8").headers["Cache-Control"]
        age = re.search(r"max-age=(\d+)", playlist)
        self.assertLessEqual(int(age[1]), 1, playlist)
        self.assertEqual(self.ask("/").headers["Cache-Control"], "public, max-age=0, s-maxage=10")

    def test_the_playlist_is_compressed_only_if_accept_encoding_allows_it(self):
        plain = self.ask("/live.m3u8")
        self.assertIsNone(plain.headers["Content-Encoding"])
        self.assertIn("accept-encoding", plain.headers["Vary"].lower())
        for value, compressed in [
            ("gzip", True), ("gzip, identity;q=1, *;q=0", True), ("*", True), ("gzip;q=0.5", True), ("GZIP", True),
            ("br, gzip;q=0.8", True), ("gzip;q=0", False), ("identity", False), ("br", False), ("", False),
            ("*;q=0, identity", False), ("gzip;q=0.000, *", False), ("deflate", False),
        ]:
            with self.subTest(value):
                response = self.ask("/live.m3u8", Accept_Encoding=value)
                self.assertEqual(response.status, 200)
                self.assertEqual(response.headers["Content-Encoding"], "gzip" if compressed else None)
                self.assertIn("accept-encoding", response.headers["Vary"].lower())
                body = gzip.decompress(response.body) if compressed else response.body
                self.assertEqual(body, plain.body)
                self.assertEqual(response.headers["ETag"] == plain.headers["ETag"], not compressed)

    def test_media_are_never_compressed(self):
        for headers in ({}, {"Range": "bytes=0-9"}):
            response = self.server.request(self.path, headers={"Accept-Encoding": "gzip, *", **headers})
            self.assertIsNone(response.headers["Content-Encoding"])

    # Connections

    def test_pipelined_requests_are_answered_in_order(self):
        requests = [
            f"GET {self.path} HTTP/1.1\r\nHost: localhost\r\nRange: bytes={n}-{n + 1}\r\n\r\n" for n in range(50)]
        requests.append("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        with socket.create_connection((self.server.host, self.server.port), timeout=10) as client:
            client.sendall("".join(requests).encode())
            answer = b"".join(iter(lambda: client.recv(1 << 16), b""))
        ranges = re.findall(rb"content-range: bytes (\d+)-", answer, re.IGNORECASE)
        self.assertEqual(ranges, [str(n).encode() for n in range(50)])
        self.assertTrue(answer.endswith(self.server.get("/")))

    def test_http_1_0_gets_the_whole_segment_and_the_connection_is_closed(self):
        with socket.create_connection((self.server.host, self.server.port), timeout=10) as client:
            client.sendall(f"GET {self.path} HTTP/1.0\r\n\r\n".encode())
            answer = b"".join(iter(lambda: client.recv(1 << 16), b""))
        head, _, body = answer.partition(b"\r\n\r\n")
        self.assertIn(b" 200 ", head.split(b"\r\n")[0])
        self.assertEqual(body, self.body)


def stable_headers(response):
    """The header fields without the date and the random boundary."""
    return [
        (name, re.sub(r"boundary=\S+", "", value)) for name, value in response.headers.items() if name != "Date"]


if __name__ == "__main__":
    unittest.main()
