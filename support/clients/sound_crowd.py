"""Many members of a room with sound, on plain sockets in one loop, so that they cost little beside the server.

A member masks with zeros: the bytes on the wire are those of the message (RFC 6455 §5.3 allows any key).
"""

import base64
import heapq
import json
import os
import select
import socket
import struct
import time

import numpy as np

from support.clients.sound_packet import CODECS, HEAD, SOUND, VERSION
from support.sound import signals
from support.sound.opus import FRAME, OpusEncoder
from support.sound.soundcard import RATE

_TEXT, _BINARY, _CLOSE, _PING, _PONG = 1, 2, 8, 9, 10
_PERIOD = FRAME / RATE


def speech(seconds, seed):
    """Noise with the spectrum and the syllables of speech, as Opus frames."""
    noise = signals.pink(round(seconds * RATE), seed)
    syllables = np.clip(np.sin(2 * np.pi * 4 * np.arange(len(noise)) / RATE), 0.05, 1)
    encoder = OpusEncoder()
    return [encoder.encode(0.5 * frame) for frame in (noise * syllables).reshape(-1, FRAME, 1)]


class CrowdMember:
    """One socket. `frames` are the frames that the member sends again and again; None for a muted member."""

    def __init__(self, server, room, name, form, frames):
        self.name, self._frames, self._data = name, frames, b""
        self._codec, self.sent = CODECS[form], 0
        # How many packets have come, how many are missing, and the longest time between two, in seconds.
        self.received, self.missing, self.worst = 0, 0, 0
        self.errors = []
        self._last, self._last_at = None, None
        self.socket = socket.create_connection((server.host, server.port), timeout=10)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall((
            f"GET /rooms/{room}/socket HTTP/1.1\r\nHost: {server.host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n").encode())
        while b"\r\n\r\n" not in self._data:
            self._data += self.socket.recv(4096)
        head, _, self._data = self._data.partition(b"\r\n\r\n")
        if b" 101 " not in head:
            raise AssertionError(head.decode())
        self.say(type="hello", name=name, sound=form)
        if frames is None:
            self.say(type="mute", on=True)
        self.socket.setblocking(False)

    def say(self, **message):
        self._send(_TEXT, json.dumps(message).encode())

    def talk(self):
        """Sends the next packet."""
        frame = self._frames[self.sent % len(self._frames)]
        self._send(_BINARY, HEAD.pack(VERSION, SOUND, self._codec, 0, self.sent, self.sent * FRAME) + frame)
        self.sent += 1

    def _send(self, kind, data):
        length = bytes([0x80 | len(data)]) if len(data) < 126 else struct.pack("!BH", 0x80 | 126, len(data))
        self.socket.send(bytes([0x80 | kind]) + length + bytes(4) + data)

    def read(self, now):
        """Reads all that has come."""
        try:
            data = self.socket.recv(1 << 16)
        except BlockingIOError:
            return
        if not data:
            raise AssertionError(f"the server has closed the socket of {self.name}: {self.errors}")
        self._data += data
        while len(self._data) >= 2:
            length, begin = self._data[1], 2
            if length == 126:
                length, begin = int.from_bytes(self._data[2:4], "big"), 4
            elif length == 127:
                length, begin = int.from_bytes(self._data[2:10], "big"), 10
            if len(self._data) < begin + length:
                return
            self._take(self._data[0] & 15, self._data[begin : begin + length], now)
            self._data = self._data[begin + length :]

    def _take(self, kind, message, now):
        if kind == _BINARY:
            sequence = int.from_bytes(message[4:8], "big")
            if self._last is not None:
                self.missing += sequence - self._last - 1
                self.worst = max(self.worst, now - self._last_at)
            self._last, self._last_at, self.received = sequence, now, self.received + 1
        elif kind == _PING:
            self._send(_PONG, message)
        elif kind == _CLOSE:
            self.errors.append(message[2:].decode())
        elif b'"type":"error"' in message:
            self.errors.append(message.decode())

    def forget(self):
        """Counts anew."""
        self.received = self.missing = self.worst = 0
        self._last = None


class SoundCrowd:
    """`talkers` members who talk, and `listeners` muted members."""

    def __init__(self, server, room, talkers, listeners, form="opus"):
        voices = [speech(4, seed) for seed in range(talkers)]
        self.members = [
            CrowdMember(server, room, f"m{number}", form, voices[number] if number < talkers else None)
            for number in range(talkers + listeners)]
        self._poll = select.epoll()
        self._by_descriptor = {member.socket.fileno(): member for member in self.members}
        for descriptor in self._by_descriptor:
            self._poll.register(descriptor, select.EPOLLIN)
        now = time.monotonic()
        # The talkers' clocks are not in step with each other.
        self._due = [(now + number * _PERIOD / talkers, number) for number in range(talkers)]
        # By how many seconds a packet was sent late at worst: the fault of this machine, not of the server.
        self.late = 0

    def run(self, seconds):
        """Talks and listens for some seconds."""
        end = time.monotonic() + seconds
        while (now := time.monotonic()) < end:
            while self._due and self._due[0][0] <= now:
                due, number = heapq.heappop(self._due)
                self.members[number].talk()
                self.late = max(self.late, now - due)
                heapq.heappush(self._due, (due + _PERIOD, number))
            timeout = max(0, self._due[0][0] - now) if self._due else 0.1
            for descriptor, _ in self._poll.poll(timeout):
                self._by_descriptor[descriptor].read(time.monotonic())

    def forget(self):
        """Counts anew from now on."""
        self.late = 0
        for member in self.members:
            member.forget()

    def close(self):
        self._poll.close()
        for member in self.members:
            member.socket.close()
