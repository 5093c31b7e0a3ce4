"""Another station, as a relay finds it: a local server of endless streams, of redirects, and of answers without sound."""

import base64
import socket
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from support.waiting import TIMEOUT

# The interval between two pieces of metadata, in bytes.
INTERVAL = 8192
# The flags with which ffmpeg encodes a sine of one minute, and the media type.
FORMATS = {
    "mp3": (["-c:a", "libmp3lame", "-b:a", "128k", "-write_xing", "0", "-id3v2_version", "0", "-f", "mp3"], "audio/mpeg"),
    "vorbis": (["-c:a", "libvorbis", "-page_duration", "20000", "-f", "ogg"], "application/ogg"),
    "opus": (["-c:a", "libopus", "-b:a", "96k", "-page_duration", "20000", "-f", "ogg"], "audio/ogg"),
    "flac": (["-c:a", "flac", "-f", "flac"], "audio/flac"),
}
SECONDS = 60


def encoded(form="mp3", frequency=1000, title=None):
    """The bytes of a minute of a sine with a level of -12 dB."""
    tags = ["-metadata", f"title={title}"] if title else []
    return subprocess.run(
        ["ffmpeg", "-v", "error", "-f", "lavfi", "-i",
         f"sine=frequency={frequency}:sample_rate=48000:duration={SECONDS}", "-af", "volume=12dB", "-ac", "2", *tags,
         *FORMATS[form][0], "pipe:1"], check=True, timeout=TIMEOUT, capture_output=True).stdout


class Station:
    """To be used with `with`. `answers` has for each path a function that gets the handler and answers. `requests` has
    the path and the fields of each request."""

    def __init__(self, answers, port=0):
        self.title, self.requests, self._sockets = "", [], set()
        station = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                station.requests.append((self.path, dict(self.headers)))
                station._sockets.add(self.connection)
                answer = answers.get(self.path.split("?")[0])
                try:
                    if answer:
                        answer(self)
                    else:
                        self.send_error(404)
                except OSError:
                    pass  # The relay has gone, or the test has dropped it.
                finally:
                    station._sockets.discard(self.connection)

            def answer(self, status, body=b"", **fields):
                self.send_response(status)
                for name, value in fields.items():
                    self.send_header(name.replace("_", "-"), value)
                self.end_headers()
                self.wfile.write(body)

            @property
            def station(self):
                return station

            def log_message(self, *_):
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            block_on_close = False

        self._server = Server(("127.0.0.1", port), Handler)
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._server.serve_forever, args=[0.05], daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        self.drop()

    def drop(self):
        """Ends all connections."""
        for connection in list(self._sockets):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def live(sound, form="mp3", burst=1, chunk=0.1):
    """Sends the sound in real time, after a burst of some seconds, with the title of the station where it is asked for."""
    def answer(handler):
        asks = handler.headers.get("Icy-MetaData") == "1" and form == "mp3"
        fields = {"icy_metaint": INTERVAL} if asks else {}
        handler.answer(200, Content_Type=FORMATS[form][1], **fields)
        rate = len(sound) / SECONDS
        began, sent, shown, left = time.monotonic() - burst, 0, None, INTERVAL
        while sent < len(sound):
            due = min(int((time.monotonic() - began) * rate), len(sound))
            while sent < due:
                count = min(due - sent, left) if asks else due - sent
                handler.wfile.write(sound[sent:sent + count])
                sent += count
                left -= count
                if asks and left == 0:
                    title = handler.station.title
                    handler.wfile.write(_metadata(title) if title != shown else b"\0")
                    shown, left = title, INTERVAL
            time.sleep(chunk)
    return answer


def _metadata(title):
    text = f"StreamTitle='{title}';StreamUrl='';".encode()
    units = -(-len(text) // 16)
    return bytes([units]) + text.ljust(units * 16, b"\0")


def shoutcast(sound):
    """Sends as the first version of SHOUTcast does."""
    def answer(handler):
        handler.wfile.write(b"ICY 200 OK\r\nicy-name:Old\r\ncontent-type:audio/mpeg\r\n\r\n")
        began, sent = time.monotonic() - 1, 0
        while sent < len(sound):
            due = min(int((time.monotonic() - began) * len(sound) / SECONDS), len(sound))
            handler.wfile.write(sound[sent:due])
            sent = due
            time.sleep(0.1)
    return answer


def redirect(target):
    return lambda handler: handler.answer(302, Location=target)


def content(body, kind):
    return lambda handler: handler.answer(200, body, Content_Type=kind)


def slow(sound):
    """Sends a hundred bytes a second."""
    def answer(handler):
        handler.answer(200, Content_Type="audio/mpeg")
        for start in range(0, len(sound), 10):
            handler.wfile.write(sound[start:start + 10])
            time.sleep(0.1)
    return answer


def guarded(answer, user, password):
    """Admits only a user with a password."""
    key = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()

    def guard(handler):
        if handler.headers.get("Authorization") == key:
            answer(handler)
        else:
            handler.answer(401, WWW_Authenticate='Basic realm="test"')
    return guard
