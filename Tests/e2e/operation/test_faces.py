"""The logo and the accent of a station and of its streams: in the pages, the manifest, `/station.json`, and after a reload."""

import json
import re
import signal
import struct
import tempfile
import unittest
import zlib
from pathlib import Path

from support.formats.head import Head
from support.server import Server, refusal
from support.waiting import TIMEOUT, wait_until

FLAGS = ["--source", "tone", "--segment-length", "0.5", "--part-length", "0.1", "--ring-size", "6"]
# A host that reaches the server, and is no name of this machine.
HOST = {"Host": "Radio.Example:8000"}
MARKUP = """</title>"'><script>alert(1)</script>&amp;"""
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
JPEG = bytes.fromhex("ffd8ffe000040102ffc0000b0800c8012c03000000ffd9")


def png(width, height):
    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = (b"\0" + b"\x0b\x5c\xff" * width) * height
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="face.")))

    def file(self, name, content):
        (self.folder / name).write_bytes(content)
        return self.folder / name


class Faces(Case):
    def test_a_shared_link_shows_name_logo_and_description(self):
        logo = self.file("logo", png(64, 32))
        with Server(*FLAGS, "--host", "0.0.0.0", "--name", MARKUP, "--description", MARKUP, "--logo", logo) as server:
            page = Head(server.get("/", headers=HOST))
            for name, content in {
                "og:title": MARKUP, "og:description": MARKUP, "og:url": "http://radio.example:8000/",
                "og:image": "http://radio.example:8000/live/logo", "og:image:type": "image/png",
                "og:image:width": "64", "og:image:height": "32", "twitter:card": "summary", "ringcast-logo": "live/logo",
            }.items():
                self.assertEqual(page.meta.get(name), content, name)
            # Markup in the texts makes no elements.
            self.assertNotIn(b"<script>alert", server.get("/", headers=HOST))
            # A proxy on this machine may hide the host.
            self.assertEqual(Head(server.get("/", headers={"Host": "localhost"})).meta["og:image"], "live/logo")
            self.assertEqual(server.request("/", headers={"Host": "a\"><script>"}).status, 400)

    def test_each_kind_of_picture_is_recognised_by_its_bytes_and_runs_nothing(self):
        for content, kind in ((png(8, 8), "image/png"), (JPEG, "image/jpeg"), (SVG, "image/svg+xml")):
            logo = self.file("logo.txt", content)
            with self.subTest(kind), Server(*FLAGS, "--logo", logo) as server:
                for path in ("/live/logo", "/station/logo"):
                    answer = server.request(path)
                    self.assertEqual((answer.status, answer.body), (200, content))
                    self.assertEqual(answer.headers["Content-Type"], kind)
                    self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
                    policy = answer.headers["Content-Security-Policy"]
                    self.assertIn("default-src 'none'", policy)
                    self.assertIn("sandbox", policy)
                    self.assertNotIn("script", policy)

    def test_a_file_with_a_fault_keeps_the_station_from_starting(self):
        long, text = self.file("long", png(8, 8) + bytes(1 << 20)), self.file("text", b"hello")
        for path, rule in ((long, "EFBIG|too large"), (text, "PNG, JPEG or SVG"), (self.folder / "none", "No such file")):
            message = refusal("--source", "tone", "--logo", path)
            self.assertRegex(message, rf"--logo.*{re.escape(str(path))}.*({rule})")
        config = self.file("conf", f"source = tone\nlogo = {text}\n".encode())
        self.assertRegex(refusal("--config", config, "--check-config"), "logo.*PNG, JPEG or SVG")
        for colour in ("red", "#12", "0af", "#12345g"):
            self.assertRegex(refusal("--source", "tone", "--accent", colour), f"--accent.*{colour}.*colour")

    def test_a_stream_may_have_a_face_of_its_own_and_a_token_hides_no_face(self):
        logo, own = self.file("logo", png(8, 8)), self.file("own", SVG)
        with Server(
                *FLAGS, "--name", MARKUP, "--logo", logo, "--accent", "#0b5cff",
                "--stream", "hall", "--name", MARKUP, "--logo", own, "--accent", "#7a1f5c", "--listen-token", "secret-token",
                "--stream", "tower") as server:
            station = json.loads(server.get("/station.json"))
            hall, tower = station["streams"]
            self.assertEqual((station["logo"], station["accent"]), ("station/logo", "#0b5cff"))
            self.assertEqual((hall["logo"], hall["accent"], hall["private"]), ("hall/logo", "#7a1f5c", True))
            self.assertEqual((tower["logo"], tower["accent"]), ("station/logo", "#0b5cff"))
            self.assertEqual(server.get("/hall/logo"), SVG)
            self.assertEqual(server.request("/hall/played.json").status, 401)
            for path, logo, accent in (("/", "station/logo", "station/accent.css"), ("/hall", "hall/logo", "hall/accent.css")):
                page = server.get(path).decode()
                self.assertIn(f'<link rel="stylesheet" href="{accent}">', page)
                self.assertIn(f'<img class="logo" src="{logo}" alt="">', page)
                self.assertIn(f'<link rel="icon" href="{logo}"', page)
            # The browser's own contrast is a text's: the accent of a page is readable on its ground.
            self.assertRegex(server.get("/hall/accent.css").decode(), r"--accent: #[0-9a-f]{6}")
            manifest = json.loads(server.get("/hall/manifest.webmanifest"))
            self.assertEqual((manifest["name"], manifest["start_url"]), (MARKUP, "../hall"))
            self.assertEqual(manifest["icons"], [{"src": "logo", "sizes": "any", "type": "image/svg+xml"}])
            self.assertEqual(manifest["theme_color"], "#7a1f5c")
            manifest = json.loads(server.get("/ringcast.webmanifest"))
            self.assertEqual(manifest["icons"], [{"src": "station/logo", "sizes": "8x8", "type": "image/png"}])
            self.assertIn('href="hall/manifest.webmanifest"', server.get("/hall").decode())
            for path in ("/none/logo", "/station/none", "/none/qr.svg"):
                self.assertEqual(server.request(path).status, 404, path)

    def test_a_reload_shows_the_new_logo_and_a_fault_keeps_the_old_one(self):
        logo = self.file("logo", png(8, 8))
        config = self.file("conf", f"logo = {logo}\nsource = tone\nsegment-length = 0.5\npart-length = 0.1\n".encode())
        with Server("--config", config) as server:
            self.file("logo", b"no picture")
            server.process.send_signal(signal.SIGHUP)
            server.wait_log("reload: .*PNG, JPEG or SVG")
            self.assertEqual(server.get("/live/logo"), png(8, 8))
            self.file("logo", SVG)
            server.process.send_signal(signal.SIGHUP)
            wait_until(lambda: server.get("/live/logo") == SVG, TIMEOUT, "the new logo")
            self.assertIn(b'<link rel="icon" href="live/logo" type="image/svg+xml">', server.get("/"))

    def test_a_qr_code_has_the_address_that_the_request_names(self):
        with Server(*FLAGS, "--host", "0.0.0.0", "--stream", "hall", "--stream", "tower") as server:
            codes = {path: server.request(path, headers=HOST) for path in ("/hall/qr.svg", "/tower/qr.svg", "/station/qr.svg")}
            for path, answer in codes.items():
                self.assertEqual((answer.status, answer.headers["Content-Type"]), (200, "image/svg+xml"), path)
                self.assertEqual(answer.headers["Cache-Control"], "no-store")
                self.assertTrue(answer.body.startswith(b"<svg "))
            self.assertEqual(len({answer.body for answer in codes.values()}), 3)
            self.assertEqual(server.request("/hall/qr.svg", headers={"Host": "localhost"}).status, 404)


class Waveforms(Case):
    """The peaks of the segments, and the titles of the last hours."""

    def peaks(self, server):
        """The levels of each segment in `/live/ring.peaks`, by number."""
        content, found = server.get("/live/ring.peaks"), {}
        while content:
            sequence, length = struct.unpack(">QI", content[:12])
            found[sequence], content = content[12:12 + length], content[12 + length:]
        return found

    def test_each_listed_segment_has_peaks_that_caches_keep_as_the_segment(self):
        with Server(*FLAGS) as server:
            playlist = server.wait_playlist(lambda playlist: len(playlist.entries) >= 6)
            peaks = self.peaks(server)
            uri = playlist.entries[-1].uri
            segment, answer = server.request(f"/{uri}"), server.request(f"/{uri.replace('.mp3', '.peaks')}")
            for name in ("Cache-Control", "Last-Modified", "Access-Control-Allow-Origin"):
                self.assertEqual(answer.headers[name], segment.headers[name])
            head, levels = answer.body[:12], answer.body[12:]
            self.assertEqual(head, b"pks1" + struct.pack(">BBHI", 2, 0, 1152, 48000))
            self.assertAlmostEqual(len(levels) / 2 * 1152 / 48000, 0.5, delta=0.03)
            self.assertGreater(max(levels), 10)
            number = int(uri.rsplit("/", 1)[1].split(".")[0])
            self.assertEqual(peaks.get(number, answer.body), answer.body)
            self.assertGreaterEqual(len(peaks), 5)
            etag = answer.headers["ETag"]
            again = server.request(f"/{uri.replace('.mp3', '.peaks')}", headers={"If-None-Match": etag})
            self.assertEqual(again.status, 304)
            self.assertEqual(server.request("/live/1.peaks").status, 404)

    def test_peaks_and_titles_need_the_token_and_outlive_a_restart(self):
        token = "a-token-of-the-test"
        bearer = {"Authorization": f"Bearer {token}"}
        sound = self.folder / "sound"
        sound.mkdir()

        def get(server, path):
            answer = server.request(path, headers=bearer)
            self.assertEqual(answer.status, 200, path)
            return answer.body

        def titles(server):
            return [entry["title"] for entry in json.loads(get(server, "/live/played.json"))["titles"]]

        with Server(*FLAGS, "--listen-token", token, sound=sound) as server:
            for path in ("/live/ring.peaks", "/live/played.json", "/live/1.peaks"):
                self.assertEqual(server.request(path).status, 401)
            wait_until(lambda: len(get(server, "/live/ring.peaks")) > 300, TIMEOUT, "two segments with peaks")
            for title in ("One", MARKUP):
                server.set_now_playing(server.operator_token, title=title)
                wait_until(lambda: title in titles(server), TIMEOUT, title)
            self.assertEqual(titles(server), [MARKUP, "One"])
            before = get(server, "/live/ring.peaks")
            server.stop()
        number = struct.unpack(">Q", before[:8])[0]
        with Server(*FLAGS, "--listen-token", token, sound=sound) as server:
            self.assertEqual(titles(server), [MARKUP, "One"])
            wait_until(
                lambda: any(
                    server.request(f"/live/{number + step}.peaks", headers=bearer).status == 200 for step in range(1, 4)),
                TIMEOUT, "the peaks of a segment of the run before")


if __name__ == "__main__":
    unittest.main()
