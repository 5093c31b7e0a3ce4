"""The part of W3C WebDriver that the tests need: Chromium through chromedriver, WebKit through WebKitWebDriver."""

import http.client
import json

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


class WebDriverError(Exception):
    pass


class Session:
    """One browser window behind a driver that listens on `port`."""

    def __init__(self, port, capabilities, host="127.0.0.1"):
        self._host, self._port = host, port
        self._path = ""
        value = self.command("POST", "/session", {"capabilities": {"alwaysMatch": capabilities}})
        self._path = f"/session/{value['sessionId']}"
        self.command("POST", "/timeouts", {"script": 30000, "pageLoad": 30000})

    def command(self, method, path, body=None):
        connection = http.client.HTTPConnection(self._host, self._port, timeout=60)
        try:
            content = None if method in ("GET", "DELETE") else json.dumps(body or {})
            connection.request(method, self._path + path, content, {"Content-Type": "application/json"})
            response = connection.getresponse()
            value = json.loads(response.read())["value"]
        finally:
            connection.close()
        if response.status != 200:
            raise WebDriverError(f"{method} {path}: {value}")
        return value

    def evaluate(self, expression):
        """The value of a JavaScript expression, sent as JSON. Waits for promises."""
        script = f"""
            const done = arguments[arguments.length - 1];
            (async () => ({expression}))().then(
                (value) => done({{ value }}), (error) => done({{ error: String(error) }}));"""
        result = self.command("POST", "/execute/async", {"script": script, "args": []})
        if "error" in result:
            raise WebDriverError(f"{expression}: {result['error']}")
        return result.get("value")

    def perform(self, actions):
        self.command("POST", "/actions", {"actions": actions})
        self.command("DELETE", "/actions")

    def close(self):
        self.command("DELETE", "")
