"""Thousands of misbehaving clients beside 500 listeners that expect every frame: rows of `scripts/bench faults`.

The clients get correct answers or a closed connection. The listeners hear no gap. The memory stays bounded.
"""

import ctypes
import random
import re
import resource
import select
import socket
import struct
import time
from collections import Counter

from scripts.benchmarks import machine
from scripts.benchmarks.bystanders import GET, Bystanders
from scripts.benchmarks.crowd import Crowd
from scripts.benchmarks.fault_table import fault
from support.waiting import wait_until

# <asm-generic/socket.h>, and a struct sock_fprog of one instruction, "return 0". socket(7): "A packet will be dropped
# if the filter program returns zero." TCP then sees none, and acknowledges none.
_SO_ATTACH_FILTER = 26
_RETURN_0 = ctypes.create_string_buffer(struct.pack("HBBI", 0x06, 0, 0, 0), 8)
_DROP_ALL = struct.pack("HP", 1, ctypes.addressof(_RETURN_0))


def _crowded(seconds, count, script, *flags, **options):
    """Runs one crowd. Returns the crowd and its figures."""
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
        raise AssertionError(f"the connections are not closed after 10 s: {figure}")
    return figure


@fault("5000 connections that say nothing")
def silent():
    def script():
        yield 3600
    crowd, figure = _crowded(20, 5000, script)
    if crowd.longest > 13 or not crowd.closed:
        raise AssertionError(f"the connections are not closed after 10 s: {figure}")
    return figure


@fault("5000 connections from one address")
def one_address():
    def script():
        yield GET
        yield 3600
    crowd, figure = _crowded(15, 5000, script, addresses=1)
    # Connections above the limit are closed immediately.
    if crowd.closed < 5000:
        raise AssertionError(f"too many are accepted: {figure}")
    return figure


@fault("1000 readers that stop in mid segment")
def stopping():
    with Bystanders("--idle-timeout", 5, seconds=30) as bystanders:
        newest, count = bystanders.newest(), 0

        def script():
            nonlocal count
            count += 1
            # Half of the clients request a complete segment many times, the others the segments that are recorded.
            for sequence in (20 * [newest] if count % 2 else range(newest + 1, newest + 20)):
                yield f"GET /live/{sequence}.mp3 HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
            yield 3600
        crowd, began = Crowd(bystanders, 1000, script, reads=False, comes_again=False), time.monotonic()
        crowd.run(began + 5)
        most = bystanders.connections
        if most < 900:
            raise AssertionError(f"only {most} clients have stopped")
        # A reset may not reach a client that does not read. So the server's descriptors are counted.
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
    """The clients vanish as if their cable was pulled: not even their kernel answers any more."""
    with Bystanders("--idle-timeout", 5, seconds=40) as bystanders:
        newest, clients = bystanders.newest(), []
        for number in range(1000):
            client = bystanders.connect(f"127.0.1.{1 + number % 100}")
            wait_until(lambda: select.select([], [client], [], 0)[1], 5, "a connection")
            # Half of the clients are in the middle of an answer, the others between two answers.
            path = f"/live/{newest + 2}.mp3" if number % 2 else "/live.m3u8"
            client.send(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            clients.append(client)
        for client in clients:
            if not select.select([client], [], [], 10)[0] or not client.recv(100).startswith(b"HTTP/1.1 200 "):
                raise AssertionError("a request without an answer")
        for client in clients:
            client.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, _DROP_ALL)
        most, began = bystanders.connections, time.monotonic()
        if most < 900:
            raise AssertionError(f"only {most} clients are connected")
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
                # If the server closes with unread data, the kernel resets the connection, and the answer may be lost.
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
            sequence = 10 ** (10 + number % 5)
            requests = [
                f"GET /live-ll.m3u8?_HLS_msn={sequence}&_HLS_part={n} HTTP/1.1\r\nHost: localhost\r\n"
                for n in range(100)]
            requests[-1] += "Connection: close\r\n"
            statuses, _ = bystanders.ask("".join(request + "\r\n" for request in requests).encode())
            answers.update(statuses)
            bystanders.sample()
        if answers != {400: 5000}:
            raise AssertionError(dict(answers))
        return f"{dict(answers)}; {bystanders.result(0)}"


@fault("2000 reloads held for as long as may be")
def held():
    """Repeated reloads of the furthest segment that is held: two segments ahead."""
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
        began = machine.cpu([pid])
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (10, before[1]))
        waiting = [bystanders.connect() for _ in range(50)]
        for client in waiting:
            wait_until(lambda: select.select([], [client], [], 0)[1], 5, "a place in the queue")
            client.send(GET + b"Connection: close\r\n\r\n")
        end = time.monotonic() + 15
        while time.monotonic() < end:
            time.sleep(0.1)
            bystanders.sample()
        if select.select(waiting, [], [], 0)[0]:
            raise AssertionError("a descriptor was free")
        resource.prlimit(pid, resource.RLIMIT_NOFILE, before)
        for client in waiting:
            if not select.select([client], [], [], 5)[0] or not client.recv(100).startswith(b"HTTP/1.1 200 "):
                raise AssertionError("a waiting client is not accepted")
            client.close()
        # The server logs the recovery after ten seconds without an error.
        wait_until(lambda: "written again" in bystanders.server.log.read_text(), 20, "the recovery of the disk")
        log = bystanders.server.log.read_text()
        lines = len(re.findall(r"(?:error|warning): (?:http|disk)", log))
        if lines != 2 or "accepted again" not in log:
            raise AssertionError(f"{lines} lines in the log\n{log}")
        return f"50 waited and were let in, {lines} lines in the log; {bystanders.result(50)}"
