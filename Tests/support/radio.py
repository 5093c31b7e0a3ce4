"""A listener of the endless stream, on a bare socket: what an internet radio does, and no more."""

import re
import socket
import ssl
import threading
import time

from support import mp3

_TITLE = re.compile(rb"StreamTitle='(.*?)';\0*")


class Radio:
    """Asks as the constructor says, and reads on a thread of its own until the answer ends; `with` ends it before."""

    def __init__(self, server, path="/live.mp3", version="1.1", titles=False, narrow=False, deaf=False):
        self._socket = socket.socket()
        self._socket.settimeout(20)
        if narrow:
            # The system takes next to nothing for it.
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
        self._socket.connect((server.host, server.port))
        if server.certificate:
            self._socket = server.certificate.context.wrap_socket(self._socket, server_hostname=server.host)
        fields = ["Host: localhost", *(["Icy-MetaData: 1"] if titles else [])]
        self._socket.sendall("\r\n".join([f"GET {path} HTTP/{version}", *fields, "", ""]).encode())
        self.began = time.monotonic()
        self._received, self._changed = b"", threading.Condition()
        # Why there is no more: nothing, or an error.
        self.ended, self.error = False, None
        self.status, self.headers, rest = self._head()
        self._received = rest
        self._thread = threading.Thread(target=self._read, daemon=True)
        if not deaf:
            self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        if self._thread.ident:
            self._thread.join()
        self._socket.close()

    def listen(self):
        """One who was deaf reads from now on."""
        self._thread.start()

    def _head(self):
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._socket.recv(1024) or b"\r\n\r\n"
        head, _, rest = data.partition(b"\r\n\r\n")
        line, *fields = head.decode().split("\r\n")
        return int(line.split()[1]), {name.lower(): value for name, _, value in (f.partition(": ") for f in fields)}, rest

    def _read(self):
        try:
            while data := self._socket.recv(65536):
                with self._changed:
                    self._received += data
                    self._changed.notify_all()
        except (OSError, ssl.SSLError) as error:
            self.error = error
        with self._changed:
            self.ended = True
            self._changed.notify_all()

    def wait(self, seconds, patience=20):
        """Until there are so many seconds of sound."""
        with self._changed:
            enough = self._changed.wait_for(lambda: self.ended or self._duration() >= seconds, patience)
        if not enough or self._duration() < seconds:
            raise AssertionError(f"{self._duration()} s of sound instead of {seconds}; {self.ended} {self.error}")
        return self

    def wait_end(self, patience=20):
        with self._changed:
            if not self._changed.wait_for(lambda: self.ended, patience):
                raise AssertionError(f"it has not ended within {patience} s")
        return self

    def _duration(self):
        return len(self._received) * 8 / 1000 / int(self.headers["icy-br"])

    @property
    def sound(self):
        """What has come so far, without the titles, up to the last frame that is whole."""
        data = self._split()[0]
        end = 0
        while (frame := mp3.frame(data, end)) and end + frame.length <= len(data):
            end += frame.length
        return data[:end]

    @property
    def titles(self):
        """Each title that was told, with the bytes of sound before it."""
        return self._split()[1]

    def _split(self):
        with self._changed:
            data = self._received
        interval = int(self.headers.get("icy-metaint", 0))
        if not interval:
            return data, []
        sound, titles, offset = b"", [], 0
        while True:
            sound += data[offset : offset + interval]
            offset += interval
            if offset >= len(data):
                return sound, titles
            length = data[offset] * 16
            block = data[offset + 1 : offset + 1 + length]
            offset += 1 + length
            if length and len(block) == length:
                match = _TITLE.fullmatch(block)
                if not match:
                    raise AssertionError(f"no title: {block!r}")
                titles.append((len(sound), match[1].decode()))
