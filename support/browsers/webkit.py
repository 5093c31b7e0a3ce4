"""WebKitGTK's MiniBrowser behind WebKitWebDriver."""

import ipaddress
import os
import socket
import subprocess
import unittest
from pathlib import Path

from support.browsers import webdriver
from support.browsers.webdriver_browser import WebDriverBrowser
from support.waiting import TIMEOUT, wait_until


class WebKit(WebDriverBrowser):
    name = "webkit"

    def __init__(self, card, autoplay=True):
        self._card, self._autoplay = card, autoplay
        super().__init__()

    def _start(self):
        display = self._display()
        # A loopback address that no other test uses: no other process can take the port before the driver binds it.
        host = str(ipaddress.IPv4Address("127.64.0.0") + os.getpid())
        port = _free_port(host)
        self._child(
            ["WebKitWebDriver", f"--host={host}", f"--port={port}"],
            env=self._card.environment | display | {"GDK_BACKEND": "x11", "NO_AT_BRIDGE": "1"},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(lambda: _listens(host, port), TIMEOUT, "WebKitWebDriver listens")
        self.session = webdriver.Session(port, {"acceptInsecureCerts": True, "webkitgtk:browserOptions": {
            "binary": _mini_browser(),
            "args": ["--automation", f"--autoplay-policy={'allow' if self._autoplay else 'deny'}"]}}, host)

    def resize(self, width, height):
        self.session.command("POST", "/window/rect", {"x": 0, "y": 0, "width": width, "height": height})

    def requests(self):
        """The URL of each request that the page has made."""
        return self.evaluate("performance.getEntriesByType('resource').map((entry) => entry.name)")


def _mini_browser():
    # The folder's name contains the architecture and the version of the API.
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
