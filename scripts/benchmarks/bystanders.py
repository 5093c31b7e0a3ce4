"""A server and listeners that must not notice a fault."""

import contextlib
import json
import os
import re
import resource
import socket
import subprocess
import time
from urllib.parse import urlsplit

from scripts.benchmarks import machine
from scripts.benchmarks.servers import ROOT, Ringcast
from support import processes

LISTENERS = 500
# The cushion of a listener, in milliseconds. It must never run dry.
CUSHION = 300
# The kilobytes that the server may use for a connection, and in addition for all of them.
PER_CONNECTION, BESIDES = 12, 16_000
# A request, without the empty line that ends it.
GET = b"GET /live.m3u8 HTTP/1.1\r\nHost: localhost\r\n"


class Bystanders:
    """A server and its listeners, measured during a fault."""

    def __init__(self, *flags, seconds):
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        self.server = Ringcast(*flags)
        self.pids = self.server.pids
        address = urlsplit(self.server.url)
        self.host, self.port = address.hostname, address.port
        self.seconds = seconds
        self._peak = self._sockets = 0
        self._sampled = 0
        self._bench = processes.start(
            [ROOT / ".build/release/ringcast-bench", "listen", "--url", self.server.url, "--mode", "growing",
             "--listeners", LISTENERS, "--ramp", 2, "--seconds", seconds, "--cushion", CUSHION],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        # The measurement starts some seconds after the last listener has connected.
        time.sleep(7)
        self._before, self._descriptors = machine.memory(self.pids, "Rss"), self._count_descriptors()
        self._cpu, self._began = machine.cpu(self.pids), time.monotonic()
        self.ends = self._began + seconds - 1

    def __enter__(self):
        return self

    def __exit__(self, *_):
        processes.end(self._bench)
        self.server.close()

    def connect(self, source="127.0.0.1", is_narrow=False):
        """A non-blocking connection. The buffers of a narrow connection hold ten kilobytes instead of megabytes."""
        client = socket.socket()
        client.setblocking(False)
        if is_narrow:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
            # The sender's buffer depends on the segment size.
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
        client.bind((source, 0))
        with contextlib.suppress(BlockingIOError):
            client.connect((self.host, self.port))
        return client

    def ask(self, data, seconds=15, source="127.0.0.1"):
        """Sends as much of `data` as the server accepts. Returns the statuses and the bytes of all answers, until the
        server closes the connection."""
        answer = b""
        with socket.create_connection((self.host, self.port), timeout=seconds, source_address=(source, 0)) as client:
            with contextlib.suppress(ConnectionError):
                client.sendall(data)
            with contextlib.suppress(ConnectionError):
                while piece := client.recv(1 << 16):
                    answer += piece
        return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", answer)], answer

    def newest(self):
        """The number of the last listed segment."""
        playlist = self.ask(GET + b"Connection: close\r\n\r\n")[1]
        return int(re.findall(rb"^live/(\d+)\.mp3", playlist, re.M)[-1])

    def _count_descriptors(self):
        return len(os.listdir(f"/proc/{self.pids[0]}/fd"))

    @property
    def connections(self):
        """The number of connections without the listeners' connections."""
        return self._count_descriptors() - self._descriptors

    def sample(self):
        """Notes the used memory, at most four times a second."""
        if time.monotonic() < self._sampled + 0.25:
            return
        self._sampled = time.monotonic()
        self._peak = max(self._peak, machine.memory(self.pids, "Rss"))
        with open("/proc/net/sockstat") as file:
            pages = int(re.search(r"^TCP: .* mem (\d+)", file.read(), re.M)[1])
        self._sockets = max(self._sockets, pages * resource.getpagesize() // 1024)

    def result(self, connections):
        """The figures of each row. Raises if a gap was heard or the memory exceeds its limit. `connections` is the
        largest number of connections at a time, without the listeners' connections."""
        self.sample()
        cpu = (machine.cpu(self.pids) - self._cpu) / (time.monotonic() - self._began)
        output, error = self._bench.communicate(timeout=self.seconds + 60)
        after = machine.memory(self.pids, "Rss")
        if self._bench.returncode != 0:
            raise AssertionError(error)
        report = json.loads(output)
        lost = {kind: count for kind, count in report["errors"].items() if count}
        silence, gap = report["silenceMilliseconds"]["worst"], report["gapMilliseconds"]["worst"]
        figure = (
            f"{LISTENERS} listeners: worst gap {gap} ms (of which the generator {report['generatorStallMilliseconds']}), "
            f"silence {silence} ms; server {cpu / 10_000:.0f} % of a core, "
            f"{self._before / 1000:.1f} MB before, {self._peak / 1000:.1f} at most, {after / 1000:.1f} after; "
            f"sockets of the whole machine {self._sockets / 1000:.1f} MB at most")
        if lost or silence:
            raise AssertionError(f"a gap was heard: {lost or ''} {figure}")
        if self._peak - self._before > connections * PER_CONNECTION + BESIDES:
            raise AssertionError(f"too much memory: {figure}")
        return figure
