"""Source clients as a DJ has them: ffmpeg, and one of HTTP/1.0 over a bare socket."""

import base64
import socket
import ssl
import subprocess

from support import processes

PASSWORD = "hackme"

# The flags with which ffmpeg encodes for a source client. An Ogg page of 20 ms makes the sound come evenly.
FORMATS = {
    "mp3": ["-c:a", "libmp3lame", "-b:a", "128k", "-content_type", "audio/mpeg", "-f", "mp3"],
    "vorbis": ["-c:a", "libvorbis", "-page_duration", "20000", "-content_type", "application/ogg", "-f", "ogg"],
    "opus": ["-c:a", "libopus", "-b:a", "96k", "-page_duration", "20000", "-content_type", "audio/ogg", "-f", "ogg"],
    "flac": ["-c:a", "flac", "-content_type", "audio/flac", "-f", "flac"],
    "ogg-flac": ["-c:a", "flac", "-page_duration", "20000", "-content_type", "application/ogg", "-f", "ogg"],
    "aac": ["-c:a", "aac", "-content_type", "audio/aac", "-f", "adts"],
}


class FFmpeg:
    """ffmpeg pushes a sine until it is ended: in real time, or as fast as the server takes the sound."""

    def __init__(self, server, form="mp3", mount="/live", password=PASSWORD, user="source", rate=48000,
                 is_ahead=False):
        tls = ["-tls", "1", "-tls_verify", "0"] if server.certificate else []
        self.process = processes.start(
            ["ffmpeg", "-hide_banner", "-loglevel", "warning", *([] if is_ahead else ["-re"]), "-f", "lavfi", "-i",
             f"sine=frequency=1000:sample_rate={rate}", "-af", "volume=12dB", "-ac", "2", "-flush_packets", "1",
             *FORMATS[form], *tls, f"icecast://{user}:{password}@{server.host}:{server.port}{mount}"],
            stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        processes.end(self.process)
        self.process.stderr.close()

    def kill(self):
        """Ends ffmpeg without warning."""
        self.process.kill()
        self.process.wait()

    def refusal(self):
        """The messages with which a refused ffmpeg ends."""
        _, text = self.process.communicate(timeout=60)
        return text.decode()


class RawClient:
    """A source client over a socket. The head is sent as it is given."""

    def __init__(self, server, head, password=PASSWORD):
        self.socket = socket.create_connection((server.host, server.port), timeout=60)
        if server.certificate:
            context = ssl.create_default_context()
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            self.socket = context.wrap_socket(self.socket)
        key = base64.b64encode(f"source:{password}".encode()).decode()
        self.socket.sendall(head.replace("KEY", key).replace("\n", "\r\n").encode())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def answer(self):
        """The head of the server's answer."""
        head = b""
        while b"\r\n\r\n" not in head:
            piece = self.socket.recv(1)
            if not piece:
                break
            head += piece
        return head.decode()

    def rest(self):
        """Everything up to the end of the connection."""
        data = b""
        try:
            while piece := self.socket.recv(4096):
                data += piece
        except ConnectionResetError:
            pass
        return data.decode()
