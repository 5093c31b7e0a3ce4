"""A listener of the endless stream on a plain socket, like a simple internet radio."""

import re
import socket
import ssl
import threading
import time

from support.formats import mp3

_TITLE = re.compile(rb"StreamTitle='(.*?)';\0*")


class Radio:
    """Sends one request, and reads the answer on a thread until the answer ends or `with` ends. `titles` asks for ICY
    titles. `narrow` makes the socket buffers small. `paused` does not read until `resume`."""

    def __init__(self, server, path="/live.mp3", version="1.1", titles=False, narrow=False, paused=False):
        self._socket = socket.socket()
        self._socket.settimeout(20)
        if narrow:
            # The kernel buffers almost nothing for this socket.
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
        self._socket.connect((server.host, server.port))
        if server.certificate:
            self._socket = server.certificate.context.wrap_socket(self._socket, server_hostname=server.host)
        fields = ["Host: localhost", *(["Icy-MetaData: 1"] if titles else [])]
        self._socket.sendall("\r\n".join([f"GET {path} HTTP/{version}", *fields, "", ""]).encode())
        self.began = time.monotonic()
        self._received, self._changed = b"", threading.Condition()
        # Whether the answer has ended, and its error, if there was one.
        self.ended, self.error = False, None
        self.status, self.headers, rest = self._head()
        self._received = rest
        self._thread = threading.Thread(target=self._read, daemon=True)
        if not paused:
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

    def resume(self):
        """Starts to read, if the radio was made `paused`."""
        self._thread.start()

    def _head(self):
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._socket.recv(1024) or b"\r\n\r\n"
        head, _, rest = data.partition(b"\r\n\r\n")
        line, *fields = head.decode().split("\r\n")
        headers = {name.lower(): value for name, _, value in (field.partition(": ") for field in fields)}
        return int(line.split()[1]), headers, rest

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

    def wait(self, seconds, timeout=20):
        """Waits until the radio has `seconds` of sound."""
        with self._changed:
            enough = self._changed.wait_for(lambda: self.ended or self._duration() >= seconds, timeout)
        if not enough or self._duration() < seconds:
            raise AssertionError(f"{self._duration()} s of sound instead of {seconds}; {self.ended} {self.error}")
        return self

    def wait_end(self, timeout=20):
        with self._changed:
            if not self._changed.wait_for(lambda: self.ended, timeout):
                raise AssertionError(f"the answer has not ended within {timeout} s")
        return self

    def _duration(self):
        return len(self._received) * 8 / 1000 / int(self.headers["icy-br"])

    @property
    def sound(self):
        """The sound received so far, without titles, up to the last whole frame."""
        data = self._split()[0]
        end = 0
        while (frame := mp3.frame(data, end)) and end + frame.length <= len(data):
            end += frame.length
        return data[:end]

    @property
    def titles(self):
        """Each title received, with the number of sound bytes before it."""
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
                    raise AssertionError(f"not a title block: {block!r}")
                titles.append((len(sound), match[1].decode()))
