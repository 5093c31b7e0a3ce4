"""An HTTP/2 client that sends any frame, correct or not (RFC 9113)."""

import contextlib
import socket
import struct
import time
import unittest

try:
    import hpack
    from hyperframe import frame as frames
except ImportError:
    hpack = frames = None

from support.waiting import TIMEOUT

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
# The largest window (RFC 9113 §6.9.1), and the window of a connection at its start.
LARGEST_WINDOW, FIRST_WINDOW = 2**31 - 1, 65_535
# The first octets of a frame (RFC 9113 §4.1).
_HEADER = 9
ENHANCE_YOUR_CALM = 11


class Answer:
    """The answer on one stream, as far as it has arrived."""

    def __init__(self):
        self.headers, self.body, self.pieces = {}, b"", 0
        # The error code of RST_STREAM; None without one.
        self.ended, self.error = False, None

    @property
    def status(self):
        return int(self.headers[":status"]) if self.headers else None

    @property
    def is_over(self):
        return self.ended or self.error is not None


class HTTP2Client:
    """One connection over TLS. `window` is the window of each stream, in bytes. The window of the connection never
    closes."""

    def __init__(self, server, window=LARGEST_WINDOW):
        if hpack is None:
            raise unittest.SkipTest("python3-hpack or python3-hyperframe is not installed")
        context = server.certificate.context
        context.set_alpn_protocols(["h2"])
        self._authority = f"{server.host}:{server.port}"
        self._socket = context.wrap_socket(
            socket.create_connection((server.host, server.port), timeout=TIMEOUT), server_hostname=server.host)
        self.protocol = self._socket.selected_alpn_protocol()
        self._encoder, self._decoder = hpack.Encoder(), hpack.Decoder()
        self._received, self._block, self._next = b"", b"", 1
        self.answers = {}
        # The error code of GOAWAY, and whether the server has ended the connection.
        self.goaway, self.ended = None, False
        settings = frames.SettingsFrame(0, settings={frames.SettingsFrame.INITIAL_WINDOW_SIZE: window})
        self._socket.sendall(PREFACE + settings.serialize() + self.window_update(0, LARGEST_WINDOW - FIRST_WINDOW))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self._socket.close()

    # Sending

    def send(self, data):
        """Sends bytes. A server that ends the connection meanwhile is no error."""
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self._socket.sendall(data)

    def request(self, path, method="GET", headers=(), ends=True):
        """Sends a request; returns its `Answer`."""
        stream, data = self.head(path, method, headers, ends)
        self.send(data)
        return self.answers[stream]

    def head(self, path, method="GET", headers=(), ends=True):
        """The number of a new stream, and the HEADERS frame of its request."""
        stream, self._next = self._next, self._next + 2
        self.answers[stream] = Answer()
        block = self._encoder.encode([
            (":method", method), (":scheme", "https"), (":authority", self._authority), (":path", path), *headers])
        frame = frames.HeadersFrame(stream, data=block)
        frame.flags.add("END_HEADERS")
        if ends:
            frame.flags.add("END_STREAM")
        return stream, frame.serialize()

    def reset(self, answer):
        """Gives an answer up (RST_STREAM with the code CANCEL)."""
        stream = next(number for number, other in self.answers.items() if other is answer)
        self.send(frames.RstStreamFrame(stream, error_code=8).serialize())
        answer.error = 8

    @staticmethod
    def window_update(stream, count):
        return frames.WindowUpdateFrame(stream, window_increment=count).serialize()

    @staticmethod
    def frame(kind, stream=0, payload=b"", flags=0):
        """A frame of any type."""
        return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload

    # Receiving

    def wait(self, condition, what, seconds=TIMEOUT):
        """Reads until the condition is true; returns its value."""
        deadline = time.monotonic() + seconds
        while not (value := condition()):
            rest = deadline - time.monotonic()
            if self.ended or rest <= 0:
                end = "before the connection ended" if self.ended else f"within {seconds} s"
                raise AssertionError(f"not {end}: {what}; GOAWAY {self.goaway}")
            self.receive(rest)
        return value

    def whole(self, answer):
        """The answer, when its last byte has arrived."""
        self.wait(lambda: answer.is_over, "the answer ends")
        if answer.error is not None:
            raise AssertionError(f"the stream was reset with the code {answer.error}")
        return answer

    def get(self, path, **options):
        return self.whole(self.request(path, **options))

    def wait_end(self, seconds=TIMEOUT):
        """Reads until the server has ended the connection."""
        self.wait(lambda: self.ended, "the server ends the connection", seconds)

    def receive(self, seconds):
        """Takes the bytes that arrive first, if any arrive in time."""
        self._socket.settimeout(seconds)
        try:
            data = self._socket.recv(65_536)
        except TimeoutError:
            return
        except OSError:  # The connection was reset.
            data = b""
        self.ended = not data
        self._received += data
        while len(self._received) >= _HEADER:
            frame, length = frames.Frame.parse_frame_header(memoryview(self._received)[:_HEADER])
            if len(self._received) < _HEADER + length:
                return
            frame.parse_body(memoryview(self._received)[_HEADER : _HEADER + length])
            self._received = self._received[_HEADER + length:]
            self._take(frame)

    def _take(self, frame):
        answer = self.answers.get(frame.stream_id)
        if isinstance(frame, frames.SettingsFrame) and "ACK" not in frame.flags:
            self.send(frames.SettingsFrame(0, flags=["ACK"]).serialize())
        elif isinstance(frame, frames.PingFrame) and "ACK" not in frame.flags:
            self.send(frames.PingFrame(0, frame.opaque_data, flags=["ACK"]).serialize())
        elif isinstance(frame, frames.GoAwayFrame):
            self.goaway = frame.error_code
        elif isinstance(frame, (frames.HeadersFrame, frames.ContinuationFrame)):
            self._block += frame.data
            if "END_HEADERS" in frame.flags:
                answer.headers, self._block = dict(self._decoder.decode(self._block)), b""
        elif isinstance(frame, frames.DataFrame):
            answer.body += frame.data
            answer.pieces += 1
        elif isinstance(frame, frames.RstStreamFrame):
            answer.error = frame.error_code
        if answer and "END_STREAM" in frame.flags:
            answer.ended = True
