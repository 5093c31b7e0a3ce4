"""A strict reader of ringcast's Low-Latency HLS playlists (draft-pantos-hls-rfc8216bis)."""

from dataclasses import dataclass
from fractions import Fraction

from support.formats.hls import PlaylistError, attributes, date_range


@dataclass
class Segment:
    sequence: int
    parts: list
    uri: str = None
    duration: Fraction = None
    date: str = None


class Playlist:
    def __init__(self, body):
        self.lines = body.decode().splitlines()
        self.control = attributes(self._value("#EXT-X-SERVER-CONTROL:"))
        self.part_target = Fraction(attributes(self._value("#EXT-X-PART-INF:"))["PART-TARGET"])
        self.target = int(self._value("#EXT-X-TARGETDURATION:"))
        self.version = int(self._value("#EXT-X-VERSION:"))
        self.media_sequence = int(self._value("#EXT-X-MEDIA-SEQUENCE:"))
        self.ended = "#EXT-X-ENDLIST" in self.lines
        skip = [line for line in self.lines if line.startswith("#EXT-X-SKIP:")]
        self.skipped = int(attributes(skip[0].partition(":")[2])["SKIPPED-SEGMENTS"]) if skip else 0
        hints = [attributes(line.partition(":")[2]) for line in self.lines if line.startswith("#EXT-X-PRELOAD-HINT:")]
        if len(hints) > 1 or any(hint["TYPE"] != "PART" for hint in hints):
            raise PlaylistError(f"hints: {hints}")
        self.hint = hints[0]["URI"] if hints else None
        # The media sequence number of the hinted part's segment, and the number of the part.
        self.hinted = self.hint.rsplit("/")[-1].split(".")[:2] if hints else None
        self.date_ranges = [
            date_range(line.partition(":")[2]) for line in self.lines if line.startswith("#EXT-X-DATERANGE:")]
        self._read_segments()

    def _value(self, tag):
        values = [line[len(tag):] for line in self.lines if line.startswith(tag)]
        if len(values) != 1:
            raise PlaylistError(f"{tag} {len(values)} times")
        return values[0]

    def _read_segments(self):
        self.segments = []
        segment = Segment(self.media_sequence + self.skipped, [])
        for line in self.lines:
            name, _, value = line.partition(":")
            if name == "#EXT-X-PROGRAM-DATE-TIME":
                if segment.parts:
                    raise PlaylistError("a date after the first part of its segment")
                segment.date = value
            elif name == "#EXT-X-PART":
                segment.parts.append(attributes(value))
            elif name == "#EXTINF":
                segment.duration = Fraction(value.rstrip(","))
            elif not line.startswith("#"):
                segment.uri = line
                self.segments.append(segment)
                segment = Segment(segment.sequence + 1, [])
        self.recording = segment

    def check(self):
        """Checks one playlist by itself."""
        def must(holds, rule):
            if not holds:
                raise PlaylistError(rule + "\n" + "\n".join(self.lines))
        control = {name: Fraction(value) for name, value in self.control.items() if value != "YES"}
        must(self.control["CAN-BLOCK-RELOAD"] == "YES", "CAN-BLOCK-RELOAD")
        must(control["PART-HOLD-BACK"] >= 3 * self.part_target, "PART-HOLD-BACK: three times PART-TARGET")
        must(control["HOLD-BACK"] >= 3 * self.target, "HOLD-BACK: three target durations")
        must(control["CAN-SKIP-UNTIL"] >= 6 * self.target, "CAN-SKIP-UNTIL: six target durations")
        must((self.hint is None) == self.ended, "a preload hint, unless the stream has ended")
        must(self.version == (9 if self.skipped else 6), "the lowest sufficient version")
        for segment in [*self.segments, self.recording]:
            must(segment.date or not segment.parts and segment.uri is None, "a date for every segment")
            for index, part in enumerate(segment.parts):
                duration = Fraction(part["DURATION"])
                must(duration <= self.part_target, "no part is longer than PART-TARGET")
                last = index == len(segment.parts) - 1 and segment.uri is not None
                must(last or duration >= Fraction(85, 100) * self.part_target, "only a last part is shorter than 85 %")
                must(part["INDEPENDENT"] == "YES", "each part decodes on its own")
            if segment.parts and segment.uri:
                total = sum(Fraction(part["DURATION"]) for part in segment.parts)
                must(abs(total - segment.duration) < Fraction(1, 10**6), "the parts are as long as the segment")
        return self
