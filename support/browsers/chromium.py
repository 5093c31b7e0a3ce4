"""Chromium behind chromedriver."""

import json
import subprocess

from support.browsers import webdriver
from support.browsers.webdriver_browser import WebDriverBrowser


class Chromium(WebDriverBrowser):
    name = "chromium"

    def __init__(self, card, autoplay=True, headless=True, flags=(), profile=None, is_observed=True):
        """`profile` is a folder that outlives the browser, for the profile of another browser after it.

        A browser that is not observed records no requests, because each record delays the page. It waits for no page to
        load, because a page that plays an endless answer may load forever."""
        self._card, self._autoplay, self._headless, self._flags = card, autoplay, headless, flags
        self._profile, self._is_observed = profile, is_observed
        super().__init__()

    def _driver(self, environment, tries=5):
        """Starts chromedriver; returns its port. chromedriver picks a port that is free for IPv6, and fails if the port
        is taken for IPv4."""
        driver = self._child(
            ["chromedriver", "--port=0"], env=environment | {"TMPDIR": self.folder.name},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        found = self._announced(driver, r"started successfully on port (\d+)|IPv4 port not available")
        return int(found[1]) if found[1] or tries == 1 else self._driver(environment, tries - 1)

    def _start(self):
        # In headless mode no page is ever hidden.
        port = self._driver(self._card.environment | ({} if self._headless else self._display()))
        head = ["--headless=new"] if self._headless else ["--ozone-platform=x11"]
        policy = "no-user-gesture-required" if self._autoplay else "document-user-activation-required"
        self.session = webdriver.Session(port, {
            "browserName": "chrome", "acceptInsecureCerts": True,
            "goog:loggingPrefs": {"browser": "ALL", **({"performance": "ALL"} if self._is_observed else {})},
            "pageLoadStrategy": "normal" if self._is_observed else "none",
            "goog:chromeOptions": {"args": [
                *head, "--no-sandbox", "--disable-background-networking", "--disable-component-update",
                "--no-first-run", "--window-size=1280,900", f"--autoplay-policy={policy}", *self._flags,
                f"--user-data-dir={self._profile or f'{self.folder.name}/profile'}"]},
        })
        self._requests = []

    def run_first(self, script):
        """Runs a script in each page that is opened from now on, before the scripts of the page."""
        self.session.command("POST", "/goog/cdp/execute", {
            "cmd": "Page.addScriptToEvaluateOnNewDocument", "params": {"source": script}})

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
        """The warnings and errors of the console since the last call."""
        entries = self.session.command("POST", "/se/log", {"type": "browser"})
        return [entry["message"] for entry in entries if entry["level"] in ("WARNING", "SEVERE")]

    def requests(self):
        """The URL of each request that the page has made."""
        for entry in self.session.command("POST", "/se/log", {"type": "performance"}):
            message = json.loads(entry["message"])["message"]
            # The window first shows a page of the browser, whose requests are chrome:// URLs.
            if message["method"] == "Network.requestWillBeSent" and "http" in message["params"]["documentURL"]:
                self._requests.append(message["params"]["request"]["url"])
        return self._requests
