"""The server that the tests of WebSockets talk to: Sources/ringcast-echo."""

import subprocess
from pathlib import Path

from support import processes
from support.server import program

# Beside the program under test.
PROGRAM = Path(program()).with_name("ringcast-echo")


class EchoServer:
    """A running server. It listens when the constructor returns. `certificate` is a `Certificate`, for TLS."""

    host = "127.0.0.1"

    def __init__(self, certificate=None):
        self._scheme = "wss" if certificate else "ws"
        if not PROGRAM.exists():
            raise AssertionError(f"{PROGRAM} is missing; scripts/test builds the program")
        self._process = processes.start(
            [PROGRAM, *(certificate.flags if certificate else [])], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.port = int(self._process.stdout.readline())

    def close(self):
        processes.end(self._process)

    @property
    def address(self):
        return self.host, self.port

    def url(self, path="/"):
        return f"{self._scheme}://{self.host}:{self.port}{path}"
