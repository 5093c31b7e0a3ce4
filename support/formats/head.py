"""The head of a page, as a browser and a messenger read it."""

from html.parser import HTMLParser


class Head(HTMLParser):
    """The title, the names and contents of the meta elements, and the number of elements of a page."""

    def __init__(self, page):
        super().__init__()
        self.title, self.meta, self.elements, self._is_title = "", {}, 0, False
        self.feed(page.decode())

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.elements += 1
        self._is_title = tag == "title"
        if tag == "meta" and "content" in attributes:
            self.meta[attributes.get("name") or attributes.get("property")] = attributes["content"]

    def handle_endtag(self, tag):
        self._is_title = False

    def handle_data(self, data):
        if self._is_title:
            self.title += data
