"""The binary messages of a still: pieces with 16 bytes of head in network byte order, and bytes of a JPEG."""

import struct

_HEAD = struct.Struct("!BBBBIQ")
_PIECE = 1920


def pieces(sequence, sample_time, jpeg, length=_PIECE):
    """The messages of a still."""
    starts = range(0, len(jpeg), length)
    return [
        _HEAD.pack(1, 2, 0, (start == 0) | (start + length >= len(jpeg)) << 1, sequence, sample_time)
        + jpeg[start : start + length] for start in starts]
