"""Real browsers behind one interface; their sound goes to the loudspeaker of the sound card they are given.

    with browsers.Chromium(card) as browser:
        browser.open(server.url)
        browser.evaluate("document.title")
"""

import base64
import contextlib
import ipaddress
import json
import os
import re
import socket
import subprocess
import tempfile
import threading
import unittest
from pathlib import Path

from support import bidi, processes, webdriver
from support.waiting import PATIENCE, wait_until

_KEYS = {"Space": " ", "Tab": "\ue004", "Enter": "\ue007", "End": "\ue010", "Left": "\ue012", "Up": "\ue013",
         "Right": "\ue014", "Down": "\ue015"}


class Browser:
    """What is common. A subclass starts its processes and sets `session`."""

    session = None

    def __init__(self):
        self._children = []
        self.folder = tempfile.TemporaryDirectory(prefix=f"{self.name}.", ignore_cleanup_errors=True)
        try:
            self._start()
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        try:
            if self.session:
                self.session.close()
        except (OSError, webdriver.WebDriverError):
            pass  # It has crashed; its processes are ended all the same.
        for child in reversed(self._children):
            processes.end(child)
        self.folder.cleanup()

    def evaluate(self, expression):
        return self.session.evaluate(expression)

    def wait(self, expression, seconds=PATIENCE, what=None):
        """The first true value of an expression."""
        return wait_until(
            lambda: self.evaluate(expression), seconds,
            lambda: f"{what or expression}; {self.evaluate('window.ringcast && window.ringcast.snapshot()')}")

    def click(self, selector):
        """A click of a real pointer in the middle of an element."""
        x, y = self.evaluate(f"""(() => {{
            const element = document.querySelector({json.dumps(selector)});
            element.scrollIntoView({{ block: "center", behavior: "instant" }});
            const box = element.getBoundingClientRect();
            return [Math.round(box.x + box.width / 2), Math.round(box.y + box.height / 2)];
        }})()""")
        self.session.perform([{
            "type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": [
                {"type": "pointerMove", "duration": 0, "x": x, "y": y, "origin": "viewport"},
                {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]}])

    def press(self, key):
        """A key of a real keyboard: a character, or one of `_KEYS`."""
        value = _KEYS.get(key, key)
        self.session.perform([{"type": "key", "id": "keyboard", "actions": [
            {"type": "keyDown", "value": value}, {"type": "keyUp", "value": value}]}])

    def _child(self, command, **options):
        child = processes.start(command, **options)
        self._children.append(child)
        return child

    def _display(self):
        """The environment of a screen of its own."""
        read, write = os.pipe()
        self._child(
            ["Xvfb", "-displayfd", write, "-screen", "0", "1280x1000x24", "-nolisten", "tcp"],
            pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as display:
            return {"DISPLAY": f":{display.readline().strip()}"}

    def _announced(self, child, pattern):
        """The first match of a pattern in what a child prints; the rest is read and kept out of its way."""
        lines, ended = [], threading.Event()

        def read():
            for line in child.stdout:
                lines.append(line.decode(errors="replace"))
            ended.set()
        threading.Thread(target=read, daemon=True).start()
        return wait_until(
            lambda: re.search(pattern, "".join(lines)) or (ended.is_set() and self._fail("".join(lines))), PATIENCE,
            lambda: f"{self.name} is ready:\n{''.join(lines)}")

    def _fail(self, output):
        raise AssertionError(f"{self.name} ended at once:\n{output}")


class _Driven(Browser):
    """A browser behind a WebDriver."""

    def open(self, url):
        self.session.command("POST", "/url", {"url": url})

    @contextlib.contextmanager
    def behind_another_tab(self):
        """Meanwhile nothing is evaluated in the page."""
        page = self.session.command("GET", "/window")
        tab = self.session.command("POST", "/window/new", {"type": "tab"})
        self.session.command("POST", "/window", {"handle": tab["handle"]})
        try:
            yield
        finally:
            self.session.command("POST", "/window", {"handle": page})

    def screenshot(self, path):
        Path(path).write_bytes(base64.b64decode(self.session.command("GET", "/screenshot")))


class Chromium(_Driven):
    name = "chromium"

    def __init__(self, card, autoplay=True, headless=True):
        self._card, self._autoplay, self._headless = card, autoplay, headless
        super().__init__()

    def _driver(self, environment, tries=5):
        """A chromedriver's port. It takes a free one for IPv6 and gives up if that is taken for IPv4, which happens."""
        driver = self._child(
            ["chromedriver", "--port=0"], env=environment | {"TMPDIR": self.folder.name},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        found = self._announced(driver, r"started successfully on port (\d+)|IPv4 port not available")
        return int(found[1]) if found[1] or tries == 1 else self._driver(environment, tries - 1)

    def _start(self):
        # Without a head no page is ever hidden.
        port = self._driver(self._card.environment | ({} if self._headless else self._display()))
        head = ["--headless=new"] if self._headless else ["--ozone-platform=x11"]
        policy = "no-user-gesture-required" if self._autoplay else "document-user-activation-required"
        self.session = webdriver.Session(port, {
            "browserName": "chrome", "acceptInsecureCerts": True,
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
            "goog:chromeOptions": {"args": [
                *head, "--no-sandbox", "--disable-background-networking", "--disable-component-update",
                "--no-first-run", "--window-size=1280,900", f"--autoplay-policy={policy}",
                f"--user-data-dir={self.folder.name}/profile"]},
        })
        self._requests = []

    def resize(self, width, height):
        self.session.command("POST", "/goog/cdp/execute", {
            "cmd": "Emulation.setDeviceMetricsOverride",
            "params": {"width": width, "height": height, "deviceScaleFactor": 2, "mobile": width < 600}})

    def prefer(self, scheme):
        """`dark` or `light`."""
        self.session.command("POST", "/goog/cdp/execute", {
            "cmd": "Emulation.setEmulatedMedia",
            "params": {"features": [{"name": "prefers-color-scheme", "value": scheme}]}})

    def errors(self):
        """What the console complained of since it was asked last."""
        entries = self.session.command("POST", "/se/log", {"type": "browser"})
        return [entry["message"] for entry in entries if entry["level"] in ("WARNING", "SEVERE")]

    def requests(self):
        """The URL of each request the page has made."""
        for entry in self.session.command("POST", "/se/log", {"type": "performance"}):
            message = json.loads(entry["message"])["message"]
            # The window opens with a page of the browser's own, chrome:// through and through.
            if message["method"] == "Network.requestWillBeSent" and "http" in message["params"]["documentURL"]:
                self._requests.append(message["params"]["request"]["url"])
        return self._requests


class Firefox(Browser):
    name = "firefox"

    def __init__(self, card, autoplay=True):
        self._card, self._autoplay = card, autoplay
        super().__init__()

    def _start(self):
        profile = Path(self.folder.name, "profile")
        profile.mkdir()
        preferences = {
            # 0 allows sound without a gesture, 1 refuses it.
            "media.autoplay.default": 0 if self._autoplay else 1,
            "datareporting.policy.dataSubmissionEnabled": False, "browser.shell.checkDefaultBrowser": False,
            "app.update.enabled": False, "network.captive-portal-service.enabled": False,
        }
        lines = (f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in preferences.items())
        (profile / "user.js").write_text("".join(lines))
        firefox = self._child(
            ["firefox-esr", "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port=0"],
            env=self._card.environment | {"MOZ_HEADLESS_WIDTH": "1280", "MOZ_HEADLESS_HEIGHT": "900"},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.session = bidi.Session(self._announced(firefox, r"BiDi listening on (ws://\S+)")[1])

    def open(self, url):
        self.session.command("browsingContext.navigate", context=self.session.context, url=url, wait="complete")

    def screenshot(self, path):
        data = self.session.command("browsingContext.captureScreenshot", context=self.session.context)["data"]
        Path(path).write_bytes(base64.b64decode(data))

    def resize(self, width, height):
        self.session.command(
            "browsingContext.setViewport", context=self.session.context,
            viewport={"width": width, "height": height})

    def errors(self):
        """What the console complained of since it was asked last."""
        self.evaluate("0")
        entries = [event["params"] for event in self.session.events if event["method"] == "log.entryAdded"]
        self.session.events = [event for event in self.session.events if event["method"] != "log.entryAdded"]
        return [entry["text"] for entry in entries if entry["level"] in ("warn", "error")]

    def requests(self):
        """The URL of each request the page has made."""
        self.evaluate("0")
        return [event["params"]["request"]["url"] for event in self.session.events
                if event["method"] == "network.beforeRequestSent"]


class WebKit(_Driven):
    name = "webkit"

    def __init__(self, card, autoplay=True):
        self._card, self._autoplay = card, autoplay
        super().__init__()

    def _start(self):
        display = self._display()
        # An address of its own, where nobody else takes a port between the look for a free one and its use.
        host = str(ipaddress.IPv4Address("127.64.0.0") + os.getpid())
        port = _free_port(host)
        self._child(
            ["WebKitWebDriver", f"--host={host}", f"--port={port}"],
            env=self._card.environment | display | {"GDK_BACKEND": "x11", "NO_AT_BRIDGE": "1"},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(lambda: _listens(host, port), PATIENCE, "WebKitWebDriver listens")
        self.session = webdriver.Session(port, {"acceptInsecureCerts": True, "webkitgtk:browserOptions": {
            "binary": _mini_browser(),
            "args": ["--automation", f"--autoplay-policy={'allow' if self._autoplay else 'deny'}"]}}, host)

    def resize(self, width, height):
        self.session.command("POST", "/window/rect", {"x": 0, "y": 0, "width": width, "height": height})

    def requests(self):
        """The URL of each request the page has made."""
        return self.evaluate("performance.getEntriesByType('resource').map((entry) => entry.name)")


def _mini_browser():
    # The folder is named by the architecture and the API's version.
    found = sorted(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"))
    if not found:
        raise unittest.SkipTest("MiniBrowser of WebKitGTK is not installed")
    return str(found[-1])


def _free_port(host):
    with socket.create_server((host, 0)) as listener:
        return listener.getsockname()[1]


def _listens(host, port):
    with socket.socket() as client:
        return client.connect_ex((host, port)) == 0
