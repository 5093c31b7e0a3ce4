"""A road to a server on which each byte takes its time."""

import queue
import random
import socket
import threading
import time

# TCP sends a lost segment again after this time at the earliest, in seconds.
_RETRANSMISSION = 0.2


class SlowRoad:
    """Forwards connections to a port of 127.0.0.1. Each byte arrives `delay` seconds later, in both directions. The
    first byte from a client also waits for a round trip, as long as the handshake of TCP takes on such a road. With
    `rate`, at most that many bytes a second reach the clients, all connections together. With `jitter`, each piece
    takes up to that many seconds more. A share of the pieces, `loss`, is lost and sent again, and all bytes behind a
    lost piece wait for it. `buffer` is the number of bytes that the road takes from a sender while it is held. To be
    used with `with`."""

    def __init__(self, port, delay=0, rate=None, jitter=0, loss=0, buffer=None):
        self._target, self._delay, self._rate = ("127.0.0.1", port), delay, rate
        self._jitter, self._loss, self._buffer = jitter, loss, buffer
        self._random = random.Random(1)
        self._turns, self._free = threading.Lock(), 0
        self._held_until = 0
        self._listener = self._limited(socket.socket())
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen(1024)
        self.port = self._listener.getsockname()[1]
        self._connections = []
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._listener.close()
        self.cut()

    # A client takes the road for a server without a certificate.
    host, certificate = "127.0.0.1", None

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/"

    def hold(self, seconds):
        """Holds all bytes back for some seconds from now on, in both directions. The road takes none meanwhile."""
        self._held_until = time.monotonic() + seconds

    def cut(self):
        """Ends all connections, so that the next request needs a new one."""
        connections, self._connections = self._connections, []
        for connection in connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # The connection is closed already.

    def _limited(self, end):
        # The size of the buffer counts for connections that are made later.
        if self._buffer:
            end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self._buffer)
        return end

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return  # The road was closed.
            server = self._limited(socket.socket())
            try:
                server.connect(self._target)
            except OSError:
                client.close()  # A proxy cannot refuse a connection later than this.
                server.close()
                continue
            self._connections += [client, server]
            for end in (client, server):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connected = time.monotonic() + 2 * self._delay
            self._forward(client, server, connected, None)
            self._forward(server, client, 0, self._rate)

    def _wait_turn(self, count):
        """Waits until the bytes of other connections have passed, and `count` more."""
        with self._turns:
            self._free = max(self._free, time.monotonic()) + count / self._rate
            turn = self._free
        time.sleep(max(0, turn - time.monotonic()))

    def _wait(self, arrives):
        """Waits until a time, and until the road is not held."""
        while (left := max(arrives, self._held_until) - time.monotonic()) > 0:
            time.sleep(left)

    def _road_time(self):
        """The seconds that the next piece takes."""
        lost = _RETRANSMISSION if self._loss and self._random.random() < self._loss else 0
        return self._delay + self._random.uniform(0, self._jitter) + lost

    def _forward(self, source, sink, connected, rate):
        """Forwards the bytes that leave `source`, none of them before `connected`."""
        road = queue.SimpleQueue()

        def receive():
            data = b"?"
            while data:
                self._wait(0)
                try:
                    data = source.recv(1 << 10 if rate else 1 << 16)
                except OSError:
                    data = b""
                if rate:
                    # Meanwhile the sender's bytes wait in its own buffers.
                    self._wait_turn(len(data))
                road.put((max(time.monotonic(), connected) + self._road_time(), data))

        def send():
            while True:
                arrives, data = road.get()
                self._wait(arrives)
                try:
                    if not data:
                        return sink.shutdown(socket.SHUT_WR)
                    sink.sendall(data)
                except OSError:
                    return  # The connection is closed.
        for work in (receive, send):
            threading.Thread(target=work, daemon=True).start()
