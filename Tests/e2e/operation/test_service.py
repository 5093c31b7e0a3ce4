"""Notifications for a service manager: ready, watchdog, stopping."""

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

    def notification(self):
        return self.socket.recv(1000).decode().strip()

    def start(self, *flags, watchdog=None):
        # Without WATCHDOG_PID the watchdog's time is meant for the process that reads it.
        environment = self.environment | ({"WATCHDOG_USEC": str(watchdog)} if watchdog else {})
        return self.enterContext(Server("--source", "tone", *flags, environment=environment))

    def test_the_manager_is_told_when_the_server_serves_and_when_it_stops(self):
        server = self.start()
        self.assertEqual(self.notification(), "READY=1")
        server.get("/")
        server.process.send_signal(signal.SIGHUP)
        server.wait_log("info: reload: done")
        self.assertEqual(server.stop()[0], 0)
        self.assertEqual(self.notification(), "STOPPING=1")

    def test_the_manager_gets_watchdog_notifications_in_time(self):
        server = self.start(watchdog=600_000)
        self.assertEqual(self.notification(), "READY=1")
        began = time.monotonic()
        self.assertEqual([self.notification() for _ in range(10)], 10 * ["WATCHDOG=1"])
        # The program notifies within half of the watchdog's time.
        self.assertLess(time.monotonic() - began, 10 * 0.6)
        server.stop()

    def test_a_server_that_waits_for_its_pipe_is_alive(self):
        read, write = os.pipe()
        self.addCleanup(os.close, write)
        environment = self.environment | {"WATCHDOG_USEC": "600000"}
        self.enterContext(Server("--source", "stdin", stdin=read, environment=environment))
        os.close(read)
        self.assertEqual([self.notification() for _ in range(4)], ["READY=1", *3 * ["WATCHDOG=1"]])


if __name__ == "__main__":
    unittest.main()
