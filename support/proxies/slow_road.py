"""A road to a server on which each byte takes its time."""

import queue
import socket
import threading
import time


class SlowRoad:
    """Forwards connections to a port of 127.0.0.1. Each byte arrives `delay` seconds later, in both directions. The
    first byte from a client also waits for a round trip, as long as the handshake of TCP takes on such a road. With
    `rate`, at most that many bytes a second reach the clients, all connections together. To be used with `with`."""

    def __init__(self, port, delay, rate=None):
        self._target, self._delay, self._rate = ("127.0.0.1", port), delay, rate
        self._turns, self._free = threading.Lock(), 0
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.port = self._listener.getsockname()[1]
        self._connections = []
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._listener.close()
        self.cut()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/"

    def cut(self):
        """Ends all connections, so that the next request needs a new one."""
        connections, self._connections = self._connections, []
        for connection in connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # The connection is closed already.

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return  # The road was closed.
            try:
                server = socket.create_connection(self._target)
            except OSError:
                client.close()  # A proxy cannot refuse a connection later than this.
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

    def _forward(self, source, sink, connected, rate):
        """Forwards the bytes that leave `source`, none of them before `connected`."""
        road = queue.SimpleQueue()

        def receive():
            data = b"?"
            while data:
                try:
                    data = source.recv(1 << 10 if rate else 1 << 16)
                except OSError:
                    data = b""
                if rate:
                    # Meanwhile the sender's bytes wait in its own buffers.
                    self._wait_turn(len(data))
                road.put((max(time.monotonic(), connected) + self._delay, data))

        def send():
            while True:
                arrives, data = road.get()
                time.sleep(max(0, arrives - time.monotonic()))
                try:
                    if not data:
                        return sink.shutdown(socket.SHUT_WR)
                    sink.sendall(data)
                except OSError:
                    return  # The connection is closed.
        for work in (receive, send):
            threading.Thread(target=work, daemon=True).start()
