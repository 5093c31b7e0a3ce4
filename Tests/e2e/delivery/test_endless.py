"""`/live.mp3`, the endless stream: one answer without an end, for internet radios and old players."""

import signal
import tempfile
import time
import unittest
from datetime import timedelta
from pathlib import Path

from support.clients.segment_collector import SegmentCollector
from support.clients.radio import Radio
from support.formats import mp3, wav
from support.machine.certificate import Certificate
from support.server import Server
from support.sound import signals
from support.waiting import TIMEOUT, wait_until

RATE = 48000
TOKEN = "swordfish-and-chips"


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        # The frames of the test tone repeat. The frames of this sound do not, so that a missing frame shows.
        folder = cls.enterClassContext(tempfile.TemporaryDirectory(prefix="wav."))
        cls.reference = Path(folder, "reference.wav")
        cls.reference.write_bytes(wav.wav(signals.reference(30, RATE, 2), RATE))

    def server(self, *flags, source=None, **options):
        server = Server(
            "--source", f"file:{source or self.reference}", "--segment-length", 0.5, "--allow-origin", "*", *flags,
            **options)
        self.addCleanup(server.close)
        return server

    def radio(self, server, **options):
        return self.enterContext(Radio(server, **options))

    def check(self, radio, segments, ends=False):
        """Checks that the frames of a listener are the frames of the segments. Returns the offset of the first one."""
        whole = b"".join(segment.payload for segment in segments)
        sound = radio.sound
        begin = whole.find(sound[:4000])
        self.assertEqual(whole.count(sound[:4000]), 1, "the first frames are in the segments exactly once")
        # The listener may be ahead of the last complete segment.
        common = min(len(sound), len(whole) - begin)
        self.assertTrue(sound[:common] == whole[begin : begin + common], "its frames differ from the segments")
        self.assertGreater(common, 0.8 * len(sound))
        if ends:
            self.assertEqual(begin + len(sound), len(whole))
        # The first frame needs no earlier frame.
        self.assertEqual(mp3.walk(sound)[0].reservoir, 0)
        return begin


class Frames(Case):
    """The endless stream has the bytes of the segments, across their cuts, with and without TLS and titles."""

    flags, certificate = [], None

    def test_every_listener_gets_the_frames_of_all_segments(self):
        certificate = self.certificate and self.enterContext(self.certificate())
        server = self.server(*self.flags, certificate=certificate)
        collector = SegmentCollector(server)
        radios = []

        def connect(collector):
            version, titles = [("1.1", False), ("1.0", True), ("1.1", True), ("1.0", False)][len(radios) % 4]
            radios.append(self.radio(server, version=version, titles=titles, narrow=len(radios) % 3 == 2))
            return len(radios) >= 12
        collector.follow(lambda collector: len(collector.segments) >= 2)
        collector.follow(connect)
        for radio in radios:
            radio.wait(4)
        self.assertIn(b'\nringcast_listeners{way="endless"} 12\n', server.operator_get("/metrics"))
        collector.follow(lambda collector: len(collector.segments) >= 14)
        segments = collector.parsed()
        begins = {self.check(radio, segments) for radio in radios}
        # The listeners connected at different times.
        self.assertGreater(len(begins), 3)


class PaddedFrames(Frames):
    flags = ["--sample-rate", 44100, "--bitrate", 160, "--channels", 1]


class SecretFrames(Frames):
    certificate = Certificate


class Answer(Case):
    def test_the_header_has_the_fields_that_simple_players_need(self):
        server = self.server("--bitrate", 96)
        server.wait_playlist()
        for version, titles in (("1.0", False), ("1.1", True)):
            radio = self.radio(server, version=version, titles=titles)
            self.assertEqual(radio.status, 200)
            said = {name: radio.headers.get(name) for name in (
                "content-type", "cache-control", "accept-ranges", "connection", "access-control-allow-origin",
                "icy-name", "icy-br", "icy-pub", "icy-metaint", "transfer-encoding", "content-length")}
            said["connection"] = said["connection"].lower()
            self.assertEqual(said, {
                "content-type": "audio/mpeg", "cache-control": "no-store", "accept-ranges": "none",
                "connection": "close", "access-control-allow-origin": "*", "icy-name": "live", "icy-br": "96",
                "icy-pub": "0", "icy-metaint": "16000" if titles else None, "transfer-encoding": None,
                "content-length": None})
            radio.wait(1)
        head = server.request("/live.mp3", method="HEAD")
        self.assertEqual((head.status, head.body, head.headers["icy-br"]), (200, b"", "96"))
        self.assertIsNone(head.headers["Content-Length"])
        preflight = server.request("/live.mp3", method="OPTIONS")
        self.assertIn("Icy-MetaData", preflight.headers["Access-Control-Allow-Headers"])
        self.assertEqual(server.request("/hall.mp3").status, 404)

    def test_it_is_held_until_there_is_sound(self):
        server = self.server()
        self.assertEqual(self.radio(server).wait(0.5).status, 200)

    def test_the_burst_comes_at_once_and_then_the_sound_at_its_own_pace(self):
        for burst in (0, 3):
            server = self.server("--burst", burst)
            server.wait_playlist(lambda playlist: playlist.duration >= 5)
            radio = self.radio(server)
            end, most = time.monotonic() + 2, 0
            while time.monotonic() < end:
                now = time.monotonic()
                most = max(most, len(radio.sound) * 8 / 128_000 - (now - radio.began))
                time.sleep(0.02)
            # The burst may be longer by a part of 0.288 s, by the sound since the last part, and by a chunk.
            self.assertLess(most, burst + 2 * 0.288 + 0.1)
            self.assertGreater(most, burst - 0.2)

    def test_the_endless_stream_needs_the_token(self):
        server = self.server("--listen-token", "open-sesame")
        self.assertEqual(server.request("/live.mp3").status, 401)
        self.assertEqual(self.radio(server, path="/live.mp3?token=open-sesame").wait(1).status, 200)


class Titles(Case):
    def test_each_title_comes_once_at_the_place_of_its_sound(self):
        server = self.server("--admin-token", TOKEN, "--bitrate", 320, "--burst", 3)
        collector = SegmentCollector(server)
        collector.follow(lambda collector: len(collector.segments) >= 7)
        first = self.radio(server, titles=True).wait(4)
        self.assertEqual(server.set_now_playing(TOKEN, title="Für Elise", artist="L. v. B.").status, 204)
        wait_until(lambda: len(first.titles) > 1, TIMEOUT, "the title")
        # The burst contains sound from before the title.
        second = self.radio(server, titles=True).wait(4)
        self.assertEqual(server.set_now_playing(TOKEN).status, 204)
        for radio in (first, second):
            wait_until(lambda: len(radio.titles) > 2, TIMEOUT, "the empty title")
        collector.step()
        last = collector.playlist.last
        collector.follow(lambda collector: collector.playlist.last > last)
        ranges = collector.playlist.date_ranges
        self.assertEqual([range.title for range in ranges], ["Für Elise", None])
        for radio in (first, second):
            begin = self.check(radio, collector.parsed())
            self.assertEqual([title for _, title in radio.titles], ["", "L. v. B. - Für Elise", ""])
            self.assertEqual([offset % 16_000 for offset, _ in radio.titles], [0, 0, 0])
            for range, (offset, _) in zip(ranges, radio.titles[1:]):
                late = self.date(collector, begin + offset) - range.start
                # A title has a place every 0.4 s. It takes the next unsent place, up to a part later.
                self.assertGreater(late, timedelta(milliseconds=-5))
                self.assertLess(late, timedelta(seconds=0.4 + 0.288 + 0.1))

    def date(self, collector, offset):
        """The date of a byte of the segments' frames."""
        for (entry, body) in (collector.segments[sequence] for sequence in sorted(collector.segments)):
            payload = len(mp3.segment(body).payload)
            if offset < payload:
                return entry.date + timedelta(seconds=offset * 8 / 320_000)
            offset -= payload
        self.fail("no segment contains the byte yet")


class Slow(Case):
    def test_only_a_listener_that_falls_too_far_behind_is_disconnected(self):
        server = self.server("--bitrate", 320, "--burst", 0, "--max-lag", 1)
        collector = SegmentCollector(server)
        collector.follow(lambda collector: len(collector.segments) >= 1)
        quick = self.radio(server)
        slow = [self.radio(server, narrow=True, paused=True, titles=number == 1) for number in range(2)]
        collector.follow(lambda _: "warning: http: disconnected 1 listener of the endless stream" in server.log)
        collector.follow(lambda collector: len(collector.segments) >= 18)
        self.check(quick.wait(8), collector.parsed())
        self.assertFalse(quick.ended)
        self.assertIn(b"\nringcast_listeners_dropped_total 2\n", server.operator_get("/metrics"))
        for radio in slow:
            # The connection was reset, and the kernel's buffer with it.
            radio.resume()
            self.assertIsInstance(radio.wait_end(5).error, ConnectionResetError)


class Frozen(Case):
    def test_a_listener_is_not_disconnected_for_the_sound_that_comes_at_once_after_a_frozen_process(self):
        # Ten times the maximum lag.
        server = self.server("--burst", 0, "--max-lag", 1)
        radio = self.radio(server, narrow=True).wait(2)
        server.process.send_signal(signal.SIGSTOP)
        time.sleep(10)
        server.process.send_signal(signal.SIGCONT)
        radio.wait(13)
        self.assertFalse(radio.ended)


class End(Case):
    def test_at_the_end_of_the_input_the_answer_ends_with_its_last_frame(self):
        folder = self.enterContext(tempfile.TemporaryDirectory(prefix="wav."))
        path = Path(folder, "reference.wav")
        path.write_bytes(wav.wav(signals.reference(3.3, RATE, 2), RATE))
        server = self.server(source=path)
        radios = [self.radio(server, titles=titles) for titles in (False, True)]
        collector = SegmentCollector(server).to_end()
        for radio in radios:
            self.assertIsNone(radio.wait_end().error)
            self.check(radio, collector.parsed(), ends=True)
        gone = server.request("/live.mp3")
        self.assertEqual((gone.status, gone.body), (404, b"the stream has ended\n"))


class Restart(Case):
    def test_after_a_restart_it_begins_with_new_sound(self):
        sound = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="sound.")))
        first = self.server(sound=sound)
        radio = self.radio(first).wait(3)
        before = SegmentCollector(first)
        before.step()
        first.kill()
        radio.wait_end()
        self.check(radio, before.parsed())
        second = self.server(sound=sound)
        radio = self.radio(second).wait(3)
        after = SegmentCollector(second)
        after.follow(lambda after: after.playlist.last > before.playlist.last + 6)
        number = [entry.discontinuity for entry, _ in (after.segments[s] for s in sorted(after.segments))].index(True)
        self.assertEqual(self.check(radio, after.parsed()[number:]), 0)
        # A clean stop ends the answer, too.
        second.stop()
        radio.wait_end()


if __name__ == "__main__":
    unittest.main()
