"""The measured servers. Each one runs alone, in its own folder and on its own port of 127.0.0.1.

A server is used with `with`, and serves when its constructor returns. `pids` are the serving processes, without a
process that only produces the stream.
"""

import os
import pwd
import re
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from support import processes
from support.server import ROOT
from support.waiting import wait_until

BITRATE = 128
SEGMENTS = 4
# The sound of ffmpeg: a tone at the pace of the clock, or the default capture device.
TONE = ["-re", "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000"]
CARD = ["-f", "alsa", "-sample_rate", 48000, "-channels", 2, "-i", "default"]


class Served:
    def __init__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="bench.")
        self.folder = Path(self._folder.name)
        self._children = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        for child in reversed(self._children):
            processes.end(child)
        self._folder.cleanup()

    def address(self, mode):
        """The URL at which listeners of `mode` begin."""
        return self.url

    def _start(self, command, **options):
        """Starts a child that logs to a file in the folder. Returns the child and the file."""
        log = self.folder / f"{Path(command[0]).name}.log"
        with open(log, "ab") as file:
            child = processes.start(
                command, stdin=subprocess.DEVNULL, stdout=file, stderr=file, cwd=self.folder, **options)
        self._children.append(child)
        return child, log

    def _wait(self, condition, what, log):
        try:
            wait_until(condition, 30, lambda: f"{what}\n{log.read_text(errors='replace')}")
        except BaseException:
            self.close()
            raise


class Ringcast(Served):
    name = "ringcast"

    def __init__(self, *flags, source="tone", environment=None, certificate=None):
        super().__init__()
        context = certificate and certificate.context
        (self.folder / "index.html").write_text("<!doctype html><title>ringcast</title>\n")
        child, log = self._start(
            [ROOT / ".build/release/ringcast", "--source", source, "--bitrate", BITRATE, "--port", 0,
             "--sound-dir", self.folder / "sound", "--web-dir", self.folder,
             *(certificate.flags if certificate else []), *flags], env=environment)
        self.pids, self.log = [child.pid], log
        self.stream = self.folder / "sound/live"
        self._wait(lambda: re.search(r"https?://[^ ]+/", log.read_text()), "ringcast listens", log)
        self.url = re.search(r"https?://[^ ]+/", log.read_text())[0]
        self._wait(
            lambda: _segments(self.url + "live.m3u8", context) >= SEGMENTS, "ringcast has a few segments", log)

    def address(self, mode):
        return self.url + "live.mp3" if mode == "endless" else self.url


class FFmpegHLS(Served):
    """ffmpeg captures from a card and writes MPEG-TS segments of 2 s and their playlist into a folder for another
    server."""

    def __init__(self, environment):
        super().__init__()
        self.stream = self.folder / "live"
        self.stream.mkdir()
        _, log = self._start(
            ["ffmpeg", "-nostdin", "-loglevel", "error", *CARD, "-c:a", "libmp3lame", "-b:a", f"{BITRATE}k",
             "-f", "hls", "-hls_time", 2, "-hls_flags", "delete_segments", self.stream / "live.m3u8"], env=environment)
        self._wait(lambda: (self.stream / "live.m3u8").exists(), "ffmpeg has a playlist", log)


class Nginx(Served):
    """Serves the folder that `origin` writes; by default a ringcast, which has the same segments at the same time.
    Closes `origin`, too. With a certificate, a listener may choose HTTP/2."""
    name = "nginx"

    def __init__(self, origin=None, certificate=None):
        super().__init__()
        self._origin = origin or Ringcast()
        port = free_port()
        scheme, listening, context = "http", "", None
        if certificate:
            scheme, listening, context = "https", "ssl http2 ", certificate.context
            shutil.copy(certificate.chain, self.folder / "chain.pem")
            shutil.copy(certificate.key, self.folder / "key.pem")
        (self.folder / "nginx.conf").write_text(f"""
            daemon off;
            worker_processes auto;
            pid {self.folder}/pid;
            error_log {self.folder}/error.log error;
            {"user root;" if os.geteuid() == 0 else ""}
            events {{ worker_connections 20000; }}
            http {{
              access_log off;
              client_body_temp_path {self.folder}/body; proxy_temp_path {self.folder}/proxy;
              fastcgi_temp_path {self.folder}/fastcgi; uwsgi_temp_path {self.folder}/uwsgi;
              scgi_temp_path {self.folder}/scgi;
              sendfile on;
              tcp_nopush on;
              keepalive_requests 1000000;
              types {{ application/vnd.apple.mpegurl m3u8; audio/mpeg mp3; video/mp2t ts; }}
              server {{
                listen 127.0.0.1:{port} {listening}backlog=4096;
                {"ssl_certificate chain.pem; ssl_certificate_key key.pem;" if certificate else ""}
                ssl_protocols TLSv1.2 TLSv1.3;
                root {self._origin.stream};
                location = /listen.html {{ default_type text/html; return 200 '{_page("live.m3u8")}'; }}
              }}
            }}
        """)
        child, log = self._start(
            ["nginx", "-p", self.folder, "-c", self.folder / "nginx.conf", "-e", self.folder / "error.log"])
        self.url = f"{scheme}://127.0.0.1:{port}/live.m3u8"
        self.page = f"{scheme}://127.0.0.1:{port}/listen.html"
        self._wait(lambda: _segments(self.url, context) >= SEGMENTS, "nginx serves", log)
        self.pids = [child.pid, *_children(child.pid)]

    def close(self):
        super().close()
        self._origin.close()


class Icecast(Served):
    """Serves the stream that ffmpeg encodes, frame by frame."""
    name = "Icecast"

    def __init__(self, source=TONE, environment=None):
        super().__init__()
        web = self.folder / "web"
        web.mkdir()
        (web / "listen.html").write_text(_page("live.mp3"))
        port = free_port()
        (self.folder / "icecast.xml").write_text(f"""<icecast>
            <limits>
              <clients>100000</clients><sources>2</sources><queue-size>524288</queue-size>
              <client-timeout>30</client-timeout><header-timeout>15</header-timeout><source-timeout>10</source-timeout>
            </limits>
            <authentication><source-password>bench</source-password></authentication>
            <hostname>127.0.0.1</hostname>
            <listen-socket><port>{port}</port><bind-address>127.0.0.1</bind-address></listen-socket>
            <paths><basedir>{self.folder}</basedir><logdir>{self.folder}</logdir><webroot>{web}</webroot>
              <adminroot>/usr/share/icecast2/admin</adminroot></paths>
            <logging><accesslog>access.log</accesslog><errorlog>error.log</errorlog><loglevel>1</loglevel></logging>
          </icecast>
        """)
        options = {}
        if os.geteuid() == 0:
            # Icecast refuses to run as root.
            nobody = pwd.getpwnam("nobody")
            os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)
            options = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        child, log = self._start(["icecast2", "-c", self.folder / "icecast.xml"], **options)
        self.pids = [child.pid]
        self.url = f"http://127.0.0.1:{port}/live.mp3"
        self.page = f"http://127.0.0.1:{port}/listen.html"
        self._wait(lambda: connects(port), "Icecast listens", log)
        _, log = self._start(
            ["ffmpeg", "-nostdin", "-loglevel", "error", *source, "-ac", 2, "-c:a", "libmp3lame", "-b:a", f"{BITRATE}k",
             "-write_xing", 0, "-id3v2_version", 0,
             "-flush_packets", 1, "-content_type", "audio/mpeg", "-f", "mp3",
             f"icecast://source:bench@127.0.0.1:{port}/live.mp3"], env=environment)
        self._wait(lambda: _plays(self.url), "Icecast has a source", log)
        # Icecast fills the burst that each new listener gets.
        time.sleep(5)


def _page(source):
    """A page that plays `source` with an audio element."""
    return f'<!doctype html><title>{source}</title><audio controls autoplay src="{source}"></audio>'


def _segments(url, context=None):
    try:
        with urllib.request.urlopen(url, timeout=5, context=context) as response:
            return response.read().count(b"#EXTINF")
    except (urllib.error.URLError, OSError):
        return 0


def _plays(url):
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return len(response.read(1)) == 1
    except (urllib.error.URLError, OSError):
        return False


def connects(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _children(pid):
    """The ids of the child processes of `pid`."""
    def parent(stat):
        return int(stat[stat.rindex(")") + 2:].split()[1])
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            if parent(path.read_text(errors="replace")) == pid:
                found.append(int(path.parent.name))
        except (OSError, ValueError):
            pass  # The process has ended meanwhile.
    return found
