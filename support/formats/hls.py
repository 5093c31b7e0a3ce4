"""An independent and strict reader of live media playlists, written from RFC 8216 and the draft of its successor.

`parse` raises on errors of grammar, `check` on errors in one playlist, `check_reload` on contradictions between two
playlists of the same stream. All of them raise PlaylistError.
"""

import itertools
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction

# The header tags of our playlists. An unexpected tag is an error, like a missing one.
_HEADER = [
    "EXT-X-VERSION", "EXT-X-TARGETDURATION", "EXT-X-MEDIA-SEQUENCE", "EXT-X-DISCONTINUITY-SEQUENCE",
    "EXT-X-INDEPENDENT-SEGMENTS",
]
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
_ATTRIBUTE = re.compile(r'([A-Z0-9-]+)=("[^"]*"|[^",]+)(?:,|$)')
# In the folder, the name alone; in an answer, the stream and the era stand in front of the name.
_URI = re.compile(r"(?:[\w.-]+/[0-9a-f]{12}/)?(\d+)\.mp3")


class PlaylistError(AssertionError):
    """A playlist breaks the rule in the message."""


@dataclass(frozen=True)
class Entry:
    sequence: int
    uri: str
    duration: Fraction
    date: datetime
    discontinuity: bool
    # The number of discontinuities since the stream began. Entries of the same timeline have the same number.
    timeline: int


@dataclass(frozen=True)
class DateRange:
    """The title now playing from `start` until the start of the next range."""

    id: str
    start: datetime
    title: str
    artist: str


@dataclass(frozen=True)
class Playlist:
    version: int
    target_duration: int
    media_sequence: int
    discontinuity_sequence: int
    independent: bool
    ended: bool
    entries: list = field(default_factory=list)
    date_ranges: list = field(default_factory=list)

    @property
    def duration(self):
        return sum((entry.duration for entry in self.entries), Fraction(0))

    @property
    def last(self):
        return self.entries[-1].sequence

    def uri(self, sequence):
        """The URI of a segment of this stream, listed or not."""
        return re.sub(r"\d+\.mp3$", f"{sequence}.mp3", self.entries[-1].uri)

    def following(self):
        """The media sequence numbers and the URIs of the segments after the last one, without end."""
        return ((sequence, self.uri(sequence)) for sequence in itertools.count(self.last + 1))


def read(data, leaps=0):
    """Parses and checks the bytes of a playlist."""
    playlist = parse(data)
    check(playlist, leaps)
    return playlist


def parse(data):
    lines = _lines(data)
    values, index = {}, 1
    while index < len(lines) and (name := lines[index].lstrip("#").split(":")[0]) in _HEADER:
        if name in values:
            raise PlaylistError(f"{name} twice")
        values[name] = lines[index].partition(":")[2]
        index += 1
    ranges = []
    while index < len(lines) and lines[index].startswith("#EXT-X-DATERANGE:"):
        ranges.append(date_range(lines[index].partition(":")[2]))
        index += 1
    timeline = _integer(values.get("EXT-X-DISCONTINUITY-SEQUENCE", "0"))
    sequence = _integer(values.get("EXT-X-MEDIA-SEQUENCE", "0"))
    entries, ended = [], False
    discontinuity, date, duration = False, None, None
    for line in lines[index:]:
        if ended:
            raise PlaylistError(f"a line after EXT-X-ENDLIST: {line}")
        name, _, value = line.partition(":")
        if name == "#EXT-X-DISCONTINUITY" and not value and not discontinuity and date is None and duration is None:
            discontinuity = True
            timeline += 1
        elif name == "#EXT-X-PROGRAM-DATE-TIME" and date is None and duration is None:
            date = _date(value)
        elif name == "#EXTINF" and duration is None:
            duration = _duration(value)
        elif name == "#EXT-X-ENDLIST" and not value and not discontinuity and date is None and duration is None:
            ended = True
        elif not line.startswith("#") and duration is not None:
            entries.append(Entry(sequence + len(entries), line, duration, date, discontinuity, timeline))
            discontinuity, date, duration = False, None, None
        else:
            raise PlaylistError(f"an unexpected line: {line!r}")
    if discontinuity or date or duration:
        raise PlaylistError("tags of a segment without its URI at the end")
    return Playlist(
        version=_integer(_required(values, "EXT-X-VERSION")),
        target_duration=_integer(_required(values, "EXT-X-TARGETDURATION")),
        media_sequence=_integer(_required(values, "EXT-X-MEDIA-SEQUENCE")),
        discontinuity_sequence=_integer(_required(values, "EXT-X-DISCONTINUITY-SEQUENCE")),
        independent=values.get("EXT-X-INDEPENDENT-SEGMENTS") == "", ended=ended, entries=entries, date_ranges=ranges)


def attributes(text):
    """The attributes of a list. rfc8216bis §4.2: "AttributeName=AttributeValue" pairs without spaces, no name twice."""
    pairs = [(name, value.strip('"')) for name, value in _ATTRIBUTE.findall(text)]
    if "".join(match[0] for match in _ATTRIBUTE.finditer(text)) != text or len(dict(pairs)) != len(pairs):
        raise PlaylistError(f"not an attribute list: {text}")
    return dict(pairs)


def date_range(text):
    values = attributes(text)
    # rfc8216bis §4.4.5.1: "An EXT-X-DATERANGE tag with an END-ON-NEXT=YES attribute MUST have a CLASS attribute."
    if (values.pop("CLASS"), values.pop("END-ON-NEXT")) != ("now-playing", "YES"):
        raise PlaylistError(f"not a now-playing range: {text}")
    read = DateRange(
        values.pop("ID"), _date(values.pop("START-DATE")), values.pop("X-TITLE", None), values.pop("X-ARTIST", None))
    if values:
        raise PlaylistError(f"unexpected attributes: {values}")
    return read


def _lines(data):
    # RFC 8216 §4.1: "Playlist files MUST be encoded in UTF-8 [RFC3629]. They MUST NOT contain any Byte Order Mark …
    # Playlist files MUST NOT contain UTF-8 control characters (U+0000 to U+001F and U+007F to U+009F), with the
    # exceptions of CR (U+000D) and LF (U+000A)."
    text = data.decode("utf-8")
    if text.startswith("\ufeff"):
        raise PlaylistError("a byte order mark")
    if control := re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", text):
        raise PlaylistError(f"control character {control[0]!r}")
    if not text.endswith("\n"):
        raise PlaylistError("the last line has no line feed")
    lines = text[:-1].split("\n")
    if lines[0] != "#EXTM3U":
        raise PlaylistError(f"the first line is not EXTM3U: {lines[0]!r}")
    for line in lines:
        if not line or line != line.strip():
            raise PlaylistError(f"an empty line, or white space around a line: {line!r}")
    return lines


def _required(values, name):
    if name not in values:
        raise PlaylistError(f"no {name} before the first segment")
    return values[name]


def _integer(text):
    # RFC 8216 §4.2: "an unquoted string of characters from the set [0..9] expressing an integer in base-10 arithmetic
    # in the range from 0 to 2^64-1 (18446744073709551615)".
    if not re.fullmatch(r"\d{1,20}", text) or int(text) >= 1 << 64:
        raise PlaylistError(f"not a decimal-integer: {text!r}")
    return int(text)


def _duration(text):
    # The decimal number has no sign and no exponent. The comma is required.
    match = re.fullmatch(r"(\d+(?:\.\d+)?),[^\n]*", text)
    if not match or Fraction(match[1]) <= 0:
        raise PlaylistError(f"not an EXTINF: {text!r}")
    return Fraction(match[1])


def _date(text):
    if not _DATE.fullmatch(text):
        raise PlaylistError(f"not an ISO 8601 date with milliseconds and zone: {text!r}")
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def check(playlist, leaps=0):
    """Checks one playlist by itself. `leaps` dates may jump, because the machine's clock was set that often."""
    def must(holds, rule):
        if not holds:
            raise PlaylistError(f"{rule}\n{playlist}")

    # RFC 8216 §7: no tag here needs a higher version, and from 6 on EXTINF is rounded before it is compared.
    must(playlist.version == 6, "EXT-X-VERSION is 6")
    must(playlist.independent, "EXT-X-INDEPENDENT-SEGMENTS")
    must(playlist.target_duration >= 1, "the target duration is 1 or more")
    must(playlist.media_sequence >= 1, "media sequence numbers begin at 1 or more")
    must(playlist.entries, "a playlist lists a segment")
    for entry in playlist.entries:
        # RFC 8216 §4.3.3.1: "The EXTINF duration of each Media Segment in the Playlist file, when rounded to the
        # nearest integer, MUST be less than or equal to the target duration".
        must(entry.duration < playlist.target_duration + Fraction(1, 2), f"EXTINF of {entry.sequence} fits")
        must(entry.date is not None, f"EXT-X-PROGRAM-DATE-TIME of {entry.sequence}")
        match = _URI.fullmatch(entry.uri)
        must(match and match[1] == str(entry.sequence), f"{entry.uri} is named by its media sequence number")
    ids = [range.id for range in playlist.date_ranges]
    must(len(ids) == len(set(ids)), "an ID for each date range")
    for before, after in zip(playlist.entries, playlist.entries[1:]):
        if not after.discontinuity:
            drift = after.date - before.date - timedelta(seconds=float(before.duration))
            # Dates are rounded down to milliseconds, and follow the machine's clock by at most a thousandth.
            bound = timedelta(milliseconds=1.01) + timedelta(seconds=float(before.duration)) / 1000
            leaps -= abs(drift) > timedelta(seconds=0.5)
            must(abs(drift) < bound or abs(drift) > timedelta(seconds=0.5) and leaps >= 0,
                 f"the date of {after.sequence} is {drift} off")


def check_window(playlist, ring_size):
    """Checks the number of segments in the playlist of a stream that has filled its ring."""
    # A short segment, such as the last one of a run, may keep the window longer than the ring. The window must not
    # keep a segment that it does not need.
    shorter = playlist.duration - playlist.entries[0].duration
    if len(playlist.entries) > ring_size and shorter >= 3 * playlist.target_duration:
        raise PlaylistError(f"{len(playlist.entries)} segments listed, ring size {ring_size}")
    # Without a restart the window is three target durations long. After restarts the ring may hold short segments:
    # see check_reload.
    whole = not any(entry.discontinuity for entry in playlist.entries[1:])
    if whole and len(playlist.entries) >= ring_size and playlist.duration < 3 * playlist.target_duration:
        raise PlaylistError(f"{float(playlist.duration)} s listed, target duration {playlist.target_duration}")


def check_reload(before, after, killed=False):
    """Checks two playlists of the same stream, with or without a restart of the server between them. A killed server
    may restore more than it had listed: pass `killed` then."""
    def must(holds, rule):
        if not holds:
            raise PlaylistError(f"{rule}\nbefore {before}\nafter  {after}")

    must(after.version == before.version, "EXT-X-VERSION stays")
    # RFC 8216 §6.2.1, of EXT-X-TARGETDURATION: "Its value MUST NOT change."
    must(after.target_duration == before.target_duration, "EXT-X-TARGETDURATION never changes")
    # RFC 8216 §6.2.2: "Its value MUST be incremented by 1 for every Media Segment that is removed from the Playlist
    # file; it MUST NOT decrease or wrap."
    must(after.media_sequence >= before.media_sequence, "EXT-X-MEDIA-SEQUENCE never decreases")
    must(after.discontinuity_sequence >= before.discontinuity_sequence, "EXT-X-DISCONTINUITY-SEQUENCE never decreases")
    must(after.last >= before.last, "the last segment is never removed")
    # rfc8216bis §4.4.5.1: "If a Playlist contains two EXT-X-DATERANGE tags with the same ID attribute value, then any
    # AttributeName that appears in both tags MUST have the same AttributeValue."
    known = {range.id: range for range in before.date_ranges}
    must(all(known.get(range.id, range) == range for range in after.date_ranges), "a date range never changes")
    # RFC 8216 §6.2.1: nothing but adding at the end and removing at the beginning.
    old = {entry.sequence: entry for entry in before.entries}
    for entry in after.entries:
        if entry.sequence in old:
            must(entry == old[entry.sequence], f"segment {entry.sequence} never changes")
    if after.media_sequence <= before.last + 1:
        gone = [entry for entry in before.entries if entry.sequence < after.media_sequence]
        must(
            after.discontinuity_sequence - before.discontinuity_sequence
            == sum(entry.discontinuity for entry in gone),
            "EXT-X-DISCONTINUITY-SEQUENCE counts the EXT-X-DISCONTINUITY tags removed")
        # RFC 8216 §6.2.2: "The server MUST NOT remove a Media Segment from a Playlist file without an EXT-X-ENDLIST tag
        # if that would produce a Playlist whose duration is less than three times the target duration." A restarted
        # server has only the segments on disk, which are never more than the ring.
        fresh = [entry for entry in after.entries if entry.sequence > before.last]
        restarted = killed or not fresh or any(entry.discontinuity for entry in fresh)
        must(
            not gone or restarted or after.duration >= 3 * after.target_duration,
            "the playlist stays three target durations long")
    if before.ended:
        must(after == before, "nothing changes after EXT-X-ENDLIST")
