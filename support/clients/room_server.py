"""A station with rooms for tests: a quiet tone, and rooms that anybody may enter."""

from support.server import Server


def room_server(*flags, open="talker", **options):
    """A running server with rooms. `open` is the role of --room-open; None leaves that flag out."""
    return Server(
        "--source", "tone", "--rooms", *(("--room-open", open) if open else ()), *flags, **options)
