"""The real program, started as a user starts it.

The program is .build/release/ringcast, or the file that $RINGCAST names; a relative name starts at the repository's
root.
"""

import contextlib
import http.client
import json
import os
import re
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

from support import processes
from support.formats import hls
from support.machine.certificate import Certificate, OwnCertificate
from support.waiting import TIMEOUT, wait_until

ROOT = Path(__file__).resolve().parents[1]


def program():
    return str(ROOT / (os.environ.get("RINGCAST") or ".build/release/ringcast"))


def refusal(*flags, command=None, web=ROOT / "web"):
    """The message with which the program refuses these flags. It is one line; the status is 2, and no file was
    created."""
    with tempfile.TemporaryDirectory(prefix="sound.") as folder:
        # Any user that the program runs as could create a folder here.
        os.chmod(folder, 0o777)
        sound = Path(folder, "sound")
        result = processes.run([
            *(command or [program()]), "--source", "tone", "--port", 0, "--sound-dir", sound, "--web-dir", web, *flags])
        message = result.stderr.decode()
        if (result.returncode, message.count("\n"), sound.exists()) != (2, 1, False):
            made = "made" if sound.exists() else "not made"
            raise AssertionError(f"status {result.returncode}, the folder is {made}: {message}")
        return message


class Response:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def __repr__(self):
        return f"<{self.status} {dict(self.headers)} {self.body[:200]!r}>"


class Address:
    """A host and a port at which a server answers. `certificate` is what the clients trust; None is plain HTTP."""

    def __init__(self, url, certificate=None):
        self.url, self.certificate = url, certificate
        parts = urlsplit(url)
        self.host, self.port = parts.hostname, parts.port

    log = ""

    def connect(self, timeout):
        if self.certificate is None:
            return http.client.HTTPConnection(self.host, self.port, timeout=timeout)
        return http.client.HTTPSConnection(self.host, self.port, timeout=timeout, context=self.certificate.context)

    def request(self, path, method="GET", headers=None, body=None):
        """One request on a new connection. The path is sent unchanged."""
        connection = self.connect(TIMEOUT)
        try:
            # The server may answer and close before it has read the whole request. The answer can still be read.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return Response(response.status, response.headers, response.read())
        finally:
            connection.close()

    def get(self, path, headers=None):
        response = self.request(path, headers=headers)
        if response.status != 200:
            raise AssertionError(f"{path}: {response}\n{self.log}")
        return response.body

    def playlist(self):
        return hls.read(self.get("/live.m3u8"))


class Server(Address):
    """A running server, to be used with `with`. It listens when the constructor returns.

    `sound` is the folder of the segments; without it the server gets a temporary one. Two servers that are given the
    same folder one after the other continue one stream. `certificate` is a `Certificate`, for https; with
    `Certificate.OWN`, the server makes one. `command` replaces the program, for example by a command that starts the
    program as another user.
    """

    def __init__(
        self, *flags, sound=None, web=ROOT / "web", port=0, certificate=None, command=None, stdin=subprocess.DEVNULL,
        environment=None,
    ):
        self._temporary = None if sound else tempfile.TemporaryDirectory(prefix="sound.")
        self.sound = Path(sound or self._temporary.name)
        if certificate is Certificate.OWN:
            certificate = OwnCertificate(self.sound)
        # The flags of the caller may end with those of a stream (--stream NAME).
        self.flags = [
            "--sound-dir", str(self.sound), "--web-dir", str(web), "--port", str(port),
            *map(str, certificate.flags if certificate else []), *map(str, flags)]
        self._log = []
        self._logged = threading.Condition()
        self._ended = False
        self.process = processes.start(
            [*(command or [program()]), *self.flags], stdin=stdin, stderr=subprocess.PIPE, stdout=subprocess.PIPE,
            env=environment, cwd=self.sound)
        self._reader = threading.Thread(target=self._read_log, daemon=True)
        self._reader.start()
        try:
            url = self.wait_log(r"listening on (https?://[^ ]+/)")[1]
            super().__init__(url, certificate if url.startswith("https:") else None)
            beside = re.search(r"listening on \S+ and (https://\S+/)", self.log)
            # The address of --tls-port; None without.
            self.secure = beside and Address(beside[1], certificate)
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    @property
    def crash_memory(self):
        """The file in memory that survives a killed server."""
        hash = 0xCBF29CE484222325
        for octet in os.fsencode(os.path.realpath(self.sound / "live")):
            hash = (hash ^ octet) * 0x100000001B3 % (1 << 64)
        return Path(f"/dev/shm/ringcast-{hash:x}")

    def close(self):
        processes.end(self.process)
        self._reader.join()
        self.crash_memory.unlink(missing_ok=True)
        if self._temporary:
            self._temporary.cleanup()

    # The process

    def stop(self, signal_number=None):
        """Ends the server with SIGTERM or another signal. Returns its exit status and the seconds until it ended."""
        began = time.monotonic()
        if signal_number is None:
            self.process.terminate()
        else:
            self.process.send_signal(signal_number)
        try:
            status = self.process.wait(TIMEOUT)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"the server does not stop\n{self.log}") from None
        took = time.monotonic() - began
        # The log is complete when its reader has ended.
        self._reader.join(TIMEOUT)
        return status, took

    def kill(self):
        """Ends the server without warning."""
        self.process.kill()
        self.process.wait()

    # Its log

    def _read_log(self):
        for line in self.process.stderr:
            with self._logged:
                self._log.append(line.decode(errors="replace"))
                self._logged.notify_all()
        with self._logged:
            self._ended = True
            self._logged.notify_all()

    @property
    def log(self):
        with self._logged:
            return "".join(self._log)

    def wait_log(self, pattern, seconds=TIMEOUT):
        """The first match of a regular expression in the log."""
        with self._logged:
            found = self._logged.wait_for(
                lambda: re.search(pattern, "".join(self._log)) or (self._ended and "ended"), seconds)
        if not isinstance(found, re.Match):
            raise AssertionError(f"no {pattern!r} in the log{' before it ended' if found else ''}:\n{self.log}")
        return found

    # HTTP

    @property
    def operator_token(self):
        """The operators' token that the server made, if no flag sets one."""
        return Path(self.sound, "admin-token").read_text().strip()

    @property
    def operator_headers(self):
        return {"Authorization": f"Bearer {self.operator_token}"}

    def operator_get(self, path):
        """The body of a request with the operators' token."""
        return self.get(path, self.operator_headers)

    @property
    def operator_page(self):
        """The URL of the operators' page, as the log prints it."""
        return self.wait_log(r"operators: on (http\S+)")[1]

    def set_now_playing(self, token, **playing):
        """Sets the title and artist now playing, with an operator's token."""
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        return self.request("/live/metadata", "PUT", headers, json.dumps(playing))

    def information(self):
        return json.loads(self.get("/live.json"))

    def wait_playlist(self, condition=lambda playlist: True, seconds=TIMEOUT):
        """The first playlist that fulfils the condition. Before the first segment there is no playlist."""
        latest = None

        def look():
            nonlocal latest
            latest = self.request("/live.m3u8")
            playlist = hls.read(latest.body) if latest.status == 200 else None
            return playlist if playlist and condition(playlist) else None
        return wait_until(
            look, seconds, lambda: f"a playlist that fulfils the condition; the last one was {latest}\n{self.log}")
