"""The server that the tests of WebSockets talk to: Sources/ringcast-echo."""

import subprocess

from support import processes
from support.server import ROOT

PROGRAM = ROOT / ".build/release/ringcast-echo"


class EchoServer:
    """A running server, to be used with `with`. It listens when the constructor returns."""

    host = "127.0.0.1"

    def __init__(self):
        if not PROGRAM.exists():
            raise AssertionError(f"{PROGRAM} is missing: RINGCAST_ECHO=yes swift build -c release --product ringcast-echo")
        self._process = processes.start([PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.port = int(self._process.stdout.readline())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        processes.end(self._process)

    @property
    def address(self):
        return self.host, self.port

    def url(self, path="/"):
        return f"ws://{self.host}:{self.port}{path}"
