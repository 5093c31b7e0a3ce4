"""A server that is stopped or killed, and started again with the same folder, continues the stream. No URL ever serves
another body."""

import random
import shutil
import tempfile
import time
import unittest
from pathlib import Path

from support.clients.segment_collector import SegmentCollector
from support.clients.restart_observer import RestartObserver
from support.formats import hls, mp3
from support.machine.disk import MEMORY, read_folder
from support.machine.wall_clock import WallClock
from support.server import Server
from support.waiting import TIMEOUT, wait_until

RING = 8
FLAGS = ["--source", "tone", "--segment-length", "0.5", "--ring-size", RING]


class Case(unittest.TestCase):
    def setUp(self):
        # In memory, because a slow disk has tests of its own.
        self.sound = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="sound.", dir=MEMORY)))
        self.folder = self.sound / "live"
        # {URI: body} of all segments that were served.
        self.bodies = {}

    def start(self, port=0, **options):
        server = Server(*FLAGS, sound=self.sound, port=port, **options)
        self.addCleanup(server.close)
        return server

    def follow(self, server, count, before=None):
        """Collects `count` new segments. Checks the first playlist against `before`, the playlist before the
        restart."""
        collector = SegmentCollector(server, RING)
        collector.playlist = before
        known = set(self.bodies)
        collector.follow(lambda collector: len({e.uri for e, _ in collector.segments.values()} - known) >= count)
        for entry, body in collector.segments.values():
            self.assertEqual(self.bodies.setdefault(entry.uri, body), body, entry.uri)
        return collector

    def check_all_bodies(self, server):
        """Checks that each URI serves its body or 404. Returns the URIs that are still served."""
        answers = {uri: server.request(f"/{uri}") for uri in self.bodies}
        for uri, response in answers.items():
            self.assertIn(response.status, (200, 404))
            if response.status == 200:
                self.assertEqual(response.body, self.bodies[uri], uri)
        return [uri for uri, response in answers.items() if response.status == 200]


class Restarted(Case):
    def restarted(self, end):
        first = self.start()
        # More than one ring, so that the stream is older than its playlist.
        before = self.follow(first, RING + 2).playlist
        end(first)
        stored = hls.read((self.folder / "live.m3u8").read_bytes())
        second = self.start()
        playlist = second.playlist()
        # The ring is restored at once. On a slow machine the playlist may have new segments already, after a
        # discontinuity.
        hls.check_reload(before, playlist)
        self.assertEqual(len(playlist.entries), RING)
        new = next((entry.sequence for entry in playlist.entries if entry.discontinuity), playlist.last + 1)
        # After a kill the recording segment may be restored, too.
        self.assertIn(new - 1 - stored.last, (0, 1))
        after = self.follow(second, 1, playlist)
        after.follow(lambda collector: collector.playlist.last >= new)
        return new, second, after

    def joint(self, new, server, collector):
        """Checks that the first new segment has the next number and a discontinuity, which is counted when the segment
        leaves the playlist."""
        self.assertEqual([e.sequence for e in collector.playlist.entries if e.discontinuity], [new])
        timelines = collector.playlist.discontinuity_sequence
        server.wait_playlist(lambda playlist: playlist.media_sequence >= new)
        gone = self.follow(server, 2, server.playlist())
        gone.follow(lambda collector: collector.playlist.media_sequence > new)
        self.assertEqual(gone.playlist.discontinuity_sequence, timelines + 1)
        self.assertFalse(any(e.discontinuity for e in gone.playlist.entries))
        self.check_all_bodies(server)


class Restart(Restarted):
    def test_sigterm(self):
        self.joint(*self.restarted(lambda server: self.assertEqual(server.stop()[0], 0)))


class Kill(Restarted):
    def test_kill_9(self):
        self.joint(*self.restarted(lambda server: server.kill()))


class Again(Case):
    def test_killed_repeatedly_at_any_moment_no_number_goes_back(self):
        chance = random.Random(8216)
        playlist = None
        for _ in range(8):
            server = self.start()
            collector = self.follow(server, 1, playlist)
            self.check_all_bodies(server)
            end = time.monotonic() + chance.uniform(0, 0.9)
            while time.monotonic() < end:
                collector.step()
            for entry, body in collector.segments.values():
                self.assertEqual(self.bodies.setdefault(entry.uri, body), body)
            playlist = collector.playlist
            server.kill()
            # Every file in the folder is whole at any moment.
            entries = hls.read((self.folder / "live.m3u8").read_bytes()).entries
            for entry in entries:
                mp3.segment((self.folder / entry.uri).read_bytes())
            # If many segments were cut off, three target durations may need more segments than the ring size.
            self.assertLessEqual(len(list(self.folder.glob("*.mp3"))), max(RING, len(entries)))


class AnyInstant(Case):
    def test_killed_under_load_no_url_ever_serves_another_body(self):
        chance = random.Random(8216)
        server = self.start()
        with RestartObserver(server.host, server.port) as observer:
            for _ in range(6):
                observer.wait_beyond(observer.last, TIMEOUT)
                time.sleep(chance.uniform(0, 0.6))
                server.kill()
                for entry in hls.read((self.folder / "live.m3u8").read_bytes()).entries:
                    mp3.segment((self.folder / entry.uri).read_bytes())
                listed = observer.last
                server = self.start(server.port)
                # The ring is restored, so that listed segments are still listed.
                self.assertLessEqual(server.playlist().media_sequence, listed)
            observer.wait_beyond(observer.last, TIMEOUT)
            self.assertGreater(observer.check_all(), 0)
        # Some segments were cut off, and were served whole later.
        self.assertGreater(observer.bodies.completed_later, 0)


class SamePort(Case):
    def test_it_comes_back_on_the_same_port_at_once(self):
        first = self.start()
        before = self.follow(first, 2).playlist
        first.kill()
        second = self.start(first.port)
        self.assertEqual(second.port, first.port)
        hls.check_reload(before, second.playlist())

    def test_a_second_server_cannot_use_the_same_folder(self):
        self.start()
        with self.assertRaisesRegex(AssertionError, "another ringcast uses this folder"):
            self.start()


class PowerCut(Case):
    """A power cut deletes the memory that survives a killed process. Here the test deletes it."""

    def test_after_a_power_cut_no_number_is_used_that_may_have_been_served(self):
        first = self.start()
        before = self.follow(first, RING).playlist
        first.kill()
        first.crash_memory.unlink()
        second = self.start()
        after = self.follow(second, 2).playlist
        self.assertIn("what it served last is not known", second.log)
        # The gap is as large as the number of segments in an hour.
        self.assertGreater(after.media_sequence, before.last + 3600)
        self.assertEqual(self.check_all_bodies(second), [e.uri for e in after.entries if e.uri in self.bodies])

    def test_a_clean_stop_leaves_nothing_but_the_folder(self):
        first = self.start()
        before = self.follow(first, RING).playlist
        self.assertTrue(first.crash_memory.exists())
        self.assertTrue((self.folder / "running").exists())
        first.stop()
        self.assertFalse(first.crash_memory.exists())
        self.assertFalse((self.folder / "running").exists())
        self.assertGreaterEqual(self.start().playlist().last, before.last)


class Damage(Case):
    """Damaged files are skipped with a line in the log. The other files are used, and no number is used twice."""

    def damaged(self, damage):
        first = self.start()
        before = self.follow(first, RING).playlist
        first.stop()
        stored = hls.read((self.folder / "live.m3u8").read_bytes())
        damage(stored)
        second = self.start()
        after = self.follow(second, 2)
        self.assertGreater(after.playlist.last, before.last)
        self.assertGreaterEqual(after.playlist.media_sequence, before.media_sequence)
        self.assertGreaterEqual(after.playlist.discontinuity_sequence, before.discontinuity_sequence)
        # The collector has fetched each listed segment. All of them are whole.
        after.parsed()
        return stored, second, after

    def test_segments_that_are_cut_off_zeroed_or_text_are_passed_over(self):
        ruins = {
            1: lambda path: path.write_bytes(path.read_bytes()[:-100]),
            3: lambda path: path.write_bytes(bytes(path.stat().st_size)),
            4: lambda path: path.write_text("This is no sound at all.\n"),
        }

        def damage(stored):
            for index, ruin in ruins.items():
                ruin(self.folder / stored.entries[index].uri)
        stored, server, after = self.damaged(damage)
        for index in ruins:
            uri = stored.entries[index].uri
            self.assertRegex(server.log, rf"warning: .*{uri}.*passed over")
        # No segment before a missing one can be listed.
        self.assertEqual(after.playlist.media_sequence, stored.entries[5].sequence)

    def test_foreign_files_are_passed_over_and_left_alone(self):
        foreign = {"notes.txt": b"mine", "song.mp3": b"ID3 of somebody", "007.mp3": b"\xff\xfb", "live.m3u8.bak": b"#"}

        def damage(_):
            for name, data in foreign.items():
                (self.folder / name).write_bytes(data)
        stored, server, after = self.damaged(damage)
        self.assertEqual(after.playlist.media_sequence - stored.media_sequence, len(set(
            entry.sequence for entry in after.playlist.entries) - {e.sequence for e in stored.entries}))
        for name in ("notes.txt", "song.mp3", "007.mp3"):
            self.assertRegex(server.log, rf"warning: .*{name}.*passed over")
        for name, data in foreign.items():
            self.assertEqual((self.folder / name).read_bytes(), data)

    def test_a_damaged_playlist_costs_the_ring_and_nothing_else(self):
        def damage(_):
            (self.folder / "live.m3u8").write_bytes(b"#EXTM3U\n#EXT-X-VER\0")
        stored, server, after = self.damaged(damage)
        self.assertRegex(server.log, r"warning: .*live\.m3u8.*passed over")
        self.assertGreater(after.playlist.media_sequence, stored.last)

    def test_without_its_last_file_no_number_is_used_twice(self):
        stored, _, after = self.damaged(lambda stored: (self.folder / stored.entries[-1].uri).unlink())
        self.assertGreater(after.playlist.last, stored.last)
        new = [entry for entry in after.playlist.entries if entry.sequence > stored.last]
        self.assertTrue(new[0].discontinuity)


class Appliance(Case):
    """A machine without a clock battery whose folder is in memory: each boot begins with nothing, at a time that was
    before."""

    def test_no_url_of_a_boot_means_anything_in_another_whatever_the_clock_says(self):
        clock = self.enterContext(WallClock())
        booted, numbers = clock.time(), []
        for step in (0, 0, -60, -86400 * 365 * 10):
            # The clock starts where it started before, or even earlier.
            clock.step(booted + step - clock.time())
            server = self.start(environment=clock.environment)
            for uri in self.bodies:
                self.assertEqual(server.request(f"/{uri}").status, 404)
            playlist = self.follow(server, 5).playlist
            numbers.append(set(range(playlist.media_sequence, playlist.last + 1)))
            self.check_all_bodies(server)
            for entry in playlist.entries:
                self.assertIn("immutable", server.request(f"/{entry.uri}").headers["Cache-Control"])
                # The short URL, which names no boot, is not one that a cache keeps.
                short = server.request(f"/live/{entry.sequence}.mp3")
                self.assertEqual(short.body, self.bodies[entry.uri])
                self.assertEqual(short.headers["Cache-Control"], "public, max-age=0, s-maxage=1")
            server.kill()
            server.crash_memory.unlink()
            shutil.rmtree(self.folder)
        # The test would prove nothing with other numbers.
        self.assertTrue(numbers[0] & numbers[1], numbers)


class Emptied(Case):
    def test_without_the_folder_the_number_comes_from_the_clock_and_does_not_go_back(self):
        first = self.start()
        before = self.follow(first, 3).playlist
        first.stop()
        shutil.rmtree(self.folder)
        second = self.start()
        after = self.follow(second, 1).playlist
        self.assertGreater(after.media_sequence, before.last)
        self.assertNotEqual(second.request(f"/{before.entries[0].uri}").status, 200)

    def test_a_folder_that_is_deleted_under_a_running_server_is_made_again(self):
        server = self.start()
        collector = self.follow(server, 3)
        # Renamed first, in one step, because the server writes into the folder meanwhile.
        self.folder.rename(self.sound / "deleted")
        shutil.rmtree(self.sound / "deleted")
        collector.follow(lambda collector: len(collector.segments) >= 7)
        wait_until((self.folder / "live.m3u8").exists, TIMEOUT, "the playlist in the new folder")
        for body in read_folder(self.folder)[1].values():
            mp3.segment(body)
        self.assertEqual(server.stop()[0], 0)
        # read_folder fails if a listed file is missing.
        read_folder(self.folder)


if __name__ == "__main__":
    unittest.main()
