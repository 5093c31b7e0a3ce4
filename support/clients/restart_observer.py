"""A recorder who keeps what every URL has ever served, through any number of restarts."""

import http.client
import threading
import time

from support.formats import hls, low_latency
from support.waiting import wait_until


class ServedBodies:
    """What each URI has served, whole or as far as it was seen. No URI may ever serve anything else."""

    def __init__(self):
        self._lock = threading.Lock()
        # {URI: (bytes, whether they are all)}
        self._seen = {}
        self.answers = 0
        # ServedBodies that were seen both cut off and, from another run of the server, whole.
        self.completed_later = 0

    def note(self, uri, body, is_whole):
        """Raises where a body contradicts one that was served before."""
        with self._lock:
            self.answers += 1
            before, was_whole = self._seen.get(uri, (b"", False))
            shorter, longer = sorted([before, body], key=len)
            is_too_long = was_whole and len(body) > len(before)
            is_too_short = is_whole and len(body) < len(before)
            if is_too_long or is_too_short or not longer.startswith(shorter):
                same = next((i for i, (a, b) in enumerate(zip(before, body)) if a != b), len(shorter))
                raise AssertionError(
                    f"{uri} served {len(before)} bytes{'' if was_whole else ', cut off'}, and then {len(body)}"
                    f"{'' if is_whole else ', cut off'}, of which {same} are the same")
            if is_whole and not was_whole and before:
                self.completed_later += 1
            self._seen[uri] = (longer, was_whole or is_whole)

    @property
    def uris(self):
        with self._lock:
            return list(self._seen)


class RestartObserver:
    """Listeners of every kind at one address, where servers come and go: `growing` of them follow the segment that is
    recorded, one takes parts, one segments from the plain playlist. Each playlist is checked against all before."""

    def __init__(self, host, port, growing=3):
        self._host, self._port = host, port
        self.bodies = ServedBodies()
        self._ends = threading.Event()
        self._lock = threading.Lock()
        self._error = None
        self._playlist, self._low_latency = None, (0, 0)
        self._threads = [
            threading.Thread(target=self._run, args=(step,), daemon=True)
            for step in [*(Growing(self).step for _ in range(growing)), self._follow, self._follow_parts]]
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
    def last(self):
        """The number of the last segment that a playlist has listed; 0 before the first."""
        with self._lock:
            return self._playlist.last if self._playlist else 0

    def wait_beyond(self, sequence, seconds):
        """Waits until a segment after that one is listed."""
        wait_until(lambda: self._error or self.last > sequence, seconds, lambda: f"a segment after {sequence}")
        self.check()

    def check_all(self, most=60):
        """Asks once more for what was served last: it is what it was, or gone. Returns how many are still there."""
        self.check()
        connection = self.connection()
        try:
            return sum(self.fetch(connection, uri) == 200 for uri in self.bodies.uris[-most:])
        finally:
            connection.close()

    def connection(self):
        return http.client.HTTPConnection(self._host, self._port, timeout=20)

    def fetch(self, connection, uri):
        """Notes what is served of a URI, to its end or until the server dies; returns the status."""
        connection.request("GET", f"/{uri}")
        response = connection.getresponse()
        if response.status != 200:
            response.read()
            return response.status
        body, is_whole = b"", False
        try:
            while chunk := response.read1(1 << 16):
                body += chunk
            # A chunked body that is cut off raises; of another some is left then.
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
            except Exception as error:  # Whatever it is, it is the observer's finding.
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
        now = (playlist.media_sequence, playlist.open.sequence)
        if any(new < old for new, old in zip(now, self._low_latency)):
            raise AssertionError(f"the media sequence goes from {self._low_latency} to {now}")
        self._low_latency = now
        for part in [part for segment in [*playlist.segments[-1:], playlist.open] for part in segment.parts][-3:]:
            self.fetch(connection, part["URI"])
        if playlist.hint:
            self.fetch(connection, playlist.hint)


class Growing:
    """Follows growing segments from one to the next, by their numbers."""

    def __init__(self, observer):
        self._watcher, self._next = observer, None

    def step(self, connection):
        if self._next is None:
            if not self._watcher.last:
                time.sleep(0.05)
                return
            self._next = self._watcher.last + 1
        status = self._watcher.fetch(connection, f"live/{self._next}.mp3")
        if status == 200:
            self._next += 1
        elif status == 404:
            # The stream has moved on, or begins anew: its playlist tells where.
            self._next = None
            time.sleep(0.05)
