"""A listener that misses nothing."""

import time

from support.formats import hls, mp3

# No test needs to follow for longer, in seconds.
_LONGEST = 90


class SegmentCollector:
    """Follows a stream from the first playlist it sees, like a player that misses nothing: each playlist is checked by
    itself and against the one before, each segment is fetched as soon as it is listed. So many dates may leap in a
    playlist because the clock was set."""

    def __init__(self, server, ring_size=10, leaps=0):
        self._server, self._ring_size, self._leaps = server, ring_size, leaps
        self.playlist = None
        # {media sequence number: (entry, bytes)}
        self.segments = {}

    def step(self):
        response = self._server.request("/live.m3u8")
        if response.status == 503 and self.playlist is None:
            return  # Nothing is complete yet.
        if response.status != 200:
            raise AssertionError(f"{response}\n{self._server.log}")
        playlist = hls.read(response.body, self._leaps)
        hls.check_window(playlist, self._ring_size)
        if self.playlist:
            hls.check_reload(self.playlist, playlist)
            if playlist.media_sequence > self.playlist.last + 1:
                raise AssertionError(f"segments were missed: {self.playlist.last} … {playlist.media_sequence}")
        self.playlist = playlist
        for entry in playlist.entries:
            if entry.sequence not in self.segments:
                self.segments[entry.sequence] = (entry, self._server.get(f"/{entry.uri}"))

    def follow(self, until, seconds=_LONGEST, pause=0.2):
        """Follows until `until(self)` holds; fails when that takes longer than `seconds`."""
        def step():
            self.step()
            return self.playlist and until(self)
        deadline = time.monotonic() + seconds
        while not step():
            if time.monotonic() > deadline:
                raise AssertionError(f"not within {seconds} s; {self.playlist}\n{self._server.log}")
            time.sleep(pause)
        return self

    def to_end(self, seconds=_LONGEST):
        return self.follow(lambda collector: collector.playlist.ended, seconds)

    @property
    def duration(self):
        return float(sum(entry.duration for entry, _ in self.segments.values()))

    @property
    def bodies(self):
        return [self.segments[sequence][1] for sequence in sorted(self.segments)]

    def parsed(self):
        """Each segment read strictly, its frames checked against its EXTINF and its timestamp against its neighbour's
        unless a discontinuity lies between."""
        result = []
        for sequence in sorted(self.segments):
            entry, body = self.segments[sequence]
            segment = mp3.segment(body)
            exact = segment.samples / segment.frames[0].rate
            if abs(float(entry.duration) - exact) > 1e-6:
                raise AssertionError(f"EXTINF {float(entry.duration)} of {sequence}, which lasts {exact} s")
            if result and not entry.discontinuity:
                ticks = (segment.timestamp - result[-1].timestamp) % (1 << 33)
                due = result[-1].samples * 90000 / result[-1].frames[0].rate
                # Rounded down at either end, never accumulated.
                if abs(ticks - due) >= 1:
                    raise AssertionError(f"timestamp of {sequence} goes {ticks} ticks on, the samples {due}")
            result.append(segment)
        return result
