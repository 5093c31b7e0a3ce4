"""The content of `/metrics`, read by the rules of Prometheus' text format 0.0.4."""

import re

_SAMPLE = re.compile(r'([a-zA-Z_:][a-zA-Z0-9_:]*)(\{((?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*",?)*)\})? ([^ \n]+)')


class Metrics(dict):
    """{sample with its labels, as written: value}."""

    def __init__(self, server):
        response = server.request("/metrics", headers=server.operator_headers)
        if response.status != 200:
            raise AssertionError(f"{response}\n{server.log}")
        self.text = response.body.decode()
        for line in self.text.splitlines():
            if not line.startswith("# "):
                match = _SAMPLE.fullmatch(line)
                if not match:
                    raise AssertionError(f"not a sample: {line!r}")
                self[match[1] + (match[2] or "")] = float(match[4])

    @property
    def listeners(self):
        """The numbers of listeners: plain, low-latency, growing, endless."""
        ways = ("plain", "low-latency", "growing", "endless")
        return [int(self[f'ringcast_listeners{{way="{way}"}}']) for way in ways]
