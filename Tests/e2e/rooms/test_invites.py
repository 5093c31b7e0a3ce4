"""Invites: the key, the command --invite, and the logs."""

import re
import stat
import tempfile
import time
import unittest
from pathlib import Path

from support import processes
from support.clients.room_roads import EventReader, Poster
from support.clients.room_server import room_server
from support.server import ROOT, Server, program, refusal
from support.waiting import TIMEOUT, wait_until


def invite(server, *flags, room="studio"):
    """The command --invite with the settings of a server."""
    return processes.run([
        program(), "--invite", room, "--sound-dir", server.sound, "--port", server.port, *flags])


def link(server, *flags, room="studio"):
    """The text of an invite, from the link that the command prints."""
    result = invite(server, *flags, room=room)
    if result.returncode:
        raise AssertionError(result.stderr.decode())
    text = result.stdout.decode()
    found = re.fullmatch(rf"http://127\.0\.0\.1:{server.port}/rooms/{room}\?invite=(\S+)\n", text)
    if not found:
        raise AssertionError(text)
    return found[1]


class Invites(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="invites.")))
        cls.access_log = cls.folder / "access.log"
        cls.server = cls.enterClassContext(
            room_server("--access-log", cls.access_log, "--log-level", "debug", open=None))

    def hello(self, room="studio", **fields):
        poster = Poster(self.server, room)
        status, answer = poster.post("hello", **fields)
        poster.session = answer["you"]["session"] if status == 200 else None
        return poster, status, answer

    def test_the_key_is_made_at_the_first_start_and_is_nobody_elses(self):
        key = self.server.sound / "invite-key"
        self.assertEqual(stat.S_IMODE(key.stat().st_mode), 0o600)
        self.assertRegex(key.read_text(), r"\A[0-9a-f]{64}\n\Z")
        self.assertIn(f"rooms: the key of the invites is in {key}", self.server.log)

    def test_a_link_lets_its_receiver_in_with_its_role(self):
        for role in ("listener", "talker", "host"):
            _, status, welcome = self.hello(invite=link(self.server, "--role", role, "--expires", "2h"))
            self.assertEqual((status, welcome["you"]["role"]), (200, role))
        _, status, welcome = self.hello(invite=link(self.server))
        self.assertEqual((status, welcome["you"]["role"]), (200, "talker"))

    def test_without_a_link_or_with_another_one_nobody_gets_in(self):
        self.assertEqual(self.hello()[2]["code"], "not_admitted")
        text = link(self.server, "--role", "listener")
        self.assertEqual(self.hello(invite=text.replace(".listener.", ".host."))[2]["code"], "forged_invite")
        self.assertEqual(self.hello(room="other", invite=text)[1] // 100, 4)

    def test_a_link_expires(self):
        text = link(self.server, "--expires", "1s")
        expires = int(text.split(".")[2])
        wait_until(lambda: time.time() > expires, TIMEOUT, "the end of the invite")
        self.assertEqual(self.hello(invite=text)[2]["code"], "expired_invite")

    def test_another_server_takes_the_links_of_a_shared_key(self):
        with room_server("--invite-key-file", self.server.sound / "invite-key", open=None) as other:
            poster = Poster(other, "studio")
            self.assertEqual(poster.post("hello", name="Ann", invite=link(self.server))[0], 200)

    def test_the_settings_of_a_file_make_the_link(self):
        file = self.folder / "ringcast.conf"
        file.write_text(
            f"host = ::1\nport = 80\nsound-dir = {self.server.sound}\n[rooms]\nroom-open = listener\n")
        result = processes.run([program(), "--config", file, "--invite", "studio", "--role", "host"])
        self.assertEqual((result.returncode, result.stderr), (0, b""))
        self.assertRegex(result.stdout.decode(), r"\Ahttp://\[::1\]/rooms/studio\?invite=studio\.host\.\S+\n\Z")

    def test_a_wrong_invite_is_refused_in_one_line(self):
        for flags, words in [
            (["--role", "operator"], "--role operator: it must be listener, talker or host"),
            (["--expires", "2"], "--expires 2: it must be a whole number of s, m, h or d"),
            (["--port", "0"], "--port 0: an invite needs the port"),
        ]:
            result = invite(self.server, *flags)
            self.assertEqual((result.returncode, result.stdout, result.stderr.count(b"\n")), (2, b"", 1))
            self.assertIn(words, result.stderr.decode())

    def test_without_a_key_there_is_no_link_and_no_key_is_made(self):
        folder = self.folder / "empty"
        folder.mkdir()
        result = processes.run([program(), "--invite", "studio", "--sound-dir", folder])
        self.assertEqual(result.returncode, 2)
        self.assertIn(
            f"--invite-key-file {folder}/invite-key: there is no such file yet: the first start with --rooms makes it",
            result.stderr.decode())
        self.assertEqual(list(folder.iterdir()), [])

    def test_no_log_has_an_invite_or_a_session(self):
        text = link(self.server, "--role", "host")
        poster, status, _ = self.hello(invite=text)
        self.assertEqual(status, 200)
        session = poster.session
        escaped = text.replace(".", "%2E")
        for path in [
            f"/rooms/studio?invite={text}", f"/rooms/studio?INVITE={escaped}", f"/rooms/studio/{text}",
            f"/rooms/studio%3Finvite={text}", f"/rooms/studio?x={text}", f"/rooms/studio?session={session}",
            f"/{session}", f"/rooms/studio?x={escaped}",
        ]:
            self.server.request(path)
        reader = EventReader(self.server, f"/rooms/studio/events?invite={text}")
        self.assertEqual(reader.status, 200)
        reader.close()
        poster.post("chat", text="hello")
        self.server.request("/rooms/studio/the-end")
        wait_until(lambda: "the-end" in self.access_log.read_text(), TIMEOUT, "the last line of the access log")
        written = self.access_log.read_text() + self.server.log
        self.assertIn("/rooms/studio", written)
        for secret in (text, session, escaped):
            mark = secret.split(".")[-1].split("%2E")[-1]
            self.assertNotIn(mark, written)


class Keys(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="keys.")))
        self.key = self.folder / "key"

    def check(self, *flags):
        result = processes.run([
            program(), "--check-config", "--source", "tone", "--port", "0", "--web-dir", ROOT / "web", "--sound-dir",
            self.folder / "sound", "--rooms", *flags])
        return result.returncode, result.stderr.decode()

    def test_a_file_that_is_named_is_made_if_it_is_missing(self):
        with room_server("--invite-key-file", self.key, open=None):
            self.assertEqual(stat.S_IMODE(self.key.stat().st_mode), 0o600)
            made = self.key.read_text()
        with room_server("--invite-key-file", self.key, open=None):
            self.assertEqual(self.key.read_text(), made)

    def test_a_key_that_every_user_may_write_ends_the_start(self):
        self.key.write_text("0123456789abcdef" * 4)
        self.key.chmod(0o602)
        words = f"--invite-key-file {self.key}: every user may write this file; chmod o-w {self.key} forbids it"
        self.assertIn(words, refusal("--rooms", "--invite-key-file", self.key))
        self.assertEqual(self.check("--invite-key-file", self.key), (2, f"{self.check_prefix()}{words}\n"))

    def check_prefix(self):
        """The beginning of a line of the log on this terminal."""
        return self.check("--invite-key-file", "/nowhere/key")[1].partition("--invite-key-file")[0]

    def test_a_check_opens_the_files_of_the_rooms(self):
        for flags, words in [
            (["--invite-key-file", "/nowhere/key"], "--invite-key-file /nowhere/key: "),
            (["--room-calls", "--ice-server", "turn:a.example", "--ice-secret-file", "/nowhere/secret"],
             "--ice-secret-file /nowhere/secret: "),
        ]:
            status, text = self.check(*flags)
            self.assertEqual((status, text.count("\n")), (2, 1), text)
            self.assertIn(words, text)
        self.key.write_text("short\n")
        self.assertIn("its first line must be a key of 32 to 512", self.check("--invite-key-file", self.key)[1])
        self.assertEqual(self.check(), (0, ""))
        self.assertEqual(self.check("--invite-key-file", self.folder / "new"), (0, ""))
        self.assertEqual(list(self.folder.iterdir()), [self.key])

    def test_a_key_that_others_may_read_gets_a_warning(self):
        self.key.write_text("0123456789abcdef" * 4)
        self.key.chmod(0o644)
        status, text = self.check("--invite-key-file", self.key)
        self.assertEqual(status, 0)
        self.assertIn(f"every user may read {self.key}", text)
        with room_server("--invite-key-file", self.key, open=None) as server:
            server.wait_log(re.escape(f"every user may read {self.key}"))

    def test_without_rooms_there_is_no_key(self):
        with Server("--source", "tone") as server:
            server.wait_playlist()
            self.assertFalse((server.sound / "invite-key").exists())
