"""The part of WebDriver BiDi that the tests need. Firefox implements the protocol itself, without a driver."""

import json

import websocket

from support.browsers.webdriver import WebDriverError


class Session:
    """One browser tab behind a BiDi endpoint."""

    def __init__(self, url):
        # Firefox refuses clients that send an Origin.
        self._socket = websocket.create_connection(f"{url}/session", timeout=60, suppress_origin=True)
        self._number = 0
        self.events = []
        self.command("session.new", capabilities={"alwaysMatch": {"acceptInsecureCerts": True}})
        self.command("session.subscribe", events=["log.entryAdded", "network.beforeRequestSent"])
        self.context = self.command("browsingContext.getTree")["contexts"][0]["context"]

    def command(self, method, **parameters):
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._socket.recv())
            if message["type"] == "event":
                self.events.append(message)
            elif message.get("id") == self._number:
                if message["type"] == "error":
                    raise WebDriverError(f"{method}: {message['error']}: {message['message']}")
                return message["result"]

    def evaluate(self, expression):
        """The value of a JavaScript expression, sent as JSON. Waits for promises."""
        result = self.command(
            "script.evaluate", expression=f"(async () => JSON.stringify(await ({expression})))()",
            target={"context": self.context}, awaitPromise=True)
        if result["type"] == "exception":
            raise WebDriverError(f"{expression}: {result['exceptionDetails']['text']}")
        value = result["result"]
        return json.loads(value["value"]) if value["type"] == "string" else None

    def perform(self, actions):
        self.command("input.performActions", context=self.context, actions=actions)

    def close(self):
        self._socket.close()
