"""A listener who is owed every frame."""

import http.client
import threading
import time

import numpy as np

from support.formats import mp3


class GrowingReader(threading.Thread):
    """Follows growing segments from the newest on, as the page does, and keeps everything. A connection that is closed in
    mid-segment is made anew, and the segment must begin as it did."""

    def __init__(self, server):
        super().__init__(daemon=True)
        self._server, self._ends = server, threading.Event()
        self._next = server.wait_playlist().last + 1
        self.arrivals = []
        # {media sequence number: bytes}, and when its last byte came, by the wall clock.
        self.segments, self.completed = {}, {}
        # What has come in of the segment at hand.
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
        except Exception as error:  # Whatever it is, the row has failed by it.
            self.error = error
        finally:
            connection.close()

    def _take(self, connection):
        connection.request("GET", f"/live/{self._next}.mp3")
        response = connection.getresponse()
        if response.status == 503:
            response.read()  # Held too long; it is asked for again.
            return
        if response.status != 200:
            raise AssertionError(f"{self._next}: {response.status}")
        body, before = b"", self._body
        while chunk := response.read1(1 << 16):
            self.arrivals.append(time.monotonic())
            body += chunk
            if before[: len(body)] != body[: len(before)]:
                raise AssertionError(f"{self._next} is not what it was")
            self._body = max(body, before, key=len)
        self.segments[self._next], self.completed[self._next] = body, time.time()
        self._next, self._body = self._next + 1, b""

    def finish(self):
        """Checks that what was heard is one seamless run of frames."""
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
        times = [at for at in self.arrivals if at >= since - 1]
        return max(np.diff(times))
