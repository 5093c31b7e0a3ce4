"""A listener that collects every segment."""

import time

from support.formats import hls, mp3

# The longest that a test collects, in seconds.
_LONGEST = 90


class SegmentCollector:
    """Follows a stream from the first playlist on. Checks each playlist by itself and against the playlist before, and
    fetches each segment as soon as it is listed. `leaps` is the number of dates that may jump in a playlist because the
    machine's clock was set. `name` is the stream's."""

    def __init__(self, server, ring_size=10, leaps=0, name="live"):
        self._server, self._ring_size, self._leaps, self._name = server, ring_size, leaps, name
        self.playlist = None
        # {media sequence number: (entry, bytes)}
        self.segments = {}

    def step(self):
        response = self._server.request(f"/{self._name}.m3u8")
        if response.status == 503 and self.playlist is None:
            return  # No segment is complete yet.
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
        """Follows until `until(self)` is true. Fails after `seconds`."""
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
        """Each segment, read strictly. Checks the frames of a segment against its EXTINF, and its timestamp against the
        segment before, unless a discontinuity lies between."""
        result = []
        for sequence in sorted(self.segments):
            entry, body = self.segments[sequence]
            segment = mp3.segment(body)
            exact = segment.samples / segment.frames[0].rate
            if abs(float(entry.duration) - exact) > 1e-6:
                raise AssertionError(f"EXTINF of {sequence}: {float(entry.duration)}, but the segment lasts {exact} s")
            if result and not entry.discontinuity:
                ticks = (segment.timestamp - result[-1].timestamp) % (1 << 33)
                due = result[-1].samples * 90000 / result[-1].frames[0].rate
                # Both timestamps are rounded down. The rounding error does not accumulate.
                if abs(ticks - due) >= 1:
                    raise AssertionError(f"the timestamp of {sequence} advances by {ticks} ticks, its samples by {due}")
            result.append(segment)
        return result
