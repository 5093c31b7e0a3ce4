"""Many listeners of the growing segment: fast ones, slow ones, and some that hang up."""

import socket
import threading
import time
import unittest

from support.formats import mp3
from support.formats.low_latency import Playlist
from support.machine.certificate import Certificate
from support.server import Server

SEGMENTS = 4


def connect(server, narrow=False):
    connection = server.connect(20)
    plain = socket.socket()
    plain.settimeout(20)
    if narrow:
        # The sockets buffer about ten kilobytes, less than a second of sound. The sender's buffer depends on the
        # segment size.
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
    plain.connect((server.host, server.port))
    secure = server.certificate and server.certificate.context.wrap_socket(plain, server_hostname=server.host)
    connection.sock = secure or plain
    return connection


class Listener(threading.Thread):
    """Requests a few segments on one connection. A slow listener pauses in each segment."""

    def __init__(self, server, first, pause=0):
        super().__init__()
        self._server, self._first, self._pause = server, first, pause
        self.bodies, self.error = {}, None

    def run(self):
        try:
            connection = connect(self._server, narrow=self._pause > 0)
            for sequence in range(self._first, self._first + SEGMENTS):
                connection.request("GET", f"/live/{sequence}.mp3")
                response = connection.getresponse()
                body = response.read1(100)
                time.sleep(self._pause)
                self.bodies[sequence] = body + response.read()
            connection.close()
        except Exception as error:
            self.error = error


class Fanout(unittest.TestCase):
    Certificate = None

    def test_each_listener_gets_every_byte_although_others_are_slow_or_hang_up(self):
        certificate = self.Certificate and self.enterContext(self.Certificate())
        server = self.enterContext(
            Server("--source", "tone", "--segment-length", 1, "--bitrate", 320, certificate=certificate))
        server.wait_playlist()
        first = Playlist(server.get("/live-ll.m3u8")).recording.sequence + 1
        listeners = [Listener(server, first) for _ in range(40)]
        # A slow listener falls behind in each segment. Its last segments are complete when it requests them.
        listeners += [Listener(server, first, pause=0.2 + 0.1 * number) for number in range(15)]
        for listener in listeners:
            listener.start()
        while any(listener.is_alive() for listener in listeners):
            # These clients hang up in mid segment, mostly with unread sound in their buffers.
            leaving = [connect(server, narrow=number % 2 == 0) for number in range(10)]
            for connection in leaving:
                connection.request("GET", f"/live/{Playlist(server.get('/live-ll.m3u8')).recording.sequence}.mp3")
            time.sleep(0.3)
            for connection in leaving:
                connection.close()
        self.assertEqual([listener.error for listener in listeners if listener.error], [])
        for sequence in range(first, first + SEGMENTS):
            whole = server.get(f"/live/{sequence}.mp3")
            self.assertGreater(mp3.segment(whole).samples, 0)
            for number, listener in enumerate(listeners):
                self.assertTrue(listener.bodies[sequence] == whole, f"segment {sequence}, listener {number}")


class TLSFanout(Fanout):
    Certificate = Certificate


if __name__ == "__main__":
    unittest.main()
