"""A listener of growing segments that must receive every frame."""

import http.client
import threading
import time

import numpy as np

from support.formats import mp3


class GrowingReader(threading.Thread):
    """Requests growing segments from the newest on, like the page, and keeps their bytes. After a closed connection it
    connects again, and the segment must begin with the same bytes."""

    def __init__(self, server):
        super().__init__(daemon=True)
        self._server, self._ends = server, threading.Event()
        self._next = server.wait_playlist().last + 1
        self.arrivals = []
        # {media sequence number: bytes}, and {media sequence number: arrival of the last byte on the wall clock}.
        self.segments, self.completed = {}, {}
        # The bytes received of the recording segment.
        self._body = b""
        self.reconnects = 0
        self.error = None
        self.start()

    def run(self):
        connection = http.client.HTTPConnection(self._server.host, self._server.port, timeout=60)
        try:
            while not self._ends.is_set():
                try:
                    self._take(connection)
                except (http.client.HTTPException, ConnectionError):
                    connection.close()
                    self.reconnects += 1
        except Exception as error:  # finish() raises the error.
            self.error = error
        finally:
            connection.close()

    def _take(self, connection):
        connection.request("GET", f"/live/{self._next}.mp3")
        response = connection.getresponse()
        if response.status == 503:
            response.read()  # The server held the request for too long. The reader requests the segment again.
            return
        if response.status != 200:
            raise AssertionError(f"{self._next}: {response.status}")
        body, before = b"", self._body
        while chunk := response.read1(1 << 16):
            self.arrivals.append(time.monotonic())
            body += chunk
            if before[: len(body)] != body[: len(before)]:
                raise AssertionError(f"{self._next} has other bytes than before")
            self._body = max(body, before, key=len)
        self.segments[self._next], self.completed[self._next] = body, time.time()
        self._next, self._body = self._next + 1, b""

    def finish(self):
        """Checks that the segments are one seamless run of frames."""
        self._ends.set()
        self.join(60)
        if self.error:
            raise self.error
        parsed = [mp3.segment(self.segments[sequence]) for sequence in sorted(self.segments)]
        for before, after in zip(parsed, parsed[1:]):
            ticks = (after.timestamp - before.timestamp) % (1 << 33)
            if abs(ticks - before.samples * 90000 / before.frames[0].rate) >= 1:
                raise AssertionError(f"timestamps go from {before.timestamp} to {after.timestamp}")

    def longest_wait(self, since):
        """The longest time between two arrivals, in seconds."""
        times = [at for at in self.arrivals if at >= since - 1]
        return max(np.diff(times))
