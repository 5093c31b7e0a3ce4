"""Receivers of webhooks: local servers that answer as Discord, Slack and ntfy do, or that hang, fail and come later."""

import json
import socket
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from support.waiting import TIMEOUT


@dataclass(frozen=True)
class Post:
    """A request of a station."""

    path: str
    headers: object
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)


def free_port():
    """A port at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Receiver:
    """To be used with `with`. `answer` gets each post and its number, from 0, and returns a status, header fields and a
    body. The default is 204."""

    def __init__(self, answer=lambda post, number: (204, {}, b""), port=0):
        self._answer, self._posts, self._news = answer, [], threading.Condition()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                post = Post(self.path, self.headers, body)
                status, fields, content = receiver._answer(post, receiver._take(post))
                self.send_response(status)
                for name, value in ({"Content-Length": len(content)} | fields).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            def do_GET(self):
                receiver._take(Post(f"GET {self.path}", self.headers, b""))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        # A handler that hangs does not hold up the end of a test.
        self._server.block_on_close = False
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    def _take(self, post):
        with self._news:
            self._posts.append(post)
            self._news.notify_all()
            return len(self._posts) - 1

    @property
    def posts(self):
        with self._news:
            return list(self._posts)

    @property
    def events(self):
        """The names of the events, in the order of their posts. For receivers of JSON."""
        return [post.json["event"] for post in self.posts]

    def wait(self, condition, seconds=TIMEOUT):
        """The first true value of condition(posts)."""
        with self._news:
            value = self._news.wait_for(lambda: condition(list(self._posts)), seconds)
        if not value:
            raise AssertionError(f"not within {seconds} s; the posts are {self.posts}")
        return value

    def event(self, name, seconds=TIMEOUT, **members):
        """The first post of this event with these members, as JSON."""
        def look(posts):
            return next(
                (post.json for post in posts
                 if post.json["event"] == name and members.items() <= post.json.items()), None)
        return self.wait(look, seconds)


# The limits and the checks of the services, as their documentation has them.

def discord(post, number):
    """Discord takes `content` of 2000 characters at most. Each second post comes too early, once."""
    message = post.json
    if not 0 < len(message.get("content", "")) <= 2000:
        return 400, {}, b'{"message": "Cannot send an empty message", "code": 50006}'
    if number % 2:
        return 429, {"Retry-After": "1"}, b'{"message": "You are being rate limited.", "retry_after": 0.64, "global": false}'
    return 204, {}, b""


def slack(post, _):
    """Slack takes an object with `text`."""
    try:
        message = post.json
    except ValueError:
        return 400, {}, b"invalid_payload"
    if not isinstance(message, dict) or not message.get("text"):
        return 400, {}, b"no_text"
    return 200, {"Content-Type": "text/html"}, b"ok"


def ntfy(post, _):
    """ntfy takes JSON with a topic only at its root."""
    message = post.json
    if post.path.split("?")[0] != "/" or not message.get("topic"):
        return 400, {}, b'{"code": 40024, "http": 400, "error": "invalid request: topic invalid"}'
    if not 1 <= message.get("priority", 3) <= 5 or not all(isinstance(tag, str) for tag in message.get("tags", [])):
        return 400, {}, b'{"code": 40026, "http": 400, "error": "invalid request: request body must be message JSON"}'
    return 200, {}, json.dumps({"id": "x", "event": "message", **message}).encode()
