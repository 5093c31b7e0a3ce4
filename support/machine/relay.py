"""coturn, a relay (TURN server) for calls."""

import base64
import hashlib
import hmac
import socket
import subprocess
import tempfile
import threading

from support import processes
from support.waiting import TIMEOUT, wait_until

SECRET = "a secret of the tests"


class Relay:
    """A TURN server on an address of this machine, to be used with `with`. It knows its users by `SECRET` only."""

    def __init__(self):
        address = _own_address()
        with socket.create_server((address, 0)) as probe:
            port = probe.getsockname()[1]
        self.url = f"turn:{address}:{port}"
        self._folder = tempfile.TemporaryDirectory(prefix="relay.", ignore_cleanup_errors=True)
        self._process = processes.start([
            "turnserver", "-n", "--listening-ip", address, "--relay-ip", address, "--listening-port", port,
            "--use-auth-secret", "--static-auth-secret", SECRET, "--realm", "ringcast.test", "--no-cli", "--no-tls",
            "--no-dtls", "--simple-log", "--log-file", "stdout", "--verbose",
            "--pidfile", f"{self._folder.name}/pid", "--userdb", f"{self._folder.name}/users",
        ], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=self._folder.name)
        self._lines = []
        threading.Thread(target=self._read, daemon=True).start()
        wait_until(lambda: _listens(address, port), TIMEOUT, lambda: f"coturn listens\n{self.log}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        processes.end(self._process)
        self._folder.cleanup()

    @property
    def log(self):
        return "".join(self._lines)

    def _read(self):
        for line in self._process.stdout:
            self._lines.append(line.decode(errors="replace"))


def credential(expires, member=1):
    """A username that expires at a time, in seconds since 1970, and its password."""
    username = f"{int(expires)}:{member}"
    code = hmac.new(SECRET.encode(), username.encode(), hashlib.sha1).digest()
    return {"username": username, "credential": base64.b64encode(code).decode()}


def _own_address():
    """The address by which this machine reaches other machines: browsers offer no loopback address to their peers."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        # Nothing is sent by this.
        probe.connect(("192.0.2.1", 9))
        return probe.getsockname()[0]


def _listens(address, port):
    with socket.socket() as client:
        return client.connect_ex((address, port)) == 0
