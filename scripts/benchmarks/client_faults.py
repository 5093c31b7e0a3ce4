"""Clients that misbehave, by the thousand, beside 500 listeners who are owed every frame: rows of `scripts/bench faults`.

A crowd gets the right answers or a closed connection; the listeners hear no gap; memory is bounded.
"""

import contextlib
import ctypes
import heapq
import json
import os
import random
import re
import resource
import select
import socket
import struct
import subprocess
import time
from collections import Counter
from urllib.parse import urlsplit

import figures
from rows import fault
from servers import ROOT, Ringcast

from support import processes
from support.waiting import wait_until

LISTENERS = 500
# A listener who keeps so many milliseconds must not run dry.
CUSHION = 300
# Kilobytes that a connection may cost the server, and that it may take besides.
PER_CONNECTION, BESIDES = 12, 16_000
GET = b"GET /live.m3u8 HTTP/1.1\r\nHost: localhost\r\n"

# <asm-generic/socket.h>, and a struct sock_fprog of one instruction, "return 0". socket(7): "A packet will be dropped if
# the filter program returns zero." TCP then sees none, and acknowledges none.
_SO_ATTACH_FILTER = 26
_RETURN_0 = ctypes.create_string_buffer(struct.pack("HBBI", 0x06, 0, 0, 0), 8)
_DROP_ALL = struct.pack("HP", 1, ctypes.addressof(_RETURN_0))


class Bystanders:
    """A server and its listeners, measured while a crowd is at it."""

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
        # They are measured some seconds after the last has come.
        time.sleep(7)
        self._before, self._descriptors = figures.memory(self.pids, "Rss"), self._count_descriptors()
        self._cpu, self._began = figures.cpu(self.pids), time.monotonic()
        self.ends = self._began + seconds - 1

    def __enter__(self):
        return self

    def __exit__(self, *_):
        processes.end(self._bench)
        self.server.close()

    def connect(self, source="127.0.0.1", is_narrow=False):
        """A connection that does not block. For a narrow one the systems at both ends keep ten kilobytes, not megabytes."""
        client = socket.socket()
        client.setblocking(False)
        if is_narrow:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
            # The sender's buffer goes by the size of segments.
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
        client.bind((source, 0))
        with contextlib.suppress(BlockingIOError):
            client.connect((self.host, self.port))
        return client

    def ask(self, data, seconds=15, source="127.0.0.1"):
        """Sends what it can, and returns the statuses and the bytes of all that comes until the other end closes."""
        answer = b""
        with socket.create_connection((self.host, self.port), timeout=seconds, source_address=(source, 0)) as client:
            with contextlib.suppress(ConnectionError):
                client.sendall(data)
            with contextlib.suppress(ConnectionError):
                while piece := client.recv(1 << 16):
                    answer += piece
        return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", answer)], answer

    def newest(self):
        """The number of the last segment that is listed."""
        playlist = self.ask(GET + b"Connection: close\r\n\r\n")[1]
        return int(re.findall(rb"^live/(\d+)\.mp3", playlist, re.M)[-1])

    def _count_descriptors(self):
        return len(os.listdir(f"/proc/{self.pids[0]}/fd"))

    @property
    def connections(self):
        """How many the server has besides the listeners'."""
        return self._count_descriptors() - self._descriptors

    def sample(self):
        """Notes how much memory there is in use; not more often than is cheap."""
        if time.monotonic() < self._sampled + 0.25:
            return
        self._sampled = time.monotonic()
        self._peak = max(self._peak, figures.memory(self.pids, "Rss"))
        with open("/proc/net/sockstat") as file:
            pages = int(re.search(r"^TCP: .* mem (\d+)", file.read(), re.M)[1])
        self._sockets = max(self._sockets, pages * resource.getpagesize() // 1024)

    def result(self, connections):
        """The figures that each row has, judged; `connections` is how many there were at a time, besides the listeners'."""
        self.sample()
        cpu = (figures.cpu(self.pids) - self._cpu) / (time.monotonic() - self._began)
        output, error = self._bench.communicate(timeout=self.seconds + 60)
        after = figures.memory(self.pids, "Rss")
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


class Crowd:
    """Connections that each follow a script: it yields bytes, or a pause in seconds. One that is closed is made anew, if they
    come again."""

    def __init__(self, bystanders, count, script, addresses=100, reads=True, comes_again=True):
        self._bystanders, self._count, self._script, self._comes_again = bystanders, count, script, comes_again
        self._addresses, self._reads = addresses, reads
        self._epoll = select.epoll()
        # {descriptor: (socket, script, number)}, and when each goes on.
        self._clients, self._agenda = {}, []
        self.opened = self.closed = self.most = 0
        self.statuses = Counter()
        # Seconds that a connection lasted at most.
        self.longest, self._since = 0, {}

    def _open(self, now):
        source = f"127.0.1.{1 + self.opened % self._addresses}"
        client = self._bystanders.connect(source, is_narrow=not self._reads)
        self.opened += 1
        self._clients[client.fileno()] = (client, self._script(), self.opened)
        self._since[client.fileno()] = now
        self._epoll.register(client, (select.EPOLLIN if self._reads else 0) | select.EPOLLRDHUP | select.EPOLLET)
        heapq.heappush(self._agenda, (now + random.uniform(0, 1), client.fileno(), self.opened))

    def _close(self, descriptor, now):
        client, *_ = self._clients.pop(descriptor)
        self.longest = max(self.longest, now - self._since.pop(descriptor))
        self.closed += 1
        client.close()

    def _go_on(self, descriptor, number, now):
        client, script, own = self._clients.get(descriptor, (None, None, None))
        if own != number:
            return  # It has been closed meanwhile.
        step = next(script, None)
        if isinstance(step, bytes):
            try:
                client.send(step)
            except BlockingIOError:
                pass  # Nobody reads it.
            except OSError:
                return self._close(descriptor, now)
            step = 0
        if step is not None:
            heapq.heappush(self._agenda, (now + step, descriptor, number))

    def _receive(self, descriptor, events, now):
        if descriptor not in self._clients:
            return
        client = self._clients[descriptor][0]
        try:
            while self._reads and (piece := client.recv(1 << 16)):
                for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", piece):
                    self.statuses[int(status)] += 1
        except BlockingIOError:
            pass
        except OSError:
            events |= select.EPOLLHUP
        if events & (select.EPOLLHUP | select.EPOLLERR | select.EPOLLRDHUP):
            self._close(descriptor, now)

    def run(self, until, rate=2000):
        """Keeps them at it; not more than `rate` come in a second."""
        began = time.monotonic()
        while (now := time.monotonic()) < until:
            present = len(self._clients) if self._comes_again else self.opened
            due = min(self._count - present, int((now - began) * rate) - self.opened, 50)
            for _ in range(due):
                self._open(now)
            while self._agenda and self._agenda[0][0] <= now:
                _, descriptor, number = heapq.heappop(self._agenda)
                self._go_on(descriptor, number, now)
            for descriptor, events in self._epoll.poll(0.01):
                self._receive(descriptor, events, now)
            self.most = max(self.most, len(self._clients))
            self._bystanders.sample()
        return self

    def leave(self):
        for client, *_ in self._clients.values():
            client.close()

    def __str__(self):
        answers = ", ".join(f"{count} × {status}" for status, count in sorted(self.statuses.items())) or "no answers"
        return f"{self.most} connections at a time, {self.closed} closed, the longest after {self.longest:.0f} s; {answers}"


def _crowded(seconds, count, script, *flags, **options):
    """The row of one crowd; returns it, and the figures."""
    with Bystanders(*flags, seconds=seconds) as bystanders:
        crowd = Crowd(bystanders, count, script, **options).run(bystanders.ends)
        figure = bystanders.result(crowd.most)
        crowd.leave()
        return crowd, f"{crowd}; {figure}"


@fault("5000 heads that come a byte every 3 s")
def slow_heads():
    def script():
        yield GET
        while True:
            yield 3
            yield b"X"
    crowd, figure = _crowded(30, 5000, script)
    if crowd.longest > 13 or not crowd.closed or crowd.statuses:
        raise AssertionError(f"they are not closed after 10 s: {figure}")
    return figure


@fault("5000 connections that say nothing")
def silent():
    def script():
        yield 3600
    crowd, figure = _crowded(20, 5000, script)
    if crowd.longest > 13 or not crowd.closed:
        raise AssertionError(f"they are not closed after 10 s: {figure}")
    return figure


@fault("5000 connections from one address")
def one_address():
    def script():
        yield GET
        yield 3600
    crowd, figure = _crowded(15, 5000, script, addresses=1)
    # Those above the limit are closed when they come.
    if crowd.closed < 5000:
        raise AssertionError(f"they are let in: {figure}")
    return figure


@fault("1000 readers that stop in mid segment")
def stopping():
    with Bystanders("--idle-timeout", 5, seconds=30) as bystanders:
        newest, count = bystanders.newest(), 0

        def script():
            nonlocal count
            count += 1
            # Half of them that which is complete, many times over; and half what is being recorded.
            for sequence in (20 * [newest] if count % 2 else range(newest + 1, newest + 20)):
                yield f"GET /live/{sequence}.mp3 HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
            yield 3600
        crowd, began = Crowd(bystanders, 1000, script, reads=False, comes_again=False), time.monotonic()
        crowd.run(began + 5)
        most = bystanders.connections
        if most < 900:
            raise AssertionError(f"{most} of them have stopped")
        # What resets a connection may never come to one who takes nothing: the server's own descriptors are counted.
        while bystanders.connections > 5:
            if time.monotonic() > bystanders.ends:
                raise AssertionError(f"{bystanders.connections} are not closed")
            crowd.run(time.monotonic() + 1)
        took = time.monotonic() - began
        crowd.run(bystanders.ends)
        figure = bystanders.result(most)
        crowd.leave()
        return f"{most} connections at a time, the last closed after {took:.0f} s; {figure}"


@fault("1000 listeners that vanish without a word")
def vanishing():
    """As where a cable is pulled: nothing more comes from them, not even what the system answers by itself."""
    with Bystanders("--idle-timeout", 5, seconds=40) as bystanders:
        newest, clients = bystanders.newest(), []
        for number in range(1000):
            client = bystanders.connect(f"127.0.1.{1 + number % 100}")
            wait_until(lambda: select.select([], [client], [], 0)[1], 5, "it is let in")
            # Half of them are in the midst of an answer, the others between two.
            path = f"/live/{newest + 2}.mp3" if number % 2 else "/live.m3u8"
            client.send(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            clients.append(client)
        for client in clients:
            if not select.select([client], [], [], 10)[0] or not client.recv(100).startswith(b"HTTP/1.1 200 "):
                raise AssertionError("it is not answered")
        for client in clients:
            client.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, _DROP_ALL)
        most, began = bystanders.connections, time.monotonic()
        if most < 900:
            raise AssertionError(f"{most} of them are there")
        while bystanders.connections > 5:
            if time.monotonic() > bystanders.ends:
                raise AssertionError(f"{bystanders.connections} are not closed")
            time.sleep(0.1)
            bystanders.sample()
        took = time.monotonic() - began
        figure = bystanders.result(most)
        for client in clients:
            client.close()
        return f"{most} connections at a time, the last closed after {took:.0f} s; {figure}"


@fault("as many connections as they can make")
def flood():
    def script():
        yield 0.01
    with Bystanders(seconds=15) as bystanders:
        count = 0
        while time.monotonic() < bystanders.ends:
            bystanders.connect(f"127.0.1.{1 + count % 100}").close()
            count += 1
            bystanders.sample()
        return f"{count / 14:.0f} a second; {bystanders.result(0)}"


@fault("megabytes of request lines and heads")
def megabytes():
    heads = [
        (b"GET /" + b"a" * 4_000_000, {414}), (b"a" * 4_000_000, {414}), (b"\r\n" * 2_000_000, {414}),
        (GET + b"X: " + b"a" * 4_000_000, {431}), (GET + b"X: y\r\n" * 700_000, {431}),
        (GET + b"a" * 4_000_000, {431}), (GET + b"X: y\r\n z\r\n" * 400_000, {431}),
    ]
    with Bystanders(seconds=15) as bystanders:
        answers, count = Counter(), 0
        while time.monotonic() < bystanders.ends:
            for head, expected in heads:
                statuses, _ = bystanders.ask(head)
                # What is still to be read when it closes resets the connection, and the answer may be lost.
                if not set(statuses) <= expected:
                    raise AssertionError(f"{head[:40]}: {statuses}")
                answers.update(statuses or ["closed"])
                count += 1
            bystanders.sample()
        return f"{count} heads of 4 MB: {dict(answers)}; {bystanders.result(0)}"


@fault("10000 ranges with absurd values")
def ranges():
    chance = random.Random(9110)
    numbers = ["0", "1", "00", "-1", "2147483648", "9223372036854775808", "1" * 400, "", "a", "0x1", "1e9", " ", "-"]

    def value():
        pairs = [f"{chance.choice(numbers)}-{chance.choice(numbers)}" for _ in range(chance.choice((1, 1, 2, 300)))]
        return f"{chance.choice(('bytes', 'bytes', 'bytes', 'BYTES', 'lines', ''))}={','.join(pairs)}"[:3000]
    with Bystanders(seconds=15) as bystanders:
        path = f"/live/{bystanders.newest()}.mp3"
        answers = Counter()
        for _ in range(100):
            requests = [f"GET {path} HTTP/1.1\r\nHost: localhost\r\nRange: {value()}\r\n" for _ in range(100)]
            requests[-1] += "Connection: close\r\n"
            statuses, _ = bystanders.ask("".join(request + "\r\n" for request in requests).encode())
            if len(statuses) != 100 or not set(statuses) <= {200, 206, 416}:
                raise AssertionError(f"{len(statuses)} answers: {Counter(statuses)}")
            answers.update(statuses)
            bystanders.sample()
        return f"{dict(answers)}; {bystanders.result(0)}"


@fault("5000 reloads of the far future")
def far_future():
    with Bystanders(seconds=15) as bystanders:
        answers = Counter()
        for number in range(50):
            requests = [
                f"GET /live-ll.m3u8?_HLS_msn={10 ** (10 + number % 5)}&_HLS_part={n} HTTP/1.1\r\nHost: localhost\r\n" for n in range(100)]
            requests[-1] += "Connection: close\r\n"
            statuses, _ = bystanders.ask("".join(request + "\r\n" for request in requests).encode())
            answers.update(statuses)
            bystanders.sample()
        if answers != {400: 5000}:
            raise AssertionError(dict(answers))
        return f"{dict(answers)}; {bystanders.result(0)}"


@fault("2000 reloads held for as long as may be")
def held():
    """The furthest that is held: two segments ahead, again and again."""
    with Bystanders(seconds=20) as bystanders:
        newest = bystanders.newest()

        def script():
            while True:
                yield f"GET /live-ll.m3u8?_HLS_msn={newest + 2} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
                yield 4
        crowd = Crowd(bystanders, 2000, script)
        while time.monotonic() < bystanders.ends:
            crowd.run(min(time.monotonic() + 1, bystanders.ends))
            newest = bystanders.newest()
        if set(crowd.statuses) - {200, 400}:
            raise AssertionError(str(crowd))
        figure = bystanders.result(crowd.most)
        crowd.leave()
        return f"{crowd}; {figure}"


@fault("out of descriptors for 15 s")
def starved():
    with Bystanders(seconds=25) as bystanders:
        pid = bystanders.pids[0]
        before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
        began = figures.cpu([pid])
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (10, before[1]))
        waiting = [bystanders.connect() for _ in range(50)]
        for client in waiting:
            wait_until(lambda: select.select([], [client], [], 0)[1], 5, "the queue takes them")
            client.send(GET + b"Connection: close\r\n\r\n")
        end = time.monotonic() + 15
        while time.monotonic() < end:
            time.sleep(0.1)
            bystanders.sample()
        if select.select(waiting, [], [], 0)[0]:
            raise AssertionError("there was a descriptor left")
        resource.prlimit(pid, resource.RLIMIT_NOFILE, before)
        for client in waiting:
            if not select.select([client], [], [], 5)[0] or not client.recv(100).startswith(b"HTTP/1.1 200 "):
                raise AssertionError("those who waited are not let in")
            client.close()
        # When it has been well for ten seconds.
        wait_until(lambda: "written again" in bystanders.server.log.read_text(), 20, "the disk is written")
        log = bystanders.server.log.read_text()
        lines = len(re.findall(r"(?:error|warning): (?:http|disk)", log))
        if lines != 2 or "accepted again" not in log:
            raise AssertionError(f"{lines} lines in the log\n{log}")
        return f"50 waited and were let in, {lines} lines in the log; {bystanders.result(50)}"
