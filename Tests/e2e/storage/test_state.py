"""What a start finds in the folder and in the crash memory may be damaged, foreign or planted: the start succeeds, no number
goes back, and each thing that is passed over is one line in the log."""

import os
import re
import shutil
import signal
import struct
import tempfile
import unittest
from pathlib import Path

from support.formats import hls, mp3
from support.machine.disk import MEMORY, read_folder
from support.server import Server
from support.waiting import TIMEOUT, wait_until

FLAGS = ["--source", "tone", "--segment-length", "0.5", "--ring-size", 6]
LARGEST = (1 << 63) - 1


class Case(unittest.TestCase):
    def setUp(self):
        self.sound = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="sound.", dir=MEMORY)))
        self.folder = self.sound / "live"

    def start(self):
        server = Server(*FLAGS, sound=self.sound)
        self.addCleanup(server.close)
        return server

    def before(self, end=Server.stop):
        """A run that has ended, and its last playlist."""
        server = self.start()
        playlist = server.wait_playlist(lambda playlist: len(playlist.entries) >= 4)
        end(server)
        return server, playlist

    def after(self, playlist):
        """A run that goes on after a playlist: its numbers are higher, and it serves all that it lists."""
        server = self.start()
        new = server.wait_playlist(lambda new: new.last > playlist.last + 1)
        for entry in new.entries:
            mp3.segment(server.get(f"/{entry.uri}"))
        return server, new

    def warnings(self, server):
        return [line for line in server.log.splitlines() if " warning: " in line or " error: " in line]


class CrashMemory(Case):
    def test_whatever_is_in_the_crash_memory_the_start_succeeds_and_says_so_in_a_line(self):
        for name, ruin in {
            "a number": lambda file: file.seek(8) and file.write(struct.pack("=q", LARGEST)),
            "a date": lambda file: file.seek(16) and file.write(struct.pack("=q", LARGEST)),
            "a count": lambda file: file.seek(24) and file.write(struct.pack("=q", LARGEST)),
            "a byte of sound": lambda file: file.seek(1000) and file.write(b"\x55"),
            "another program's bytes": lambda file: file.write(os.urandom(4096)),
            "the layout without a magic number": lambda file: file.write(struct.pack("=qqq", LARGEST, LARGEST, 500)),
            "its end": lambda file: file.truncate(100),
        }.items():
            with self.subTest(name):
                before, playlist = self.before(Server.kill)
                # Both segments are damaged.
                for slot in (0, 2 << 20):
                    with open(before.crash_memory, "r+b") as memory:
                        memory.seek(slot)
                        ruin(_Slot(memory, slot))
                server, _ = self.after(playlist)
                self.assertEqual(len([line for line in self.warnings(server) if "crash memory" in line]), 1, server.log)
                server.kill()
                # The memory is good again.
                again, _ = self.after(playlist)
                self.assertNotIn("crash memory", again.log)
                again.kill()
                shutil.rmtree(self.folder)

    def test_a_crash_memory_that_is_whole_is_used(self):
        before, playlist = self.before(Server.kill)
        server, new = self.after(playlist)
        self.assertEqual(self.warnings(server), [])
        self.assertEqual(new.entries[0].uri.rsplit("/", 1)[0], playlist.entries[0].uri.rsplit("/", 1)[0])


class _Slot:
    """The part of the crash memory that one segment has, as a file."""

    def __init__(self, file, start):
        self._file, self._start = file, start
        self.write = file.write

    def seek(self, offset):
        return self._file.seek(self._start + offset)

    def truncate(self, size):
        if self._start:
            self._file.truncate(self._start + size)


class Planted(Case):
    def test_a_file_that_is_too_large_for_a_segment_is_not_read(self):
        _, playlist = self.before()
        for name in ("7.mp3", "2026.mp3", f"{playlist.last + 1}.mp3", "live.m3u8"):
            (self.folder / name).unlink(missing_ok=True)
            with open(self.folder / name, "wb") as file:
                file.truncate(900 << 30)
        server, _ = self.after(playlist)
        for name in ("7.mp3", "2026.mp3", "live.m3u8"):
            self.assertEqual(len(re.findall(rf"/{re.escape(name)}\b.*File too large.*passed over", server.log)), 1, server.log)
        status = Path(f"/proc/{server.process.pid}/status").read_text()
        self.assertLess(int(re.search(r"VmHWM:\s*(\d+) kB", status)[1]), 200_000)

    def test_a_number_that_leaves_no_room_is_not_taken_for_one_of_ringcasts(self):
        _, playlist = self.before()
        for name in ("999999999999999.mp3", "200000000000000.mp3"):
            shutil.copy(self.folder / playlist.entries[-1].uri.rsplit("/", 1)[1], self.folder / name)
        server, _ = self.after(playlist)
        self.assertEqual(len(re.findall("a number that is none of ringcast's; passed over", server.log)), 2, server.log)

    def test_a_large_number_is_gone_beyond_and_what_follows_is_served(self):
        _, playlist = self.before()
        shutil.copy(self.folder / playlist.entries[-1].uri.rsplit("/", 1)[1], self.folder / "99999999999999.mp3")
        server, new = self.after(playlist)
        self.assertGreater(new.media_sequence, 99999999999999)
        server.stop()
        # The numbers have become longer than that of the planted file, and go on.
        self.after(new)

    def test_thousands_of_foreign_files_are_a_few_lines(self):
        _, playlist = self.before()
        for number in range(3000):
            (self.folder / f"song {number}.mp3").write_bytes(b"ID3")
        server, _ = self.after(playlist)
        self.assertLess(len(self.warnings(server)), 30)
        self.assertIn("2980 more files; passed over", server.log)

    def test_links_are_neither_read_nor_written_through(self):
        server = self.start()
        playlist = server.wait_playlist(lambda playlist: len(playlist.entries) >= 4)
        precious = self.sound / "precious"
        precious.write_text("mine\n")
        for _ in range(12):
            for name in ("live.m3u8.tmp", f"{server.playlist().last + 2}.mp3.tmp", "running.tmp", "era.tmp"):
                if not (self.folder / name).is_symlink():
                    try:
                        (self.folder / name).symlink_to(precious)
                    except FileExistsError:
                        pass  # The server writes the file at this moment.
            last = playlist.last
            playlist = server.wait_playlist(lambda new: new.last > last)
        self.assertEqual(precious.read_text(), "mine\n")
        server.stop()
        read_folder(self.folder)
        segment = self.folder / playlist.entries[-1].uri.rsplit("/", 1)[1]
        elsewhere = self.sound / "elsewhere.mp3"
        segment.rename(elsewhere)
        segment.symlink_to(elsewhere)
        again, _ = self.after(playlist)
        self.assertRegex(again.log, rf"warning: restore: .*{segment.name}: .*passed over")


class Removed(Case):
    def test_a_folder_that_was_removed_under_a_server_is_not_anothers(self):
        first = self.start()
        first.wait_playlist()
        # Renamed first, in one step, because the server writes into the folder meanwhile.
        self.folder.rename(self.sound / "deleted")
        with self.assertRaisesRegex(AssertionError, "another ringcast uses this folder"):
            self.start()
        wait_until((self.folder / "live.m3u8").exists, TIMEOUT, "the playlist in the new folder")
        # The folder that was made anew is locked, too: the crash memory is not what refuses the second server.
        first.crash_memory.unlink(missing_ok=True)
        with self.assertRaisesRegex(AssertionError, "another ringcast uses this folder"):
            self.start()

    def test_a_folder_that_another_server_has_taken_meanwhile_is_left_to_it(self):
        first = self.start()
        first.wait_playlist()
        first.process.send_signal(signal.SIGSTOP)
        first.crash_memory.unlink()
        self.folder.rename(self.sound / "deleted")
        second = self.start()
        first.process.send_signal(signal.SIGCONT)
        first.wait_log("error: disk: .*another ringcast uses this folder")
        playlist = second.wait_playlist(lambda playlist: len(playlist.entries) >= 4)
        self.assertEqual(self.warnings(second), [])
        # The folder has what the second server lists.
        stored = hls.read((self.folder / "live.m3u8").read_bytes())
        self.assertGreaterEqual(stored.last, playlist.media_sequence)
        for entry in stored.entries:
            mp3.segment((self.folder / entry.uri).read_bytes())


if __name__ == "__main__":
    unittest.main()
