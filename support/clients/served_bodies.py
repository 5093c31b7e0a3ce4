"""Proof that a URI always serves the same bytes."""

import threading


class ServedBodies:
    """The body of each URI, whole or as far as it was received. A URI must never serve another body."""

    def __init__(self):
        self._lock = threading.Lock()
        # {URI: (bytes, whether the body is whole)}
        self._seen = {}
        self.answers = 0
        # How many bodies were first cut off, and later served whole by a restarted server.
        self.completed_later = 0

    def note(self, uri, body, is_whole):
        """Notes a body. Raises if it contradicts a body that the URI served before."""
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
