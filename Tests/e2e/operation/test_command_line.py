"""The command line, as its user meets it."""

import os
import signal
import socket
import subprocess
import tempfile
import unittest
from pathlib import Path

from support import processes
from support.formats import hls, mp3
from support.formats.low_latency import Playlist
from support.machine.certificate import Certificate
from support.server import ROOT, Server, program, refusal
from support.sound.soundcard import SoundCard
from support.waiting import TIMEOUT, wait_until

# Arguments, and what the message must hold: the flag, the value, the rule.
WRONG = [
    (["--no-such"], ["--no-such", "no such option"]),
    (["--segment-lenght", "2"], ["--segment-lenght", "did you mean --segment-length?"]),
    (["stray"], ["stray"]),
    (["--port"], ["--port", "value"]),
    (["--port", "65536"], ["--port", "65536", "0 to 65535"]),
    (["--port=-1"], ["--port", "-1", "0 to 65535"]),
    (["--port", "http"], ["--port", "http", "0 to 65535"]),
    (["--bitrate", "129"], ["--bitrate", "129", "128"]),
    (["--bitrate", "0"], ["--bitrate", "0", "32"]),
    (["--sample-rate", "22050"], ["--sample-rate", "22050", "44100"]),
    (["--channels", "3"], ["--channels", "3", "1 or 2"]),
    (["--segment-length", "0.4"], ["--segment-length", "0.4", "0.5 to 30"]),
    (["--segment-length", "31"], ["--segment-length", "31", "0.5 to 30"]),
    (["--segment-length", "1e1"], ["--segment-length", "1e1", "0.5 to 30"]),
    (["--segment-length", "nan"], ["--segment-length", "nan", "0.5 to 30"]),
    (["--ring-size", "2"], ["--ring-size", "2", "3"]),
    (["--ring-size", "5", "--segment-length", "0.5"], ["--ring-size", "5", "at least"]),
    (["--block-size", "0"], ["--block-size", "0"]),
    (["--source", "radio"], ["--source", "radio", "tone"]),
    (["--source", "file:"], ["--source", "file:"]),
    (["--threads", "65"], ["--threads", "65", "1 to 64"]),
    (["--log-level", "chatty"], ["--log-level", "chatty", "debug"]),
    (["--loop=yes"], ["--loop", "yes", "no value"]),
    (["--loop", "--source", "tone"], ["--loop", "file"]),
    (["--host", ""], ["--host", "empty"]),
]


def run(*arguments):
    return processes.run([program(), *arguments])


class CommandLine(unittest.TestCase):
    def test_help_shows_every_flag_with_its_default(self):
        result = run("--help")
        self.assertEqual((result.returncode, result.stderr), (0, b""))
        text = result.stdout.decode()
        for flag, default in [
            ("--source", "auto"), ("--segment-length", "2"), ("--ring-size", "10"), ("--bitrate", "128"),
            ("--host", "127.0.0.1"), ("--port", "8080"), ("--block-size", "480"), ("--sound-dir", "sound"),
            ("--web-dir", "web"), ("--log-level", "info"), ("--loop", ""), ("--exit-at-end", ""), ("--version", ""),
            ("--list-devices", ""), ("--sample-rate", ""), ("--channels", ""),
        ]:
            with self.subTest(flag):
                line = next(line for line in text.splitlines() if line.strip().startswith(flag))
                self.assertIn(default, line)
        self.assertLessEqual(max(map(len, text.splitlines())), 120)

    def test_version_is_one_line(self):
        result = run("--version")
        self.assertEqual(result.returncode, 0)
        self.assertRegex(result.stdout.decode(), r"\Aringcast \d+\.\d+\.\d+\n\Z")

    def test_what_is_wrong_is_named_with_its_value_and_the_rule(self):
        for arguments, words in WRONG:
            with self.subTest(" ".join(arguments)):
                message = refusal(*arguments)
                for word in words:
                    self.assertIn(word, message)

    def check(self, folder, *flags, command=()):
        """The status of --check-config, and its lines."""
        result = processes.run([
            *command, program(), "--check-config", "--source", "tone", "--port", 0, "--web-dir", ROOT / "web",
            "--sound-dir", Path(folder, "sound"), *flags])
        self.assertEqual(result.stdout, b"")
        return result.returncode, result.stderr.decode().splitlines()

    def test_check_config_opens_what_a_start_would_open_and_says_each_fault(self):
        with tempfile.TemporaryDirectory() as folder, Certificate() as one, Certificate() as other:
            for certificate in (one, other):
                certificate.key.chmod(0o600)
            self.assertEqual(self.check(folder), (0, []))
            self.assertEqual(self.check(folder, *one.flags), (0, []))
            self.assertEqual(list(Path(folder).iterdir()), [])
            missing = f"{folder}/missing"
            status, lines = self.check(
                folder, "--tls-cert", missing, "--tls-key", missing, "--listen-token-file", missing, "--web-dir", missing,
                "--access-log", f"{missing}/log", "--source", f"file:{missing}")
            self.assertEqual((status, len(lines)), (2, 5), lines)
            for line, word in zip(lines, ("--web-dir", "--listen-token-file", "--tls-cert", "--source", "--access-log")):
                self.assertIn(f"{word} {missing}", line)
                self.assertIn("No such file", line)
            status, lines = self.check(folder, "--tls-cert", one.chain, "--tls-key", other.key)
            self.assertEqual((status, len(lines)), (2, 1))
            self.assertIn("the key of the first certificate", lines[0])

    def test_check_config_looks_for_the_user_and_for_the_rights_of_the_user(self):
        with tempfile.TemporaryDirectory() as folder:
            status, lines = self.check(folder, "--user", "no-such-user")
            self.assertEqual(status, 2)
            self.assertIn("--user no-such-user: there is no such user", lines[0])
            status, lines = self.check(folder, "--user", "root")
            self.assertIn("must not be root", lines[0])
            if os.geteuid() == 0:
                # Only root may write to the folder.
                status, lines = self.check(folder, "--user", "nobody")
                self.assertEqual((status, len(lines)), (2, 1))
                self.assertRegex(lines[0], r"--sound-dir .*Permission denied")

    def test_check_config_says_that_an_address_is_in_use_and_finds_no_fault_in_that(self):
        with Server("--source", "tone") as server:
            status, lines = self.check(server.sound, "--port", server.port)
            self.assertEqual((status, len(lines)), (0, 1))
            self.assertIn(f"port {server.port} on 127.0.0.1 is taken", lines[0])
            self.assertEqual(server.request("/").status, 200)

    def test_values_follow_an_equals_sign_or_a_space(self):
        with Server("--source=tone", "--segment-length=0.5", "--bitrate", "64") as server:
            information = server.information()
        self.assertEqual((information["segmentLength"], information["bitrate"]), (0.5, 64000))

    def test_as_many_threads_serve_the_listeners_as_the_flag_says(self):
        for flags, count in [((), 2), (("--threads", "5"), 5)]:
            with self.subTest(flags), Server("--source", "tone", "--segment-length", "0.5", *flags) as server:
                tasks = Path(f"/proc/{server.process.pid}/task").iterdir()
                names = sorted(name for task in tasks if (name := (task / "comm").read_text().strip())[:5] == "http-")
                self.assertEqual(names, [f"http-{number}" for number in range(count)])
                # Each loop gets some of these connections.
                clients = [server.connect(TIMEOUT) for _ in range(4 * count)]
                for client in clients:
                    self.addCleanup(client.close)
                    client.request("GET", "/live.json")
                for client in clients:
                    self.assertEqual(client.getresponse().status, 200)

    def test_a_port_that_is_taken_is_a_clear_error(self):
        with socket.create_server(("127.0.0.1", 0)) as taken, tempfile.TemporaryDirectory() as folder:
            port = taken.getsockname()[1]
            with self.assertRaises(AssertionError) as failure:
                Server("--source", "tone", sound=folder, port=port)
            self.assertRegex(str(failure.exception), rf"port {port}.*taken")
            result = run("--source", "tone", "--sound-dir", folder, "--web-dir", str(ROOT / "web"), "--port", str(port))
            self.assertEqual(result.returncode, 1)

    def test_it_listens_on_ipv6_too(self):
        with Server("--source", "tone", "--host", "::1") as server:
            self.assertRegex(server.url, r"^http://\[::1\]:\d+/$")
            self.assertEqual(server.information()["source"], "tone")

    def test_list_devices_prints_what_source_takes(self):
        with SoundCard() as card:
            result = processes.run([program(), "--list-devices"], env=card.environment)
            self.assertEqual(result.returncode, 0, result.stderr)
            names = [line.split()[0] for line in result.stdout.decode().splitlines() if line.startswith("alsa")]
            self.assertIn("alsa:default", names)
            with Server("--source", "alsa:default", environment=card.environment) as server:
                self.assertEqual(server.information()["source"], "alsa")

    def test_auto_without_a_capture_device_plays_the_programme_and_says_so(self):
        card = SoundCard()
        self.addCleanup(card.close)
        card.unplug()
        with Server("--segment-length", "0.5", environment=card.environment) as server:
            information = server.information()
            self.assertEqual(information["source"], "tone")
            self.assertIn("No capture device", information["notice"])
            self.assertNotIn("\n", information["notice"])
            self.assertIn(information["notice"], server.log)
            server.wait_playlist()

    def test_auto_with_a_capture_device_takes_it_without_a_word(self):
        with SoundCard() as card, Server(environment=card.environment) as server:
            information = server.information()
        self.assertEqual((information["source"], information["notice"]), ("alsa", None))


class Stopping(unittest.TestCase):
    def test_sigint_and_sigterm_publish_what_is_encoded_and_exit_with_0(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number.name), Server("--source", "tone", "--segment-length", "30") as server:
                # Half a minute is far away: what there is at the stop is a part of the first segment.
                wait_until(
                    lambda: len(Playlist(server.get("/live-ll.m3u8")).recording.parts) >= 4, TIMEOUT,
                    "more than a second")
                status, seconds = server.stop(number)
                self.assertEqual(status, 0, server.log)
                self.assertLess(seconds, 2)
                folder = server.sound / "live"
                playlist = hls.read((folder / "live.m3u8").read_bytes())
                # It goes on after the next start: only the input's end is the end.
                self.assertFalse(playlist.ended)
                samples = sum(mp3.segment((folder / entry.uri).read_bytes()).samples for entry in playlist.entries)
                self.assertGreater(samples, 48000)
                self.assertLess(samples, 20 * 48000)
                names = sorted(path.name for path in folder.iterdir())
                self.assertEqual(names, sorted([*(entry.uri for entry in playlist.entries), "live.m3u8"]))

    def test_it_stops_under_listeners_that_hang(self):
        with Server("--source", "tone", "--segment-length", "0.5") as server:
            server.wait_playlist()
            with socket.create_connection((server.host, server.port)) as idle, \
                    socket.create_connection((server.host, server.port)) as half:
                half.sendall(b"GET /live.m3u8 HTTP/1.1\r\nHost:")
                idle.sendall(b"GET /live.m3u8 HTTP/1.1\r\nHost: localhost\r\n\r\n")
                idle.recv(100)
                status, seconds = server.stop()
        self.assertEqual(status, 0)
        self.assertLess(seconds, 2)

    def test_it_stops_while_a_pipe_is_silent(self):
        with Server("--source", "stdin", stdin=subprocess.PIPE) as server:
            status, seconds = server.stop()
        self.assertEqual(status, 0)
        self.assertLess(seconds, 2)


if __name__ == "__main__":
    unittest.main()
