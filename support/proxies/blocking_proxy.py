"""A proxy that does not let every kind of answer through, as the proxies of some networks do."""

import socket
import threading


class BlockingProxy:
    """Forwards requests to a port of 127.0.0.1, each on a connection of its own. Refuses WebSockets. With
    `holds_event_streams` the proxy passes an answer of server-sent events on when the answer has ended, which is never.
    To be used with `with`."""

    def __init__(self, port, holds_event_streams=False):
        self._target, self._holds = ("127.0.0.1", port), holds_event_streams
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self._listener.getsockname()[1]
        self._lock = threading.Lock()
        # How many requests for a WebSocket were refused, and how many event streams are held.
        self.refused, self.held = 0, 0
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._listener.close()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/"

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return  # The proxy was closed.
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        with client:
            try:
                self._forward(client)
            except OSError:
                pass  # One of the two has closed the connection.

    def _forward(self, client):
        data = b""
        while b"\r\n\r\n" not in data:
            received = client.recv(1 << 16)
            if not received:
                return
            data += received
        head, _, content = data.partition(b"\r\n\r\n")
        first, *fields = head.split(b"\r\n")
        named = [field.lower() for field in fields]
        if any(field.startswith(b"upgrade:") for field in named):
            with self._lock:
                self.refused += 1
            client.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            return
        kept = [field for field in fields if not field.lower().startswith(b"connection:")]
        is_held = self._holds and any(f.startswith(b"accept:") and b"text/event-stream" in f for f in named)
        with socket.create_connection(self._target) as server:
            server.sendall(b"\r\n".join([first, *kept, b"Connection: close"]) + b"\r\n\r\n" + content)
            if is_held:
                with self._lock:
                    self.held += 1
                self._hold(client)
                return
            threading.Thread(target=self._send, args=(client, server), daemon=True).start()
            while data := server.recv(1 << 16):
                client.sendall(data)

    @staticmethod
    def _hold(client):
        """Waits until the client has lost its patience."""
        while client.recv(1 << 16):
            pass

    @staticmethod
    def _send(client, server):
        try:
            while data := client.recv(1 << 16):
                server.sendall(data)
        except OSError:
            pass  # One of the two has closed the connection.
