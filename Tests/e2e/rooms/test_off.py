"""A station without rooms serves no path for them and runs no thread."""

import re
import unittest
from pathlib import Path

from support.clients.room_server import room_server
from support.server import ROOT, Server
from support.waiting import TIMEOUT, wait_until

PATHS = [
    "/rooms", "/rooms/", "/rooms/list.json", "/rooms/list.events", "/rooms/list.html", "/rooms/room.html", "/rooms/hall",
    "/rooms/hall/socket", "/rooms/hall/messages", "/rooms/hall/events", "/studio", "/studio/live", "/studio.json"]


FILES = [
    path for folder in ("rooms", "studio") for path in (ROOT / "web" / folder).rglob("*")
    if path.is_file() and not path.name.startswith(".")]


def threads(server):
    """The names of the threads of the program."""
    return {Path(task, "comm").read_text().strip() for task in Path(f"/proc/{server.process.pid}/task").iterdir()}


class Off(unittest.TestCase):
    def test_there_is_nothing(self):
        with Server("--source", "tone") as server:
            version = re.search(rb"page-[0-9a-f]+", server.get("/"))[0].decode()
            files = [file.relative_to(ROOT / "web") for file in FILES]
            for path in [*PATHS, *(f"{folder}/{file}" for folder in ("", f"/{version}") for file in files)]:
                with self.subTest(path):
                    self.assertEqual(server.request(path).status, 404)
            for path in ("messages", "events", "actions", "invites"):
                answer = server.request(f"/rooms/hall/{path}", "POST", server.operator_headers, b"{}")
                self.assertEqual(answer.status, 404)
            self.assertNotIn("rooms", threads(server))
            self.assertFalse((server.sound / "rooms").exists())

    def test_each_file_of_their_pages_is_served_as_it_is(self):
        self.assertTrue(FILES)
        with room_server() as server:
            for file in FILES:
                path = f"/{file.relative_to(ROOT / 'web')}"
                with self.subTest(path):
                    body, text = server.get(path), file.read_bytes()
                    if path.endswith(".html"):
                        # The head of a page has the names of the station.
                        body, text = (page.partition(b"<body")[2] for page in (body, text))
                    self.assertEqual(body, text)

    def test_there_is_something_with_the_flag(self):
        with room_server() as server:
            # A thread has its name soon after it has begun.
            wait_until(lambda: "rooms" in threads(server), TIMEOUT, "the thread of the rooms")
            self.assertEqual(server.request("/rooms").headers["Location"], "/rooms/")
            self.assertEqual(server.get("/rooms/list.json"), b'{"rooms":[]}')
            self.assertEqual(server.request("/rooms/Hall/events").status, 404)
            # Without --room-history, the disk keeps nothing.
            self.assertFalse((server.sound / "rooms").exists())
