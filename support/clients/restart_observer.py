"""Listeners that stay while servers are killed and restarted, and check that no URL ever serves another body."""

import http.client
import threading
import time

from support.clients.served_bodies import ServedBodies
from support.formats import hls, low_latency
from support.waiting import wait_until


class RestartObserver:
    """Listeners of every kind at one address: `growing` listeners of the recording segment, one of parts, and one of
    the plain playlist. Each playlist is checked against the playlist before."""

    def __init__(self, host, port, growing=3):
        self._host, self._port = host, port
        self.bodies = ServedBodies()
        self._ends = threading.Event()
        self._lock = threading.Lock()
        self._error = None
        self._playlist, self._low_latency = None, (0, 0)
        self._threads = [
            threading.Thread(target=self._run, args=(step,), daemon=True)
            for step in [*(RecordingSegments(self).step for _ in range(growing)), self._follow, self._follow_parts]]
        for thread in self._threads:
            thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._ends.set()
        for thread in self._threads:
            thread.join(30)

    def check(self):
        if self._error:
            raise self._error

    @property
    def playlist(self):
        """The latest playlist; None before the first."""
        with self._lock:
            return self._playlist

    @property
    def last(self):
        """The number of the last segment that a playlist has listed; 0 before the first playlist."""
        playlist = self.playlist
        return playlist.last if playlist else 0

    def wait_beyond(self, sequence, seconds):
        """Waits until a segment after `sequence` is listed."""
        wait_until(lambda: self._error or self.last > sequence, seconds, lambda: f"a segment after {sequence}")
        self.check()

    def check_all(self, most=60):
        """Requests the last `most` URIs again: each has the same body, or is gone. Returns how many are still
        served."""
        self.check()
        connection = self.connection()
        try:
            return sum(self.fetch(connection, uri) == 200 for uri in self.bodies.uris[-most:])
        finally:
            connection.close()

    def connection(self):
        return http.client.HTTPConnection(self._host, self._port, timeout=20)

    def fetch(self, connection, uri):
        """Requests a URI and notes its body, to the end or until the server dies. Returns the status."""
        connection.request("GET", f"/{uri}")
        response = connection.getresponse()
        if response.status != 200:
            response.read()
            return response.status
        body, is_whole = b"", False
        try:
            while chunk := response.read1(1 << 16):
                body += chunk
            # A chunked body that is cut off raises. A body with a length that is cut off has some length left.
            is_whole = not response.length
            response.read()
        finally:
            if body:
                self.bodies.note(uri, body, is_whole)
        return response.status

    def _run(self, step):
        connection = self.connection()
        while not self._ends.is_set() and not self._error:
            try:
                step(connection)
            except (OSError, http.client.HTTPException):
                connection.close()
                time.sleep(0.02)
            except Exception as error:  # check() raises the error.
                self._error = error
        connection.close()

    def _follow(self, connection):
        connection.request("GET", "/live.m3u8")
        response = connection.getresponse()
        data = response.read()
        if response.status == 200:
            playlist = hls.read(data)
            with self._lock:
                if self._playlist:
                    hls.check_reload(self._playlist, playlist, killed=True)
                known = self._playlist.last if self._playlist else 0
                self._playlist = playlist
            for entry in playlist.entries:
                if entry.sequence > known:
                    self.fetch(connection, entry.uri)
        time.sleep(0.1)

    def _follow_parts(self, connection):
        connection.request("GET", "/live-ll.m3u8")
        response = connection.getresponse()
        data = response.read()
        if response.status != 200:
            time.sleep(0.05)
            return
        playlist = low_latency.Playlist(data).check()
        now = (playlist.media_sequence, playlist.recording.sequence)
        if any(new < old for new, old in zip(now, self._low_latency)):
            raise AssertionError(f"the media sequence goes from {self._low_latency} to {now}")
        self._low_latency = now
        for part in [part for segment in [*playlist.segments[-1:], playlist.recording] for part in segment.parts][-3:]:
            self.fetch(connection, part["URI"])
        if playlist.hint:
            self.fetch(connection, playlist.hint)


class RecordingSegments:
    """Requests one recording segment after the other, by number."""

    def __init__(self, observer):
        self._watcher, self._next, self._uri = observer, None, None

    def step(self, connection):
        if self._next is None:
            if not self._watcher.playlist:
                time.sleep(0.05)
                return
            self._next = self._watcher.playlist.following()
        if self._uri is None:
            _, self._uri = next(self._next)
        status = self._watcher.fetch(connection, self._uri)
        if status in (200, 404):
            self._uri = None
        if status == 404:
            # The stream has moved on or was restarted. The playlist has the next number.
            self._next = None
            time.sleep(0.05)
