"""A browser that a WebDriver controls."""

import base64
import contextlib
from pathlib import Path

from support.browsers.browser import Browser


class WebDriverBrowser(Browser):
    """A browser with the commands of WebDriver."""

    def open(self, url):
        self.session.command("POST", "/url", {"url": url})

    @contextlib.contextmanager
    def behind_another_tab(self):
        """Hides the page behind another tab. The page cannot be evaluated meanwhile."""
        page = self.session.command("GET", "/window")
        tab = self.session.command("POST", "/window/new", {"type": "tab"})
        self.session.command("POST", "/window", {"handle": tab["handle"]})
        try:
            yield
        finally:
            self.session.command("POST", "/window", {"handle": page})

    def screenshot(self, path):
        Path(path).write_bytes(base64.b64decode(self.session.command("GET", "/screenshot")))
