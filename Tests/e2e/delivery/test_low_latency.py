"""Growing segments and Low-Latency HLS, from a client's view."""

import http.client
import re
import threading
import time
import unittest

from support import processes
from support.formats import mp3
from support.formats.low_latency import Playlist
from support.server import Server
from support.waiting import TIMEOUT


class Case(unittest.TestCase):
    def start(self, *flags, **options):
        server = Server("--source", "tone", "--segment-length", 1, "--allow-origin", "*", *flags, **options)
        self.addCleanup(server.close)
        return server

    def playlist(self, server, query=""):
        return Playlist(server.get(f"/live-ll.m3u8{query}")).check()


class Growing(Case):
    def test_one_request_a_segment_and_no_playlist_is_a_seamless_stream(self):
        # Long segments, so that a busy machine does not request a segment after it is complete.
        server = self.start("--segment-length", 2)
        sequence = self.playlist(server).recording.sequence
        connection = http.client.HTTPConnection(server.host, server.port, timeout=TIMEOUT)
        self.addCleanup(connection.close)
        bodies = {}
        # The first request comes during its segment, each next request before its segment begins.
        for sequence in range(sequence, sequence + 3):
            connection.request("GET", f"/live/{sequence}.mp3")
            response = connection.getresponse()
            self.assertEqual(response.status, 200)
            self.assertEqual(response.headers["Transfer-Encoding"], "chunked")
            began, arrivals, body = time.monotonic(), [], b""
            while piece := response.read1():
                arrivals.append(time.monotonic() - began)
                body += piece
            # The body came while it was recorded: its first bytes long before its last bytes.
            self.assertGreater(len(arrivals), 3)
            bodies[sequence] = body
        self.assertLess(arrivals[0], arrivals[-1] / 2)
        segments = [mp3.segment(body) for body in bodies.values()]
        for before, after in zip(segments, segments[1:]):
            self.assertEqual(after.timestamp - before.timestamp, before.samples * 90000 // 48000)
        # The complete segments have the bytes of the growing segments.
        for sequence, body in bodies.items():
            whole = server.request(f"/live/{sequence}.mp3")
            self.assertEqual(whole.body, body)
            self.assertEqual(int(whole.headers["Content-Length"]), len(body))
            self.assertIn("ETag", whole.headers)

    def test_prompt_readers_get_each_frame_and_other_readers_get_chunks(self):
        server = self.start("--segment-length", 2, "--chunk-length", 0.288, "--part-length", 0.288)
        sequence = self.playlist(server).recording.sequence + 1
        arrivals, bodies = {}, {}

        def follow(query):
            connection = http.client.HTTPConnection(server.host, server.port, timeout=TIMEOUT)
            connection.request("GET", f"/live/{sequence}.mp3{query}")
            response, pieces = connection.getresponse(), []
            while piece := response.read1():
                pieces.append(piece)
            connection.close()
            arrivals[query], bodies[query] = len(pieces), b"".join(pieces)

        threads = [threading.Thread(target=follow, args=[query]) for query in ("", "?prompt")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(bodies[""], bodies["?prompt"])
        # 83 frames, in chunks of 12. On a busy machine several of them may arrive together.
        self.assertLessEqual(arrivals[""], 10)
        self.assertGreater(arrivals["?prompt"], 2 * arrivals[""])

    def test_a_range_of_a_growing_segment_is_what_it_will_be(self):
        server = self.start()
        # The request is held until the segment begins.
        sequence = self.playlist(server).recording.sequence + 1
        ranged = server.request(f"/live/{sequence}.mp3", headers={"Range": "bytes=500-"})
        self.assertEqual(ranged.status, 206)
        self.assertEqual(ranged.headers["Content-Range"], "bytes 500-9007199254740991/*")
        self.assertEqual(ranged.body, server.get(f"/live/{sequence}.mp3")[500:])

    def test_a_segment_cut_off_by_a_kill_is_served_afterwards_with_the_same_beginning(self):
        first = self.start("--segment-length", 2)
        sequence = self.playlist(first).recording.sequence + 1
        connection = http.client.HTTPConnection(first.host, first.port, timeout=TIMEOUT)
        connection.request("GET", f"/live/{sequence}.mp3")
        response, heard = connection.getresponse(), b""
        while len(heard) < 12000:
            heard += response.read1()
        first.kill()
        try:
            while piece := response.read1():
                heard += piece
        except (http.client.HTTPException, OSError):
            pass
        connection.close()
        second = self.start("--segment-length", 2, sound=first.sound)
        body = second.get(f"/live/{sequence}.mp3")
        self.assertGreater(mp3.segment(body).samples, 0)
        shorter = min(len(body), len(heard))
        self.assertGreater(shorter, 11000)
        self.assertEqual(body[:shorter], heard[:shorter])
        # The stream goes on after that segment, in a new timeline.
        after = second.wait_playlist(lambda playlist: playlist.last > sequence)
        self.assertEqual([entry.sequence for entry in after.entries if entry.discontinuity], [sequence + 1])


class LowLatency(Case):
    def test_a_blocking_client_gets_each_part_once_and_the_parts_make_the_segments(self):
        server = self.start()
        playlist, parts = self.playlist(server), {}
        start = playlist.recording.sequence + 1
        while playlist.recording.sequence < start + 3:
            sequence, index, hint = playlist.recording.sequence, len(playlist.recording.parts), playlist.hint
            self.assertRegex(hint, rf"^live/[0-9a-f]{{12}}/{sequence}\.{index}\.mp3$")
            # The request for the hinted part is held until the part is complete.
            parts[hint] = mp3.segment(server.get(f"/{hint}"))
            playlist = self.playlist(server, f"?_HLS_msn={sequence}&_HLS_part={index}")
            listed = [part["URI"] for segment in [*playlist.segments, playlist.recording] for part in segment.parts]
            self.assertIn(hint, listed)
            # On a busy machine there may be more than one new part.
            for uri in listed:
                if uri not in parts:
                    parts[uri] = mp3.segment(server.get(f"/{uri}"))
        for sequence in range(start, start + 2):
            whole = mp3.segment(server.get(f"/live/{sequence}.mp3"))
            folder = hint.rsplit("/", 1)[0]
            count = sum(uri.startswith(f"{folder}/{sequence}.") for uri in parts)
            mine = [parts[f"{folder}/{sequence}.{index}.mp3"] for index in range(count)]
            self.assertEqual(sum(part.samples for part in mine), whole.samples)
            self.assertEqual(b"".join(part.payload for part in mine), whole.payload)
            self.assertEqual(mine[0].timestamp, whole.timestamp)

    def test_every_directive_is_answered_as_the_specification_says(self):
        server = self.start()
        server.wait_playlist(lambda playlist: len(playlist.entries) >= 2)
        last = self.playlist(server).segments[-1].sequence
        for query, status in [
            ("?_HLS_part=1", 400), ("?_HLS_msn=-1", 400), ("?_HLS_msn=x", 400), ("?_HLS_msn=", 400), ("?other=1", 200),
            (f"?_HLS_msn={last}", 200), (f"?_HLS_msn={last - 1}&_HLS_part=0", 200), ("?_HLS_msn=1", 200),
            (f"?_HLS_msn={last}&_HLS_part=99", 200), (f"?_HLS_msn={last + 1}", 200),
            # Each number and each directive has one spelling.
            (f"?_HLS_msn=0{last}", 400), (f"?_HLS_msn={last}&_HLS_part=00", 400), ("?_HLS_skip=YES", 200),
            ("?_HLS_skip=v2", 200), ("?_HLS_skip=yes", 400), ("?_HLS_skip=1", 400), ("?_HLS_skip=", 400),
        ]:
            with self.subTest(query):
                response = server.request(f"/live-ll.m3u8{query}")
                self.assertEqual(response.status, status, response)
                self.assertEqual(response.headers["Access-Control-Allow-Origin"], "*")
        for path, ahead, status in [
            ("-ll.m3u8?_HLS_msn={}", 3, 400), ("-ll.m3u8?_HLS_msn={}&_HLS_part=0", 3, 400), ("/{}.mp3", 3, 404),
            ("/{}.0.mp3", 3, 404), ("-ll.m3u8?_HLS_msn={}&_HLS_part=99", 1, 400), ("/{}.99.mp3", 1, 404),
            ("/{}.99.mp3", 0, 404), ("/{}.00.mp3", 0, 404),
        ]:
            with self.subTest(path, ahead=ahead):
                self.assertEqual(self.status(server, path, ahead), status)

    def status(self, server, path, ahead):
        """The status of a request for the segment `ahead` after the last complete segment. Repeats the request if
        another segment is completed meanwhile."""
        while True:
            last = self.playlist(server).segments[-1].sequence
            response = server.request(f"/live{path.format(last + ahead)}")
            if self.playlist(server).segments[-1].sequence == last:
                return response.status

    def test_a_blocking_answer_may_be_cached_for_six_target_durations_and_others_in_a_cache_for_a_second(self):
        server = self.start()
        playlist = self.playlist(server)
        sequence = playlist.recording.sequence
        blocked = server.request(f"/live-ll.m3u8?_HLS_msn={sequence}")
        self.assertEqual(blocked.headers["Cache-Control"], "public, max-age=6")
        self.assertEqual(
            server.request("/live-ll.m3u8").headers["Cache-Control"], "public, max-age=0, s-maxage=1")
        self.assertIn("immutable", server.request(f"/{playlist.hint}").headers["Cache-Control"])
        # Without the era in its path, an answer may be another one after a restart.
        for name in (f"{sequence}.0.mp3", f"{sequence}.mp3", f"{sequence + 1}.mp3"):
            self.assertEqual(
                server.request(f"/live/{name}").headers["Cache-Control"], "public, max-age=0, s-maxage=1", name)

    def test_a_delta_update_and_the_segments_it_skips_make_the_playlist(self):
        server = self.start("--segment-length", 0.5, "--ring-size", 20)
        server.wait_playlist(lambda playlist: len(playlist.entries) == 20)
        sequence = self.playlist(server).recording.sequence
        query = f"?_HLS_msn={sequence}&_HLS_part=0"
        # The second playlist may be newer, and is never older.
        whole, delta = self.playlist(server, query), self.playlist(server, query + "&_HLS_skip=YES")
        self.assertGreater(delta.skipped, 3)
        gone = delta.media_sequence - whole.media_sequence
        kept = [segment.uri for segment in whole.segments][gone + delta.skipped :]
        self.assertGreater(len(kept), 1)
        self.assertEqual([segment.uri for segment in delta.segments][: len(kept)], kept)

    def test_parts_leave_the_playlist_and_stay_available(self):
        server = self.start("--segment-length", 0.5)
        first = self.playlist(server).hint
        server.get(f"/{first}")
        server.wait_playlist(lambda playlist: len(playlist.entries) == 10)
        playlist = self.playlist(server)
        listed = [part["URI"] for segment in [*playlist.segments, playlist.recording] for part in segment.parts]
        self.assertNotIn(first, listed)
        self.assertEqual(server.request(f"/{first}").status, 200)

    def test_at_the_end_nothing_is_hinted_or_held(self):
        server = Server("--source", "stdin", "--segment-length", 1)
        self.addCleanup(server.close)
        server.wait_log("ended")
        # Standard input is empty: the stream ends without sound.
        playlist = self.playlist(server)
        self.assertTrue(playlist.ended)
        self.assertEqual(server.request("/live-ll.m3u8?_HLS_msn=99").status, 200)
        self.assertTrue(re.search(rb"ENDLIST", server.get("/live.m3u8")))

    def test_ffmpeg_reads_it(self):
        server = self.start("--segment-length", 2)
        server.wait_playlist()
        result = processes.run(
            ["ffmpeg", "-loglevel", "error", "-i", f"{server.url}live-ll.m3u8", "-t", "8", "-f", "f32le", "-"])
        self.assertEqual((result.returncode, result.stderr.decode()), (0, ""))
        self.assertGreater(len(result.stdout), 7.9 * 48000 * 2 * 4)


if __name__ == "__main__":
    unittest.main()
