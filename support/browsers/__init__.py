"""Real browsers behind one interface. Their sound goes to the loudspeaker of the sound card that they are given.

    with browsers.Chromium(card) as browser:
        browser.open(server.url)
        browser.evaluate("document.title")
"""

from support.browsers.chromium import Chromium
from support.browsers.firefox import Firefox
from support.browsers.webkit import WebKit

__all__ = ["Chromium", "Firefox", "WebKit"]
