"""--access-log: one line for each answer, in the chosen file, and no effect on listeners."""

import http.client
import re
import signal
import tempfile
import unittest
from pathlib import Path

from support import processes
from support.formats.metrics import Metrics
from support.machine.certificate import Certificate
from support.server import ROOT, Server, program
from support.waiting import TIMEOUT, wait_until

FLAGS = ["--source", "tone", "--segment-length", "0.5"]
LINE = re.compile(
    r'127\.0\.0\.1 - - \[\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d \+0000\] "([^"]*)" (\d{3}) (\d+) \d+\.\d{3}')


class AccessLog(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="log.")))
        self.path = self.folder / "access.log"

    def serve(self, path, *flags):
        return self.enterContext(Server(*FLAGS, "--access-log", path, *flags))

    def lines(self, path=None):
        """(request, status, bytes) of each line."""
        path = path or self.path
        text = path.read_text() if path.exists() else ""
        return [self.parsed(line) for line in text.splitlines()]

    def parsed(self, line):
        match = LINE.fullmatch(line)
        self.assertIsNotNone(match, line)
        return match[1], int(match[2]), int(match[3])

    def test_each_answer_is_a_line_and_no_token_is_in_it(self):
        server = self.serve(self.path, "--listen-token", "open-sesame", "--admin-token", "close-sesame")

        def ask(*arguments, **options):
            """Requests one after another: the server may log answers of different threads in another order."""
            count = len(self.lines())
            response = server.request(*arguments, **options)
            wait_until(lambda: len(self.lines()) > count, TIMEOUT, lambda: f"another line: {self.lines()}")
            return response

        body = ask("/live.json?token=open-sesame&x=1").body
        ask("/live.json", headers={"Authorization": "Bearer open-sesame", "Cookie": "ringcast=open-sesame"})
        ask("/metrics?%74oken=close-sesame", method="HEAD")
        ask("/missing%0A")
        for target in ("/live.json%3Ftoken=open-sesame", "/live.json;token=open-sesame", "/open-sesame/live.json",
                       "/live.json?x=1%26token=open-sesame", "/live.json?to%256ben=open-sesame",
                       "http://user:open-sesame@localhost/live.json", "/live.json?key=close-sesame"):
            ask(target)
        lines = self.lines()
        self.assertEqual(len(lines), 11)
        self.assertEqual(lines[0], ("GET /live.json?x=1 HTTP/1.1", 200, len(body)))
        self.assertEqual(lines[1][:2], ("GET /live.json HTTP/1.1", 200))
        self.assertEqual(lines[2], ("HEAD /metrics HTTP/1.1", 200, 0))
        self.assertEqual(lines[3][:2], ("GET /missing%0A HTTP/1.1", 400))
        self.assertNotIn("sesame", self.path.read_text())
        self.assertEqual(self.path.stat().st_mode & 0o777, 0o640)

    def test_refusals_of_every_layer_are_lines_and_counts(self):
        certificate = self.enterContext(Certificate())
        plain = self.serve(self.path, "--max-listeners", 2)
        for headers, status in (({"X": 70_000 * "a"}, 431), ({"Host": "a b"}, 400)):
            self.assertEqual(plain.request("/refused", headers=headers).status, status)
        self.assertEqual(plain.request(f"/{70_000 * 'a'}").status, 414)
        wait_until(lambda: len(self.lines()) == 3, TIMEOUT, lambda: f"three lines: {self.lines()}")
        self.assertEqual([line[1] for line in self.lines()], [431, 400, 414])
        self.assertEqual(self.lines()[0][0], "GET /refused HTTP/1.1")
        holders = [plain.connect(TIMEOUT) for _ in range(2)]
        for holder in holders:
            self.addCleanup(holder.close)
            holder.connect()
        wait_until(lambda: plain.request("/full").status == 503, TIMEOUT, "the server is full")
        wait_until(lambda: ("GET /full HTTP/1.1", 503) in [line[:2] for line in self.lines()], TIMEOUT, "the line")
        for holder in holders:
            holder.close()
        counts = wait_until(lambda: self.counts(plain), TIMEOUT, "the metrics")
        for status, least in ((431, 1), (400, 1), (414, 1), (503, 1)):
            self.assertGreaterEqual(counts[f'ringcast_http_requests_total{{code="{status}"}}'], least)

        secure = self.enterContext(
            Server(*FLAGS, "--access-log", self.folder / "secure.log", certificate=certificate))
        connection = http.client.HTTPConnection(secure.host, secure.port, timeout=TIMEOUT)
        self.addCleanup(connection.close)
        connection.request("GET", "/plain")
        self.assertEqual(connection.getresponse().status, 400)
        wait_until(
            lambda: self.lines(self.folder / "secure.log"), TIMEOUT, "the line of a request without TLS")
        self.assertEqual(self.lines(self.folder / "secure.log")[0], ("GET /plain HTTP/1.1", 400, 23))
        self.assertEqual(self.counts(secure)['ringcast_http_requests_total{code="400"}'], 1)

    def counts(self, server):
        try:
            return Metrics(server)
        except AssertionError:
            return None

    def test_a_growing_segment_is_logged_when_its_answer_ends(self):
        server = self.serve(self.path)
        sequence = server.wait_playlist().last + 2
        body = server.get(f"/live/{sequence}.mp3")
        lines = wait_until(
            lambda: [line for line in self.lines() if f"{sequence}.mp3" in line[0]], TIMEOUT, "the line of the segment")
        self.assertEqual(lines, [(f"GET /live/{sequence}.mp3 HTTP/1.1", 200, len(body))])

    def test_it_goes_on_in_a_new_file_when_the_old_one_was_moved_away(self):
        server = self.serve(self.path)
        server.request("/1")
        wait_until(lambda: len(self.lines()) == 1, TIMEOUT, "a line")
        moved = self.path.rename(self.folder / "access.log.1")
        server.process.send_signal(signal.SIGHUP)
        wait_until(self.path.exists, TIMEOUT, "a new file")
        server.request("/2")
        wait_until(lambda: len(self.lines()) == 1, TIMEOUT, "a line in it")
        self.assertEqual(self.lines()[0][0], "GET /2 HTTP/1.1")
        self.assertEqual([line[0] for line in self.lines(moved)], ["GET /1 HTTP/1.1"])

    def test_where_it_cannot_be_opened_again_it_goes_on_where_it_was(self):
        server = self.serve(self.path)
        server.request("/1")
        wait_until(lambda: len(self.lines()) == 1, TIMEOUT, "a line")
        moved = self.path.rename(self.folder / "access.log.1")
        self.path.mkdir()
        server.process.send_signal(signal.SIGHUP)
        server.wait_log(r"error: reload: --access-log \S+: Is a directory \(open\)")
        server.request("/2")
        wait_until(lambda: len(self.lines(moved)) == 2, TIMEOUT, "the line in the old file")

    def test_a_disk_that_is_full_costs_lines_and_no_listener_anything(self):
        server = self.serve("/dev/full")
        server.wait_playlist(lambda playlist: len(playlist.entries) >= 3)
        server.wait_log(r"warning: access log: /dev/full: No space left on device \(write\); \d+ lines were lost")
        self.assertRegex(server.operator_get("/metrics").decode(), r"\nringcast_access_log_lost_lines_total [1-9]")

    def test_a_hyphen_is_standard_output(self):
        server = self.serve("-")
        server.request("/1")
        server.stop()
        self.assertEqual(self.parsed(server.process.stdout.read().decode().rstrip("\n"))[0], "GET /1 HTTP/1.1")

    def test_without_the_flag_there_is_no_access_log(self):
        server = self.enterContext(Server(*FLAGS))
        server.request("/asked-for")
        server.stop()
        self.assertEqual(server.process.stdout.read(), b"")
        self.assertNotIn("/asked-for", server.log)

    def test_a_file_that_cannot_be_opened_is_named_with_the_rule(self):
        path = self.folder / "missing/log"
        result = processes.run(
            [program(), *FLAGS, "--port", "0", "--web-dir", ROOT / "web", "--access-log", path], cwd=self.folder)
        self.assertEqual(result.returncode, 2)
        self.assertIn(f"--access-log {path}: No such file or directory (open)", result.stderr.decode())
