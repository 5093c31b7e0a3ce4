"""Many misbehaving clients."""

import heapq
import random
import re
import select
import time
from collections import Counter


class Crowd:
    """Many connections that each follow a script: a generator of bytes to send and of pauses in seconds. With
    `comes_again` a new connection replaces each closed one."""

    def __init__(self, bystanders, count, script, addresses=100, reads=True, comes_again=True):
        self._bystanders, self._count, self._script, self._comes_again = bystanders, count, script, comes_again
        self._addresses, self._reads = addresses, reads
        self._epoll = select.epoll()
        # {descriptor: (socket, script, number)}, and a heap of (time of the next step, descriptor, number).
        self._clients, self._schedule = {}, []
        self.opened = self.closed = self.most = 0
        self.statuses = Counter()
        # The longest life of a connection in seconds, and {descriptor: time of connection}.
        self.longest, self._since = 0, {}

    def _open(self, now):
        source = f"127.0.1.{1 + self.opened % self._addresses}"
        client = self._bystanders.connect(source, is_narrow=not self._reads)
        self.opened += 1
        self._clients[client.fileno()] = (client, self._script(), self.opened)
        self._since[client.fileno()] = now
        self._epoll.register(client, (select.EPOLLIN if self._reads else 0) | select.EPOLLRDHUP | select.EPOLLET)
        heapq.heappush(self._schedule, (now + random.uniform(0, 1), client.fileno(), self.opened))

    def _close(self, descriptor, now):
        client, *_ = self._clients.pop(descriptor)
        self.longest = max(self.longest, now - self._since.pop(descriptor))
        self.closed += 1
        client.close()

    def _next_step(self, descriptor, number, now):
        client, script, own = self._clients.get(descriptor, (None, None, None))
        if own != number:
            return  # The connection has been closed meanwhile.
        step = next(script, None)
        if isinstance(step, bytes):
            try:
                client.send(step)
            except BlockingIOError:
                pass  # The server does not read.
            except OSError:
                return self._close(descriptor, now)
            step = 0
        if step is not None:
            heapq.heappush(self._schedule, (now + step, descriptor, number))

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
        """Runs the scripts until `until`. At most `rate` connections are opened in a second."""
        began = time.monotonic()
        while (now := time.monotonic()) < until:
            present = len(self._clients) if self._comes_again else self.opened
            due = min(self._count - present, int((now - began) * rate) - self.opened, 50)
            for _ in range(due):
                self._open(now)
            while self._schedule and self._schedule[0][0] <= now:
                _, descriptor, number = heapq.heappop(self._schedule)
                self._next_step(descriptor, number, now)
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
        return (
            f"{self.most} connections at a time, {self.closed} closed, the longest after {self.longest:.0f} s; {answers}")
