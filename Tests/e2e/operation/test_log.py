"""The formats of the log for each kind of reader; and the stream never waits for a reader of the log."""

import contextlib
import json
import os
import pty
import re
import select
import tempfile
import unittest
import urllib.error
import urllib.request
from pathlib import Path

from support import processes
from support.formats import hls
from support.server import ROOT, Server, program
from support.waiting import TIMEOUT, wait_until

TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"


class Log(unittest.TestCase):
    def start(self, error, *flags, **environment):
        """Starts the program with `error` as its standard error."""
        sound = self.enterContext(tempfile.TemporaryDirectory(prefix="sound."))
        process = processes.start(
            [program(), "--source", "tone", "--port", "0", "--sound-dir", sound, "--web-dir", ROOT / "web", *flags],
            stderr=error, env={name: value for name, value in os.environ.items() if name != "NO_COLOR"} | environment)
        self.addCleanup(processes.end, process)
        return process

    def read_until(self, descriptor, pattern):
        text = b""
        while not re.search(pattern, text):
            self.assertTrue(select.select([descriptor], [], [], TIMEOUT)[0], f"no {pattern!r} in {text[-1000:]!r}")
            text += os.read(descriptor, 65536)
        return text.decode()

    def test_each_line_is_a_json_object(self):
        server = self.enterContext(Server("--source", "tone", "--log-format", "json"))
        server.stop()
        entries = [json.loads(line) for line in server.log.splitlines()]
        self.assertGreater(len(entries), 3)
        for entry in entries:
            self.assertEqual(list(entry), ["time", "level", "message"])
            self.assertRegex(entry["time"], f"^{TIME}$")
        self.assertEqual(entries[-1]["message"], "stopping")

    def test_a_failed_start_is_an_object_too(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "no\x01é\"such.wav"
            path.write_text("no sound")
            result = processes.run(
                [program(), "--log-format", "json", "--fallback", f"file:{path}", "--port", "0",
                 "--web-dir", ROOT / "web", "--sound-dir", folder], seconds=10)
        self.assertEqual(result.returncode, 1)
        *_, last = [json.loads(line) for line in result.stderr.splitlines()]
        self.assertEqual(last["level"], "error")
        self.assertIn("such.wav", last["message"])

    def test_a_terminal_gets_colours_unless_the_environment_says_no(self):
        for environment, is_colored in [
            ({"TERM": "xterm"}, True), ({"TERM": "xterm", "NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False),
        ]:
            with self.subTest(environment):
                terminal, other = pty.openpty()
                self.addCleanup(os.close, terminal)
                self.start(other, **environment)
                os.close(other)
                self.assertEqual("\x1b[" in self.read_until(terminal, rb"listening.*\n"), is_colored)

    def test_journald_gets_priorities_and_no_times(self):
        read, write = os.pipe()
        self.addCleanup(os.close, read)
        status = os.fstat(write)
        self.start(write, JOURNAL_STREAM=f"{status.st_dev}:{status.st_ino}")
        os.close(write)
        # The last line may be incomplete, and other lines may follow the line about listening.
        lines = self.read_until(read, rb"listening.*\n").split("\n")[:-1]
        for line in lines:
            self.assertRegex(line, r"^<[3467]>[a-z]")
        [listening] = [line for line in lines if "listening" in line]
        self.assertRegex(listening, "^<6>listening on http")

    def test_a_journal_stream_of_another_process_is_not_taken_for_journald(self):
        server = self.enterContext(
            Server("--source", "tone", environment=os.environ | {"JOURNAL_STREAM": "1:2"}))
        self.assertRegex(server.log, f"^{TIME} [a-z]+: ")

    def test_the_stream_does_not_wait_for_a_pipe_without_a_reader(self):
        self.check_no_wait(*os.pipe())

    def test_the_stream_does_not_wait_for_a_stopped_terminal(self):
        self.check_no_wait(*pty.openpty(), TERM="dumb")

    def check_no_wait(self, read, write, **environment):
        self.addCleanup(os.close, read)
        process = self.start(write, "--segment-length", "0.5", "--log-level", "debug", **environment)
        # Another file description fills the pipe. Only that description is non-blocking.
        filler = os.open(f"/proc/self/fd/{write}", os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY)
        os.close(write)
        port = int(re.search(r"http://[\d.]+:(\d+)/", self.read_until(read, rb"listening.*\n"))[1])
        first = self.newest(port)

        def has_gone_on():
            # The filler repeats: a full terminal accepts some more lines a moment later, once.
            with contextlib.suppress(BlockingIOError):
                while True:
                    os.write(filler, 4096 * b"x")
            return self.newest(port) >= first + 5

        wait_until(has_gone_on, TIMEOUT, "five more segments")
        os.close(filler)
        text = self.read_until(read, rb"lost.*\n.*\n")
        said = re.search(
            f"{TIME} warning: log: nobody has read it, and (\\d+) lines are lost\r?\n{TIME} debug: ", text)
        self.assertTrue(said, text[-1000:])
        # The first line may have had room. The last segment is listed just before its line is logged.
        self.assertGreaterEqual(int(said[1]), 3)
        process.terminate()
        self.assertEqual(process.wait(5), 0)

    def newest(self, port):
        """The number of the newest segment; 0 before the first segment."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/live.m3u8", timeout=5) as response:
                return hls.read(response.read()).last
        except urllib.error.HTTPError:
            return 0


if __name__ == "__main__":
    unittest.main()
