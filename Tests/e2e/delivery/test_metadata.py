"""The title now playing: set by a request or a file; listed in both playlists and in the header of each growing
segment; dated to the sample."""

import fcntl
import json
import struct
import subprocess
import tempfile
import termios
import unittest
from datetime import datetime, timedelta, timezone
from pathlib import Path
from urllib.parse import unquote

import numpy as np

from support import processes
from support.formats import hls, mp3
from support.formats.low_latency import Playlist
from support.server import Server
from support.waiting import TIMEOUT, wait_until

TOKEN = "swordfish-and-chips"
RATE = 48000
# Frames that ringcast reads at a time.
BLOCK = 480


class Case(unittest.TestCase):
    def start(self, *flags, **options):
        server = Server("--segment-length", 0.5, "--admin-token", TOKEN, *flags, **options)
        self.addCleanup(server.close)
        return server

    def now_playing(self, server):
        return json.loads(server.get("/live/metadata"))

    def date_ranges(self, server):
        """The date ranges of the plain playlist. The low-latency playlist has the last one, too."""
        plain = server.playlist().date_ranges
        newer = Playlist(server.get("/live-ll.m3u8")).check().date_ranges
        self.assertLessEqual(set(plain[-1:]), set(newer))
        return plain

    def wait_ranges(self, server, condition, seconds=10):
        def awaited():
            ranges = self.date_ranges(server)
            return ranges if ranges and condition(ranges) else None
        return wait_until(awaited, seconds, "the date range")


class Requests(Case):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(
            Server(
                "--source", "tone", "--segment-length", 0.5, "--admin-token", TOKEN, "--allow-origin", "*"))
        cls.server.wait_playlist(lambda playlist: len(playlist.entries) >= 2)

    def put(self, body, token=TOKEN, **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        headers = {"Content-Type": "application/json", **headers}
        return self.server.request("/live/metadata", "PUT", headers, body)

    def test_a_title_that_is_set_is_in_both_playlists_dated_when_it_was_set(self):
        # Characters with a meaning in lines, URIs and attribute lists of a playlist.
        said = {"title": "Für Elise, WoO 59.mp3 = 100 %", "artist": "“L. v. B.”, #EXTM3U 😀"}
        before = datetime.now(timezone.utc)
        self.assertEqual(self.server.set_now_playing(TOKEN, **said).status, 204)
        after = datetime.now(timezone.utc)
        self.assertEqual(self.now_playing(self.server), said)
        ranges = self.wait_ranges(self.server, lambda ranges: ranges[-1].title == said["title"])
        self.assertEqual(ranges[-1].artist, said["artist"])
        # The date may be a block early or late, plus the decoder's delay.
        self.assertLess(before - timedelta(milliseconds=50), ranges[-1].start)
        self.assertLess(ranges[-1].start, after + timedelta(milliseconds=200))
        self.assertEqual(self.server.set_now_playing(TOKEN).status, 204)
        ranges = self.wait_ranges(self.server, lambda ranges: ranges[-1].title is None)
        self.assertIsNone(ranges[-1].artist)
        self.assertEqual(self.now_playing(self.server), {"title": None, "artist": None})

    def test_a_growing_segment_has_the_title_in_its_header(self):
        self.server.set_now_playing(TOKEN, title="Für Elise", artist=None)
        listed = self.wait_ranges(self.server, lambda ranges: ranges[-1].title == "Für Elise")[-1]
        sequence = Playlist(self.server.get("/live-ll.m3u8")).recording.sequence + 1
        growing = self.server.request(f"/live/{sequence}.mp3")
        self.assertEqual(growing.headers["Transfer-Encoding"], "chunked")
        field = growing.headers["Ringcast-Date-Range"]
        self.assertTrue(field.isascii())
        self.assertEqual(hls.date_range(unquote(field)), listed)
        # The body contains no title.
        mp3.segment(growing.body)

    def test_a_title_is_listed_while_it_plays_and_leaves_with_its_sound(self):
        self.server.set_now_playing(TOKEN, title="first")
        first = self.wait_ranges(self.server, lambda ranges: ranges[-1].title == "first")[-1]
        self.server.set_now_playing(TOKEN, title="second")
        second = self.wait_ranges(self.server, lambda ranges: ranges[-1].title == "second")[-1]
        playlist = self.server.wait_playlist(lambda playlist: playlist.entries[0].date > second.start)
        self.assertEqual(playlist.date_ranges[-1], second)
        self.assertNotIn(first, playlist.date_ranges)

    def test_invalid_requests_are_refused_with_a_reason(self):
        said = self.now_playing(self.server)
        good = json.dumps({"title": "a"})
        for status, word, answer in [
            (401, "operator's token", self.put(good, token=None)),
            (401, "operator's token", self.put(good, "wrong-one")),
            (415, "application/json", self.put(good, Content_Type="text/plain")),
            (415, "application/json", self.put(good, Content_Encoding="gzip")),
            (400, "not JSON", self.put("title=a")), (400, "title", self.put('{"title": 7}')),
            (400, "256 bytes", self.put(json.dumps({"title": 257 * "a"}))),
            (400, "control characters", self.put(json.dumps({"artist": "a\nb"}))),
            (413, "4096 bytes", self.put(4097 * " ")), (411, "Content-Length", self.put(iter([good.encode()]))),
        ]:
            with self.subTest(f"{status} {word}"):
                self.assertEqual(answer.status, status, answer)
                self.assertIn(word, answer.body.decode())
        self.assertEqual(self.now_playing(self.server), said)

    def test_a_page_of_another_site_cannot_set_a_title(self):
        answer = self.server.request("/live/metadata", "OPTIONS", {
            "Origin": "https://example.org", "Access-Control-Request-Method": "PUT",
            "Access-Control-Request-Headers": "authorization"})
        self.assertNotIn("PUT", answer.headers["Access-Control-Allow-Methods"])
        self.assertIn("PUT", answer.headers["Allow"])
        read = self.server.request("/live/metadata", headers={"Origin": "https://example.org"})
        self.assertEqual(read.headers["Access-Control-Allow-Origin"], "*")
        self.assertEqual(read.headers["Cache-Control"], "no-store")

    def test_players_play_on(self):
        self.server.set_now_playing(TOKEN, title="Für Elise, WoO 59", artist="“L. v. B.”")
        self.wait_ranges(self.server, lambda ranges: ranges[-1].title == "Für Elise, WoO 59")
        for path in ("live.m3u8", "live-ll.m3u8"):
            result = processes.run(
                ["ffmpeg", "-v", "error", "-i", f"{self.server.url}{path}", "-t", "2", "-f", "s16le", "-"])
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertGreaterEqual(len(result.stdout), 2 * 2 * 2 * RATE)


class Limits(Case):
    def test_the_longest_title_fits_beside_a_browser_s_request(self):
        server = self.start("--source", "tone", "--request-memory", 4096)
        server.wait_playlist(lambda playlist: len(playlist.entries) >= 2)
        longest = 85 * "語" + "a"
        self.assertEqual(server.set_now_playing(TOKEN, title=longest, artist=longest).status, 204)
        self.wait_ranges(server, lambda ranges: ranges[-1].artist == longest)
        sequence = Playlist(server.get("/live-ll.m3u8")).recording.sequence + 1
        head = {"User-Agent": 130 * "a", "Cookie": 150 * "b", "Referer": 100 * "c", "Accept-Language": 100 * "d",
                "Sec-Ch-Ua": 100 * "e", "Accept-Encoding": "identity"}
        growing = server.request(f"/live/{sequence}.mp3?token={80 * 'f'}", headers=head)
        self.assertEqual(growing.status, 200)
        self.assertEqual(hls.date_range(unquote(growing.headers["Ringcast-Date-Range"])).title, longest)
        mp3.segment(growing.body)

    def test_without_an_operator_s_token_no_title_can_be_set(self):
        server = Server("--source", "tone")
        self.addCleanup(server.close)
        refusal = server.set_now_playing("whatever-token", title="a")
        self.assertEqual(refusal.status, 401)
        self.assertIn(b"--admin-token", refusal.body)
        self.assertEqual(self.now_playing(server), {"title": None, "artist": None})


class Timing(Case):
    def test_a_title_is_dated_at_the_sample_that_came_in_when_it_was_set(self):
        server = self.start("--source", "stdin", "--sample-rate", RATE, "--channels", 1, stdin=subprocess.PIPE)
        pipe = server.process.stdin
        quiet = 3 * RATE // 2
        pipe.write(bytes(2 * quiet))
        pipe.flush()
        waiting = lambda: struct.unpack("i", fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)))[0]
        wait_until(lambda: waiting() == 0, TIMEOUT, "the pipe is empty")
        self.assertEqual(server.set_now_playing(TOKEN, title="loud").status, 204)
        loud = (20000 * np.sin(np.arange(3 * RATE) * 0.3)).astype("<i2")
        pipe.write(loud.tobytes())
        pipe.close()
        playlist = server.wait_playlist(lambda playlist: playlist.ended)
        (range,) = playlist.date_ranges
        segments = [mp3.segment(server.get(f"/{entry.uri}")) for entry in playlist.entries]
        # A player finds the place in the segment that contains the date.
        entry, segment = [
            pair for pair in zip(playlist.entries, segments) if pair[0].date <= range.start][-1]
        place = segment.timestamp * RATE / 90000 + (range.start - entry.date).total_seconds() * RATE
        decoded = mp3.decode(b"".join(segment.payload for segment in segments), 1)[:, 0]
        heard = int(np.argmax(np.abs(decoded) > 0.3))
        self.assertAlmostEqual(heard, quiet + mp3.DELAY, delta=100)
        # Not later than the next sound, and not earlier than the block before. Dates are cut to milliseconds.
        self.assertLess(place, quiet + mp3.DELAY + 0.001 * RATE)
        self.assertGreater(place, quiet + mp3.DELAY - BLOCK - 0.002 * RATE)


class Files(Case):
    def setUp(self):
        folder = self.enterContext(tempfile.TemporaryDirectory(prefix="metadata."))
        self.file = Path(folder, "playing.txt")

    def test_a_file_sets_the_title_and_is_read_when_it_changes(self):
        self.file.write_text("title=Bolero\nartist=Ravel\n")
        server = self.start("--source", "tone", "--metadata-file", self.file)
        server.wait_playlist()
        self.wait_ranges(server, lambda ranges: (ranges[-1].title, ranges[-1].artist) == ("Bolero", "Ravel"))
        self.file.write_text("Ravel - La valse\n")
        self.wait_ranges(server, lambda ranges: ranges[-1].title == "Ravel - La valse")
        # The last title counts, from a request or from the file.
        self.assertEqual(server.set_now_playing(TOKEN, title="News").status, 204)
        self.wait_ranges(server, lambda ranges: ranges[-1].title == "News")

    def wait_title(self, server, title):
        wait_until(lambda: self.now_playing(server) == {"title": title, "artist": None}, TIMEOUT, f"the title {title}")

    def test_a_file_that_cannot_be_read_is_logged_once_and_leaves_no_title_standing(self):
        server = self.start("--source", "tone", "--metadata-file", self.file)
        server.wait_log(r"warning: metadata: \S+playing.txt: No such file or directory .*; no title is shown")
        self.file.write_text("title=Bolero\n")
        server.wait_log(r"info: metadata: \S+playing.txt is read again")
        self.wait_title(server, "Bolero")
        self.file.write_bytes(5000 * b"a")
        server.wait_log(r"warning: metadata: \S+playing.txt: File too large")
        self.wait_title(server, None)
        self.wait_ranges(server, lambda ranges: ranges[-1].title is None)
        self.assertEqual(server.log.count(" warning: metadata: "), 2)

    def test_a_file_in_another_encoding_is_read(self):
        self.file.write_text("Bolero\n")
        server = self.start("--source", "tone", "--metadata-file", self.file)
        self.wait_title(server, "Bolero")
        for content, title in [
            ("title=Grün\r\n".encode("latin-1"), "Grün"), ("title=“Grün” – 5 €".encode("cp1252"), "“Grün” – 5 €"),
            ("title=Größe\r\n".encode("utf-16"), "Größe"), ("title=Weiß\r\n".encode("utf-16-be"), "Weiß"),
            ("title=Tab\tulator\n".encode(), "Tab ulator"), (f"title={300 * 'ä'}".encode(), 128 * "ä"),
        ]:
            with self.subTest(title):
                self.file.write_bytes(content)
                self.wait_title(server, title)
        self.assertNotIn("warning: metadata", server.log)

    def test_after_a_restart_the_title_comes_from_the_file_only(self):
        self.file.write_text("title=Bolero\n")
        with tempfile.TemporaryDirectory(prefix="sound.") as sound:
            server = self.start("--source", "tone", sound=sound)
            server.wait_playlist()
            server.set_now_playing(TOKEN, title="La valse")
            self.wait_ranges(server, lambda ranges: ranges[-1].title == "La valse")
            before = server.playlist()
            server.stop()
            server = self.start("--source", "tone", "--metadata-file", self.file, sound=sound)
            after = server.wait_playlist(lambda playlist: playlist.date_ranges and playlist.last > before.last)
            hls.check_reload(before, after)
            self.assertEqual([range.title for range in after.date_ranges], ["Bolero"])


if __name__ == "__main__":
    unittest.main()
