"""The addresses of the page in the log of a start, and the QR code on a terminal."""

import fcntl
import os
import pty
import re
import select
import socket
import struct
import tempfile
import unittest
import urllib.request
from pathlib import Path

from support import processes
from support.server import ROOT, Server, program
from support.waiting import TIMEOUT

# ioctl(2), netdevice(7).
SIOCGIFADDR = 0x8915
LINE = r"other devices reach the page at (\S+)"
# Pixels of a module in the picture.
SCALE = 4


def own_addresses():
    """The first IPv4 address of each network interface but the loopback interface."""
    addresses = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as query:
        for _, name in socket.if_nameindex():
            try:
                answer = fcntl.ioctl(query.fileno(), SIOCGIFADDR, struct.pack("256s", name.encode()))
            except OSError:
                continue
            addresses.append(socket.inet_ntoa(answer[20:24]))
    return [address for address in addresses if not address.startswith("127.")]


class Addresses(unittest.TestCase):
    def on_terminal(self, *flags):
        """All that the program shows on a terminal up to the end of its start."""
        sound = self.enterContext(tempfile.TemporaryDirectory(prefix="sound."))
        leader, follower = pty.openpty()
        self.addCleanup(os.close, leader)
        process = processes.start(
            [program(), "--source", "tone", "--port", "0", "--sound-dir", sound, "--web-dir", ROOT / "web", *flags],
            stderr=follower, env=os.environ | {"NO_COLOR": "1", "TERM": "xterm"})
        os.close(follower)
        self.addCleanup(processes.end, process)
        shown = b""
        while b"operators: the token is in" not in shown:
            self.assertTrue(select.select([leader], [], [], TIMEOUT)[0], shown)
            shown += os.read(leader, 65536)
        return shown.decode().replace("\r\n", "\n")

    def decode(self, shown):
        """The text of the QR code, as a phone reads the code from the terminal."""
        lines = re.findall(r"\x1b\[30;107m(.*)\x1b\[0m", shown)
        dark = {"█": (1, 1), "▀": (1, 0), "▄": (0, 1), " ": (0, 0)}
        rows = [[dark[character][half] for character in line] for line in lines for half in (0, 1)]
        self.assertTrue(rows, shown)
        pixels = bytes(
            0 if module else 255 for row in rows for _ in range(SCALE) for module in row for _ in range(SCALE))
        picture = Path(self.enterContext(tempfile.TemporaryDirectory())) / "code.pgm"
        picture.write_bytes(b"P5 %d %d 255\n" % (len(rows[0]) * SCALE, len(rows) * SCALE) + pixels)
        result = processes.run(["zbarimg", "--quiet", "--raw", picture])
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout.decode().strip()

    def test_a_terminal_shows_the_first_address_as_a_qr_code(self):
        shown = self.on_terminal("--host", "0.0.0.0")
        if not own_addresses():
            # This machine has no network.
            self.assertNotIn("other devices", shown)
            return self.assertNotIn("\x1b[30;107m", shown)
        url = re.search(LINE, shown)[1]
        self.assertEqual(self.decode(shown), url)
        self.assertIn(re.fullmatch(r"http://([\d.]+):\d+/", url)[1], own_addresses())
        with urllib.request.urlopen(url, timeout=TIMEOUT) as page:
            self.assertIn(b"<html", page.read())

    def test_no_qr_shows_none(self):
        shown = self.on_terminal("--host", "0.0.0.0", "--no-qr")
        self.assertNotIn("\x1b[30;107m", shown)

    def test_a_station_for_this_machine_names_no_other_devices(self):
        shown = self.on_terminal()
        self.assertNotIn("other devices", shown)
        self.assertNotIn("\x1b[30;107m", shown)

    def test_a_log_that_is_no_terminal_gets_no_qr_code(self):
        with Server("--source", "tone", "--host", "0.0.0.0") as server:
            server.wait_log("operators: the token is in")
            self.assertNotIn("\x1b", server.log)
            self.assertEqual(bool(own_addresses()), bool(re.search(LINE, server.log)))


if __name__ == "__main__":
    unittest.main()
