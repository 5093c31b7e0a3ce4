"""Many listeners on the segment that grows: quick ones, slow ones, and some that hang up."""

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
        # Both ends hold some ten kilobytes, less than a second of sound: the sender's goes by the size of segments.
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
    plain.connect((server.host, server.port))
    secure = server.certificate and server.certificate.context.wrap_socket(plain, server_hostname=server.host)
    connection.sock = secure or plain
    return connection


class Listener(threading.Thread):
    """Gets a few segments on one connection; a slow one does not read for a while in each of them."""

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

    def test_each_gets_every_byte_whatever_the_others_do(self):
        certificate = self.Certificate and self.enterContext(self.Certificate())
        server = self.enterContext(
            Server("--source", "tone", "--segment-length", 1, "--bitrate", 320, certificate=certificate))
        server.wait_playlist()
        first = Playlist(server.get("/live-ll.m3u8")).open.sequence + 1
        listeners = [Listener(server, first) for _ in range(40)]
        # A slow one falls behind within a segment, and its last ones are complete when it asks for them.
        listeners += [Listener(server, first, pause=0.2 + 0.1 * number) for number in range(15)]
        for listener in listeners:
            listener.start()
        while any(listener.is_alive() for listener in listeners):
            # These hang up in mid segment, mostly with sound that was sent and not read.
            leaving = [connect(server, narrow=number % 2 == 0) for number in range(10)]
            for connection in leaving:
                connection.request("GET", f"/live/{Playlist(server.get('/live-ll.m3u8')).open.sequence}.mp3")
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
