"""A disk that is full, read-only, removed, slow or hanging affects no listener, and causes one line in the log."""

import signal
import tempfile
import unittest
from pathlib import Path

from support.clients.segment_collector import SegmentCollector
from support.formats import hls, mp3
from support.machine.disk import MEMORY, Disk, SlowDiskCalls, administer, is_complete, read_folder
from support.server import Server
from support.sound import ear

FLAGS = ["--source", "tone", "--segment-length", "0.5", "--ring-size", 10]


class Case(unittest.TestCase):
    def begin(self, disk):
        self.disk = self.enterContext(disk)
        self.folder = self.disk.path / "live"
        self.server = self.enterContext(Server(*FLAGS, sound=self.disk.path))
        self.collector = SegmentCollector(self.server)
        return self.collect(4)

    def collect(self, count):
        """Collects `count` more segments without a gap."""
        wanted = len(self.collector.segments) + count
        self.collector.follow(lambda collector: len(collector.segments) >= wanted)

    def problems(self):
        return [line for line in self.server.log.splitlines() if " error: " in line or " warning: " in line]

    def check_one_problem(self, pattern):
        self.assertEqual(len(self.problems()), 1, self.server.log)
        self.assertRegex(self.problems()[0], pattern)

    def recovers(self):
        """Checks that the folder is complete again soon, that the recovery is logged once, and that no listener heard a
        flaw."""
        self.collector.follow(lambda collector: is_complete(self.folder, collector.playlist))
        self.collector.follow(lambda _: "written again" in self.server.log)
        self.collect(4)
        self.assertEqual(len(self.problems()), 1, self.server.log)
        self.assertEqual(self.server.log.count("written again"), 1)
        self.assertEqual(self.server.stop()[0], 0)
        playlist, bodies = read_folder(self.folder)
        self.assertEqual(len(playlist.entries), 10)
        self.assertGreaterEqual(playlist.last, self.collector.playlist.last)
        for body in bodies.values():
            mp3.segment(body)
        # The sound has no flaw.
        sound = mp3.decode(b"".join(segment.payload for segment in self.collector.parsed()), 2)[:, 0]
        heard = ear.listen(sound[mp3.DELAY + 4800 :], ear.TONE_PILOTS)
        self.assertTrue(heard.flawless, heard)


class Full(Case):
    def test_a_full_disk_is_logged_once_and_recovers(self):
        # Room for five segments of the ten.
        self.begin(Disk(size="48k"))
        self.collect(16)
        self.check_one_problem("No space left on device")
        # The files on the full disk are whole.
        for body in read_folder(self.folder)[1].values():
            mp3.segment(body)
        self.disk.remount("size=1m")
        self.recovers()


class ReadOnly(Case):
    def test_a_disk_that_becomes_read_only_is_logged_once_and_recovers(self):
        self.begin(Disk())
        self.disk.remount("ro")
        self.collect(8)
        self.check_one_problem("Read-only file system")
        self.disk.remount("rw")
        self.recovers()


class Removed(Case):
    def test_a_disk_that_is_pulled_out_is_written_again_when_another_is_there(self):
        self.begin(Disk())
        self.disk.remove()
        self.collect(8)
        self.check_one_problem("Read-only file system")
        self.disk.mount()
        self.recovers()

    def test_numbers_that_the_disk_never_saw_are_not_used_again(self):
        self.begin(Disk())
        self.disk.remount("ro")
        self.collect(6)
        before = self.collector.playlist
        # The server is killed first, because the disk cannot be removed while it is locked.
        self.server.kill()
        self.disk.remount("rw")
        with Server(*FLAGS, sound=self.disk.path) as server:
            after = server.wait_playlist()
            self.assertGreater(after.entries[0].sequence, before.last)
            for entry in before.entries:
                self.assertEqual(server.request(f"/{entry.uri}").status, 404)


class SlowDisk(Case):
    def test_a_disk_that_takes_seconds_for_every_call_is_logged_once_and_recovers(self):
        self.begin(Disk())
        with SlowDiskCalls(self.server.process, 2):
            self.collect(30)
            self.check_one_problem("takes more than a second")
        self.recovers()


class OnAFile(Case):
    def image(self):
        folder = self.enterContext(tempfile.TemporaryDirectory(prefix="image.", dir=MEMORY))
        image = Path(folder, "disk.img")
        with open(image, "wb") as file:
            file.truncate(16 << 20)
        if (result := administer("mkfs.ext4", "-q", image)).returncode != 0:
            self.skipTest(f"no file system can be made here: {result.stderr.decode().strip()}")
        return image


class Hanging(OnAFile):
    def test_a_disk_that_hangs_is_logged_while_it_does_and_recovers(self):
        self.begin(Disk("-o", "loop", self.image()))
        administer("fsfreeze", "--freeze", self.disk.path).check_returncode()
        try:
            self.collect(12)
            self.check_one_problem("takes more than a second")
        finally:
            administer("fsfreeze", "--unfreeze", self.disk.path).check_returncode()
        self.recovers()


class PowerCut(OnAFile):
    def test_after_a_power_failure_every_named_file_is_whole_and_no_number_is_used_again(self):
        image = self.image()
        self.begin(Disk("-o", "loop", image))
        # Long enough for the file system to write names, and too short to write the content of all files.
        self.collect(14)
        self.server.process.send_signal(signal.SIGSTOP)
        # The image holds the content of the medium, without data that is only in the kernel's memory.
        image.with_name("after.img").write_bytes(at_rest(image))
        self.server.process.send_signal(signal.SIGCONT)
        self.collect(1)
        before = self.collector.playlist
        disk = self.enterContext(Disk("-o", "loop", image.with_name("after.img")))
        folder = disk.path / "live"
        names = sorted(path.name for path in folder.glob("*.mp3"))
        self.assertGreaterEqual(len(names), 8)
        for name in names:
            mp3.segment((folder / name).read_bytes())
        listed = [entry.uri for entry in hls.read((folder / "live.m3u8").read_bytes()).entries]
        self.assertEqual(set(listed) - set(names), set())
        with Server(*FLAGS, sound=disk.path) as server:
            after = server.wait_playlist()
            self.assertGreater(after.media_sequence, before.last)
            self.assertIn("what it served last is not known", server.log)


def at_rest(image):
    """The content of an image at one moment. The kernel may write to the image, so it is read until two reads are
    equal."""
    before = None
    while (data := image.read_bytes()) != before:
        before = data
    return data


if __name__ == "__main__":
    unittest.main()
