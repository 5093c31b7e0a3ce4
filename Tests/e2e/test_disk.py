"""A disk that is full, or hangs, costs the listeners nothing."""

import os
import tempfile
import unittest
from pathlib import Path

from support import ear, hls, mp3, processes
from support.follower import Follower
from support.server import Server
from support.waiting import wait_until

FLAGS = ["--source", "tone", "--segment-length", "0.5", "--ring-size", 10]
# An administrator's tools are not in everybody's path.
ADMINISTRATOR = os.environ | {"PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin"}


def administer(*command):
    return processes.run(command, env=ADMINISTRATOR)


def mount(test, *arguments):
    """Mounts something for the length of a test, which is skipped where that is not allowed."""
    folder = test.enterContext(tempfile.TemporaryDirectory(prefix="disk."))
    result = administer("mount", *arguments, folder)
    if result.returncode != 0:
        test.skipTest(f"nothing can be mounted here: {result.stderr.decode().strip()}")
    test.addCleanup(administer, "umount", "--lazy", folder)
    return Path(folder)


class Disk(unittest.TestCase):
    def flawless(self, follower):
        sound = mp3.decode(b"".join(segment.payload for segment in follower.parsed()), 2)[:, 0]
        heard = ear.listen(sound[mp3.DELAY + 4800 :], ear.PROGRAMME_PILOTS)
        self.assertTrue(heard.flawless, heard)

    def complaints(self, server):
        return [line for line in server.log.splitlines() if " error: " in line or " warning: " in line]

    def test_a_full_disk_is_logged_once_and_recovers(self):
        # Room for five segments of the ten.
        disk = mount(self, "-t", "tmpfs", "-o", "size=48k", "tmpfs")
        with Server(*FLAGS, sound=disk) as server:
            follower = Follower(server).follow(lambda follower: len(follower.segments) >= 20, 20)
            self.assertEqual(len(self.complaints(server)), 1, server.log)
            self.assertIn("No space left on device", self.complaints(server)[0])
            stored = hls.read((disk / "live/live.m3u8").read_bytes())
            for entry in stored.entries:
                mp3.segment((disk / "live" / entry.uri).read_bytes())

            administer("mount", "-o", "remount,size=1m", disk).check_returncode()
            server.wait_log("written again", 5)
            count = len(follower.segments)
            follower.follow(lambda follower: len(follower.segments) >= count + 4, 10)
            self.assertEqual(len(self.complaints(server)), 1, server.log)
            wait_until(
                lambda: (disk / "live/live.m3u8").read_bytes() and
                hls.read((disk / "live/live.m3u8").read_bytes()).last >= follower.playlist.last, 5, "it is up to date")
            self.assertEqual(server.stop()[0], 0)
        self.flawless(follower)
        stored = hls.read((disk / "live/live.m3u8").read_bytes())
        self.assertEqual(len(stored.entries), 10)

    def test_a_disk_that_hangs_holds_nobody_up(self):
        image = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="image.")), "disk.img")
        with open(image, "wb") as file:
            file.truncate(16 << 20)
        if (result := administer("mkfs.ext4", "-q", image)).returncode != 0:
            self.skipTest(f"no file system can be made here: {result.stderr.decode().strip()}")
        disk = mount(self, "-o", "loop", image)
        with Server(*FLAGS, sound=disk) as server:
            follower = Follower(server).follow(lambda follower: len(follower.segments) >= 4, 10)
            administer("fsfreeze", "--freeze", disk).check_returncode()
            try:
                follower.follow(lambda follower: len(follower.segments) >= 16, 15)
            finally:
                administer("fsfreeze", "--unfreeze", disk).check_returncode()
            server.wait_log("writing took", 5)
            count = len(follower.segments)
            follower.follow(lambda follower: len(follower.segments) >= count + 4, 10)
            self.assertEqual(len(self.complaints(server)), 1, server.log)
            self.assertEqual(server.stop()[0], 0)
            stored = hls.read((disk / "live/live.m3u8").read_bytes())
        self.assertGreaterEqual(stored.last, follower.playlist.last)
        self.flawless(follower)


if __name__ == "__main__":
    unittest.main()
