"""A listener that records arrival times."""

import http.client
import threading
import time
from urllib.parse import urlsplit

from support.formats import hls
from support.formats.low_latency import Playlist


class ArrivalRecorder(threading.Thread):
    """Records for `seconds` when segments are listed (mode plain), when hinted parts arrive (low-latency), or when
    growing segments end (growing). Requests like a listener of that mode."""

    # Between two requests of a polled playlist, in seconds.
    PAUSE = 0.02

    def __init__(self, url, mode, seconds):
        super().__init__(daemon=True)
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=20)
        self._step = {"plain": self._poll, "low-latency": self._take_part, "growing": self._follow}[mode]
        self._until = time.monotonic() + seconds
        self._next = None
        self._times, self._error = {}, None
        self.start()

    def finish(self):
        """{segment or part: arrival on the monotonic clock, in seconds}."""
        self.join(60)
        if self._error:
            raise self._error
        return self._times

    def run(self):
        try:
            while time.monotonic() < self._until:
                self._step()
        except Exception as error:  # finish() raises the error.
            self._error = error
        finally:
            self._connection.close()

    def _ask(self, path):
        self._connection.request("GET", f"/{path}")
        response = self._connection.getresponse()
        body = response.read()
        if response.status != 200:
            raise AssertionError(f"{path}: {response.status} {body[:200]}")
        return body

    def _poll(self):
        last = hls.parse(self._ask("live.m3u8")).last
        self._times.setdefault(last, time.monotonic())
        time.sleep(self.PAUSE)

    def _take_part(self):
        playlist = self._next or Playlist(self._ask("live-ll.m3u8"))
        self._ask(playlist.hint)
        self._times[playlist.hint] = time.monotonic()
        sequence, index = playlist.hinted
        self._next = Playlist(self._ask(f"live-ll.m3u8?_HLS_msn={sequence}&_HLS_part={index}"))

    def _follow(self):
        if self._next is None:
            self._next = hls.parse(self._ask("live.m3u8")).following()
        sequence, uri = next(self._next)
        self._ask(uri)
        self._times[sequence] = time.monotonic()
