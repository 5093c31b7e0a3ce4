"""The interface that all browsers share."""

import json
import os
import re
import subprocess
import tempfile
import threading

from support import processes
from support.browsers import webdriver
from support.waiting import TIMEOUT, wait_until

_KEYS = {"Space": " ", "Tab": "\ue004", "Enter": "\ue007", "End": "\ue010", "Left": "\ue012", "Up": "\ue013",
         "Right": "\ue014", "Down": "\ue015", "Escape": "\ue00c", "Delete": "\ue017"}


class Browser:
    """The base of all browsers. A subclass starts its processes and sets `session`."""

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
            pass  # The browser has crashed. Its processes are ended below.
        for child in reversed(self._children):
            processes.end(child)
        self.folder.cleanup()

    def evaluate(self, expression):
        return self.session.evaluate(expression)

    def wait(self, expression, seconds=TIMEOUT, what=None):
        """The first true value of a JavaScript expression."""
        return wait_until(
            lambda: self.evaluate(expression), seconds,
            lambda: f"{what or expression}; {self.evaluate('window.ringcast && window.ringcast.snapshot()')}")

    def click(self, selector):
        """Clicks the middle of an element with a real pointer."""
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
        """Presses a key of a real keyboard: a character, or a name in `_KEYS`."""
        value = _KEYS.get(key, key)
        self.session.perform([{"type": "key", "id": "keyboard", "actions": [
            {"type": "keyDown", "value": value}, {"type": "keyUp", "value": value}]}])

    def _child(self, command, **options):
        child = processes.start(command, **options)
        self._children.append(child)
        return child

    def _display(self):
        """Starts a virtual screen; returns the environment variables that select it."""
        read, write = os.pipe()
        self._child(
            ["Xvfb", "-displayfd", write, "-screen", "0", "1280x1000x24", "-nolisten", "tcp"],
            pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as display:
            return {"DISPLAY": f":{display.readline().strip()}"}

    def _announced(self, child, pattern):
        """The first match of a pattern in a child's output. A thread reads the rest, so that the child never blocks."""
        lines, ended = [], threading.Event()

        def read():
            for line in child.stdout:
                lines.append(line.decode(errors="replace"))
            ended.set()
        threading.Thread(target=read, daemon=True).start()
        return wait_until(
            lambda: re.search(pattern, "".join(lines)) or (ended.is_set() and self._fail("".join(lines))), TIMEOUT,
            lambda: f"{self.name} is ready:\n{''.join(lines)}")

    def _fail(self, output):
        raise AssertionError(f"{self.name} ended during its start:\n{output}")
