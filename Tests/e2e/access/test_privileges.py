"""The privileges of the running program: started as root it becomes another user; started as nobody it needs none."""

import os
import pwd
import shutil
import signal
import tempfile
import unittest
from pathlib import Path

from support.machine.certificate import Certificate
from support.machine.disk import read_folder
from support.server import ROOT, Server, program, refusal
from support.sound.soundcard import SoundCard
from support.waiting import TIMEOUT, wait_until

USER = "nobody"


@unittest.skipIf(os.geteuid() != 0, "only root can become another user")
class Privileges(unittest.TestCase):
    def setUp(self):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="unprivileged.")))
        folder.chmod(0o755)
        # That user can read the program and its page, and write to one folder only.
        self.program = shutil.copy(program(), folder / "ringcast")
        self.web = shutil.copytree(ROOT / "web", folder / "web")
        self.sound = folder / "sound"
        self.sound.mkdir()
        user = pwd.getpwnam(USER)
        os.chown(self.sound, user.pw_uid, user.pw_gid)
        self.user = user

    def start(self, *flags, before=(), **options):
        return self.enterContext(
            Server(*flags, sound=self.sound, web=self.web, command=[*before, self.program], **options))

    def check(self, server):
        """Checks that the program is that user and cannot change back, and that the stream is served and in the
        folder."""
        status = dict(
            line.split(":\t", 1) for line in Path(f"/proc/{server.process.pid}/status").read_text().splitlines()
            if ":\t" in line)
        for names, number in ((("Uid",), self.user.pw_uid), (("Gid",), self.user.pw_gid)):
            for name in names:
                self.assertEqual(status[name].split(), 4 * [str(number)])
        # No thread keeps a privilege of root.
        for task in Path(f"/proc/{server.process.pid}/task").iterdir():
            lines = (task / "status").read_text()
            self.assertIn(f"Uid:\t{self.user.pw_uid}\t", lines)
            self.assertIn("NoNewPrivs:\t1\n", lines)
            self.assertRegex(lines, r"CapEff:\t0+\n")
            self.assertRegex(lines, r"CapPrm:\t0+\n")
        server.wait_playlist(lambda playlist: len(playlist.entries) >= 2)
        wait_until((self.sound / "live/live.m3u8").exists, TIMEOUT, "the playlist in the folder")
        self.assertGreaterEqual(len(read_folder(self.sound / "live")[0].entries), 1)
        self.assertNotIn("error", server.log)

    def test_root_becomes_another_user(self):
        server = self.start("--source", "tone", "--segment-length", "0.5", "--user", USER)
        self.check(server)
        groups = Path(f"/proc/{server.process.pid}/status").read_text().partition("Groups:")[2].splitlines()[0].split()
        self.assertEqual(
            sorted(map(int, groups)), sorted(set(os.getgrouplist(USER, self.user.pw_gid))))

    def test_it_reads_the_key_before_and_says_so_where_it_cannot_any_more(self):
        certificate = self.enterContext(Certificate())
        certificate.key.chmod(0o600)
        tokens = Path(certificate.key.parent, "tokens")
        tokens.write_text("open-sesame\n")
        server = self.start(
            "--source", "tone", "--segment-length", "0.5", "--user", USER, "--listen-token-file", tokens,
            certificate=certificate)
        self.assertEqual(server.request("/live.json?token=open-sesame").status, 200)
        server.process.send_signal(signal.SIGHUP)
        server.wait_log(r"error: reload: --listen-token-file \S+: Permission denied \(open\); the tokens stay")
        server.wait_log(r"error: reload: --tls-\S+ \S+: Permission denied \(open\); the certificate stays")
        self.assertEqual(server.request("/live.json?token=open-sesame").status, 200)

    def test_the_capture_device_opens_afterwards(self):
        with SoundCard() as card:
            for path in Path(card.environment["XDG_RUNTIME_DIR"]).glob("**"):
                path.chmod(0o755)
            server = self.start(
                "--source", "alsa", "--segment-length", "0.5", "--user", USER, environment=card.environment)
            self.check(server)
            self.assertEqual(server.information()["source"], "alsa")

    def test_it_needs_no_more_than_its_folder(self):
        server = self.start(
            "--source", "tone", "--segment-length", "0.5",
            before=["setpriv", f"--reuid={self.user.pw_uid}", f"--regid={self.user.pw_gid}", "--clear-groups"])
        self.check(server)

    def test_a_user_that_cannot_be_is_an_error_before_anything_starts(self):
        nobody = ["setpriv", f"--reuid={self.user.pw_uid}", "--clear-groups"]
        for before, name, words in [
            ([], "no-such-user", "there is no such user"), ([], "root", "must not be root"),
            (nobody, "daemon", f"only root can become another user, and this is user {self.user.pw_uid}"),
        ]:
            with self.subTest(name):
                message = refusal("--user", name, command=[*before, self.program], web=self.web)
                self.assertIn(f"--user {name}: ", message)
                self.assertIn(words, message)


if __name__ == "__main__":
    unittest.main()
