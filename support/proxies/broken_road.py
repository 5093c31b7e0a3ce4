"""A road to a server that can be broken and mended."""

import contextlib
import socket
import threading


class BrokenRoad:
    """Forwards connections to a port of 127.0.0.1. `broken` is a context in which there is no road: its connections end,
    and it refuses new ones. To be used with `with`."""

    def __init__(self, port):
        self._target = ("127.0.0.1", port)
        self._lock = threading.Lock()
        self._connections = []
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self._listener.getsockname()[1]
        self._is_broken = False
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._listener.close()
        self._cut()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/"

    @contextlib.contextmanager
    def broken(self):
        with self._lock:
            self._is_broken = True
        self._cut()
        try:
            yield
        finally:
            with self._lock:
                self._is_broken = False

    def _cut(self):
        with self._lock:
            connections, self._connections = self._connections, []
        for connection in connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return  # The road was closed.
            try:
                server = socket.create_connection(self._target)
            except OSError:
                client.close()
                continue
            with self._lock:
                if self._is_broken:
                    client.close()
                    server.close()
                    continue
                self._connections += [client, server]
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=self._forward, args=(source, sink), daemon=True).start()

    @staticmethod
    def _forward(source, sink):
        with contextlib.suppress(OSError):
            while data := source.recv(1 << 16):
                sink.sendall(data)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
