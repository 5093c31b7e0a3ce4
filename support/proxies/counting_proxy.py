"""Counts the requests that reach a server."""

import socket
import threading


class CountingProxy:
    """Forwards connections to a port of 127.0.0.1. Counts the requests to it and the bytes from it. Requests must have
    no content. To be used with `with`."""

    def __init__(self, port):
        self._target = ("127.0.0.1", port)
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.port = self._listener.getsockname()[1]
        self.requests, self.bytes = 0, 0
        # The first line of each request.
        self.lines = []
        self._lock = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._listener.close()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return  # The proxy was closed.
            threading.Thread(target=self._connect, args=(client,), daemon=True).start()

    def _connect(self, client):
        try:
            server = socket.create_connection(self._target)
        except OSError:
            client.close()  # A proxy cannot refuse a connection later than this.
            return
        for end in (client, server):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=self._pass, args=(server, client, self._count_bytes), daemon=True).start()
        heads = b""

        def count_heads(data):
            nonlocal heads
            *whole, heads = (heads + data).split(b"\r\n\r\n")
            with self._lock:
                self.requests += len(whole)
                self.lines += [head.split(b"\r\n")[0].decode() for head in whole]
        self._pass(client, server, count_heads)

    def _count_bytes(self, data):
        with self._lock:
            self.bytes += len(data)

    def _pass(self, source, sink, count):
        try:
            while data := source.recv(1 << 16):
                count(data)
                sink.sendall(data)
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # The connection is closed already.
