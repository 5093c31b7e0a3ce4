"""What a service manager is told: readiness, signs of life, a stop."""

import os
import signal
import socket
import tempfile
import time
import unittest
from pathlib import Path

from support.server import Server
from support.waiting import TIMEOUT


class Service(unittest.TestCase):
    def setUp(self):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="notify.")))
        self.socket = self.enterContext(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))
        self.socket.bind(str(folder / "notify"))
        self.socket.settimeout(TIMEOUT)
        self.environment = os.environ | {"NOTIFY_SOCKET": str(folder / "notify")}

    def news(self):
        return self.socket.recv(1000).decode().strip()

    def start(self, *flags, watchdog=None):
        # The manager watches one process, and says which by its number: here the one that it has started, whichever it is.
        environment = self.environment | ({"WATCHDOG_USEC": str(watchdog)} if watchdog else {})
        return self.enterContext(Server("--source", "tone", *flags, environment=environment))

    def test_it_is_told_when_it_serves_and_when_it_stops(self):
        server = self.start()
        self.assertEqual(self.news(), "READY=1")
        server.get("/")
        server.process.send_signal(signal.SIGHUP)
        server.wait_log("info: reload: done")
        self.assertEqual(server.stop()[0], 0)
        self.assertEqual(self.news(), "STOPPING=1")

    def test_it_gets_signs_of_life_as_often_as_it_wants(self):
        server = self.start(watchdog=600_000)
        self.assertEqual(self.news(), "READY=1")
        began = time.monotonic()
        self.assertEqual([self.news() for _ in range(10)], 10 * ["WATCHDOG=1"])
        # Within half of the time that it gives.
        self.assertLess(time.monotonic() - began, 10 * 0.6)
        server.stop()

    def test_a_pipe_that_waits_is_alive(self):
        read, write = os.pipe()
        self.addCleanup(os.close, write)
        environment = self.environment | {"WATCHDOG_USEC": "600000"}
        self.enterContext(Server("--source", "stdin", stdin=read, environment=environment))
        os.close(read)
        self.assertEqual([self.news() for _ in range(4)], ["READY=1", *3 * ["WATCHDOG=1"]])


if __name__ == "__main__":
    unittest.main()
