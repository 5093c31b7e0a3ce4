"""Members and readers of a room without a WebSocket: events and POST, and long polling."""

import http.client
import json
import queue
import threading

from support.waiting import TIMEOUT


class EventReader(threading.Thread):
    """Reads server-sent events. Each event is a dictionary with `id`, `event` and `data` as far as it has them."""

    def __init__(self, server, path, headers=None, method="GET"):
        super().__init__(daemon=True)
        self._connection = server.connect(TIMEOUT)
        self._connection.request(method, path, headers={"Accept": "text/event-stream", **(headers or {})})
        self.response = self._connection.getresponse()
        self.status = self.response.status
        self._events = queue.Queue()
        if self.status == 200:
            self.start()

    def run(self):
        event = {}
        try:
            for line in self.response:
                line = line.decode().rstrip("\n")
                if not line:
                    if event:
                        self._events.put(event)
                    event = {}
                elif not line.startswith(":"):
                    name, _, value = line.partition(": ")
                    event[name] = f"{event[name]}\n{value}" if name in event else value
        except (OSError, http.client.HTTPException, ValueError, AttributeError):
            pass
        self._events.put(None)

    def next(self, seconds=TIMEOUT):
        """The next event; nil at the end of the answer."""
        return self._events.get(timeout=seconds)

    def wait(self, type, seconds=TIMEOUT):
        """The next message of a type: the event, and its object."""
        while True:
            event = self.next(seconds)
            if event is None:
                raise AssertionError(f"the events ended before {type}")
            message = json.loads(event["data"])
            if message.get("type") == type:
                return event, message

    def close(self):
        sock = self._connection.sock or (self.response.fp and self.response.fp.raw._sock)
        if sock:
            try:
                sock.shutdown(2)
            except OSError:
                pass
        self._connection.close()


class Poster:
    """Sends the messages of a member by POST."""

    def __init__(self, server, room):
        self._server, self._path = server, f"/rooms/{room}/messages"
        self.session = None

    def post(self, type, **fields):
        """The status, and the object of the answer."""
        headers = {"Content-Type": "application/json"}
        if self.session:
            headers["Ringcast-Session"] = self.session
        answer = self._server.request(self._path, "POST", headers, json.dumps({"type": type, **fields}))
        return answer.status, json.loads(answer.body) if answer.body else None

    def hello(self, name=None, **fields):
        """The welcome."""
        status, welcome = self.post("hello", **({"name": name} if name else {}), **fields)
        if status != 200:
            raise AssertionError(f"{status}: {welcome}")
        self.session = welcome["you"]["session"]
        return welcome

    def events(self, last=None):
        """The messages to the member as server-sent events, behind the number `last`."""
        headers = {"Ringcast-Session": self.session}
        if last is not None:
            headers["Last-Event-ID"] = str(last)
        return EventReader(self._server, self._path, headers)

    def poll(self, after):
        """One answer of the long polling: the status, and the object."""
        answer = self._server.request(f"{self._path}?after={after}", headers={"Ringcast-Session": self.session})
        return answer.status, json.loads(answer.body) if answer.body else None

    def wait_polled(self, type, after=0):
        """Polls until a message of a type comes: the number of the last message, and the message."""
        while True:
            status, answer = self.poll(after)
            if status != 200:
                raise AssertionError(f"{status}: {answer}")
            after = answer["last"]
            for message in answer["messages"]:
                if message["type"] == type:
                    return after, message
