"""The command line, as its user meets it."""

import json
import os
import signal
import socket
import subprocess
import tempfile
import unittest
import urllib.request
from pathlib import Path

from support import processes
from support.formats import hls, mp3
from support.formats.low_latency import Playlist
from support.machine.certificate import Certificate
from support.machine.preloaded import Preloaded
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
    (["--metadata-file=~/playing.txt"], ["--metadata-file", "~/playing.txt", "shell"]),
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
                def names():
                    tasks = Path(f"/proc/{server.process.pid}/task").iterdir()
                    return sorted(name for task in tasks if (name := (task / "comm").read_text().strip())[:5] == "http-")
                # A thread gives itself its name when it begins.
                wait_until(lambda: len(names()) >= count, TIMEOUT, names)
                self.assertEqual(names(), [f"http-{number}" for number in range(count)])
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

    def test_an_ipv6_address_may_stand_in_brackets(self):
        with Server("--source", "tone", "--host", "[::1]") as server:
            self.assertRegex(server.url, r"^http://\[::1\]:\d+/$")
            self.assertEqual(server.information()["source"], "tone")

    def test_without_ipv6_in_the_kernel_every_address_is_an_ipv4_address(self):
        with Preloaded("no_ipv6") as environment, \
                Server("--source", "tone", "--host", "::", environment=environment) as server:
            self.assertRegex(server.url, r"^http://0\.0\.0\.0:\d+/$")
            self.assertIn("info: this machine has no IPv6: 0.0.0.0 takes the place of ::\n", server.log)
            self.assertEqual(server.information()["source"], "tone")

    def test_an_ipv6_address_that_the_kernel_lacks_is_a_clear_error(self):
        with Preloaded("no_ipv6") as environment, tempfile.TemporaryDirectory() as folder:
            result = processes.run(
                [program(), "--source", "tone", "--host", "::1", "--port", "0", "--sound-dir", folder, "--web-dir",
                 ROOT / "web"], env=environment)
        self.assertEqual(result.returncode, 1)
        self.assertIn(b"::1 (socket: Address family not supported by protocol)", result.stderr)

    def test_values_of_a_configuration_file_may_stand_in_quotation_marks(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "ringcast.conf")
            path.write_text('source = "tone"\nhost = "127.0.0.1"\n')
            with Server("--config", path) as server:
                self.assertEqual(server.information()["source"], "tone")

    def test_a_byte_order_mark_in_a_configuration_file_is_named(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "ringcast.conf")
            for content, word in [(b"\xef\xbb\xbfport = 80\n", "byte order mark"),
                                  ("port = 80\n".encode("utf-16"), "UTF-16")]:
                with self.subTest(word):
                    path.write_bytes(content)
                    self.assertIn(word, refusal("--config", path))

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


class StandardStreams(unittest.TestCase):
    def start(self, *flags):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="closed.")))
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        process = processes.start(
            ["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", program(), *flags, "--port", self.port, "--sound-dir", folder,
             "--web-dir", ROOT / "web", "--segment-length", "0.5"])
        self.addCleanup(processes.end, process)
        return process

    def get(self, path):
        def answer():
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=TIMEOUT) as response:
                    return response.read().decode()
            except OSError:
                return None
        return wait_until(answer, TIMEOUT, path)

    def test_closed_ones_are_no_socket_s_number(self):
        process = self.start("--source", "tone")
        wait_until(lambda: "#EXTINF" in self.get("/live.m3u8"), TIMEOUT, "a segment")
        files = [Path(f"/proc/{process.pid}/fd/{number}").readlink() for number in range(3)]
        self.assertEqual(files, 3 * [Path("/dev/null")])
        process.terminate()
        self.assertEqual(process.wait(TIMEOUT), 0)

    def test_no_sound_is_read_from_a_closed_standard_input(self):
        process = self.start("--source", "stdin")
        wait_until(lambda: json.loads(self.get("/live.json"))["source"] == "stdin", TIMEOUT, "the stream")
        self.assertEqual(Path(f"/proc/{process.pid}/fd/0").readlink(), Path("/dev/null"))


class Signals(unittest.TestCase):
    def test_none_but_sigint_and_sigterm_ends_it(self):
        with Server("--source", "tone", "--segment-length", "0.5") as server:
            for number in (signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2, signal.SIGXFSZ, signal.SIGPIPE):
                server.process.send_signal(number)
            server.wait_log("info: reload: done")
            server.wait_playlist(lambda playlist: len(playlist.entries) >= 2)
            self.assertEqual(server.stop()[0], 0)

    def test_a_limit_of_the_size_of_files_is_trouble_with_the_disk(self):
        command = ["sh", "-c", 'ulimit -f 1; exec "$@"', "sh", program()]
        with Server("--source", "tone", "--segment-length", "1", "--bitrate", "320", command=command) as server:
            server.wait_log("error: disk: .*File too large")
            server.wait_playlist(lambda playlist: len(playlist.entries) >= 3)
            self.assertEqual(server.stop()[0], 0)

    def test_a_stop_during_the_start_is_heard(self):
        with Preloaded("slow_names") as environment, tempfile.TemporaryDirectory() as folder:
            for number in (signal.SIGINT, signal.SIGTERM):
                with self.subTest(number.name):
                    process = processes.start(
                        [program(), "--source", "tone", "--host", "radio.example", "--port", "0", "--sound-dir", folder,
                         "--web-dir", ROOT / "web"], env=environment, stderr=subprocess.PIPE, text=True)
                    self.addCleanup(processes.end, process)
                    self.assertEqual(process.stderr.readline(), "getaddrinfo waits\n")
                    process.send_signal(signal.SIGHUP)
                    process.send_signal(number)
                    self.assertEqual(process.wait(TIMEOUT), -number)

    def test_a_named_pipe_in_place_of_a_file_holds_nothing_up(self):
        with tempfile.TemporaryDirectory(prefix="pipe.") as folder:
            pipe = Path(folder, "pipe")
            os.mkfifo(pipe)
            for flags in (["--listen-token-file", pipe], ["--admin-token-file", pipe], ["--config", pipe],
                          ["--tls-cert", pipe, "--tls-key", pipe]):
                with self.subTest(flags[0]):
                    self.assertIn("No data available", refusal(*flags))
            with Server("--source", "tone", "--metadata-file", pipe) as server:
                server.wait_log("warning: metadata: .*No data available")
                self.assertEqual(server.stop()[0], 0)

    def test_a_pipe_without_a_name_is_read(self):
        command = ["bash", "-c", 'exec "$0" --listen-token-file <(echo swordfish-and-chips) "$@"', program()]
        with Server("--source", "tone", command=command) as server:
            self.assertEqual(server.request("/live.json").status, 401)
            self.assertEqual(server.request("/live.json?token=swordfish-and-chips").status, 200)


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
                self.assertEqual(names, sorted([*(entry.uri for entry in playlist.entries), "era", "live.m3u8"]))

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
