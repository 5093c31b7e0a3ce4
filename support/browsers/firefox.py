"""Firefox, controlled by WebDriver BiDi without a driver."""

import base64
import json
import subprocess
from pathlib import Path

from support.browsers import bidi
from support.browsers.browser import Browser


class Firefox(Browser):
    name = "firefox"

    def __init__(self, card, autoplay=True, preferences=None):
        """`preferences` are Firefox's own, as about:config names them."""
        self._card, self._autoplay, self._preferences = card, autoplay, preferences or {}
        super().__init__()

    def _start(self):
        profile = Path(self.folder.name, "profile")
        profile.mkdir()
        preferences = {
            # 0 allows sound without a gesture, 1 blocks it.
            "media.autoplay.default": 0 if self._autoplay else 1,
            "datareporting.policy.dataSubmissionEnabled": False, "browser.shell.checkDefaultBrowser": False,
            "app.update.enabled": False, "network.captive-portal-service.enabled": False, **self._preferences,
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

    def run_first(self, script):
        """Runs a script in each page that is opened from now on, before the scripts of the page."""
        self.session.command("script.addPreloadScript", functionDeclaration=f"() => {{ {script} }}")

    def screenshot(self, path):
        data = self.session.command("browsingContext.captureScreenshot", context=self.session.context)["data"]
        Path(path).write_bytes(base64.b64decode(data))

    def resize(self, width, height):
        self.session.command(
            "browsingContext.setViewport", context=self.session.context,
            viewport={"width": width, "height": height})

    def errors(self):
        """The warnings and errors of the console since the last call."""
        self.evaluate("0")
        entries = [event["params"] for event in self.session.events if event["method"] == "log.entryAdded"]
        self.session.events = [event for event in self.session.events if event["method"] != "log.entryAdded"]
        return [entry["text"] for entry in entries if entry["level"] in ("warn", "error")]

    def requests(self):
        """The URL of each request that the page has made."""
        self.evaluate("0")
        return [event["params"]["request"]["url"] for event in self.session.events
                if event["method"] == "network.beforeRequestSent"]
