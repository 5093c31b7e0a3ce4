"""Caches in front of a server, configured by the files of deploy/ with other addresses. Each cache has a folder of its
own.

An edge is used with `with`, and serves when its constructor returns. It has the request methods of `Server`.
"""

import os
import socket
import subprocess
import tempfile
from pathlib import Path

from support import processes
from support.server import ROOT, Server
from support.waiting import wait_until

# Debian installs servers in a folder that is only in root's path.
_PATH = os.environ["PATH"] + ":/usr/sbin"


class Edge:
    """`origin` is the port of the server behind the cache. A subclass has `_configure`, which returns the command to
    run."""

    host = "127.0.0.1"
    _process = None
    connect, request, get = Server.connect, Server.request, Server.get
    playlist, wait_playlist = Server.playlist, Server.wait_playlist

    def __init__(self, origin, certificate=None):
        self.origin, self.certificate = origin, certificate
        self.port = _free_port()
        self.url = f"{'https' if certificate else 'http'}://{self.host}:{self.port}/"
        self._temporary = tempfile.TemporaryDirectory(prefix="edge.", ignore_cleanup_errors=True)
        self.folder = Path(self._temporary.name)
        self._command = self._configure()
        try:
            self.start()
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def start(self):
        with open(self.folder / "log", "ab") as file:
            self._process = processes.start(
                self._command, stdin=subprocess.DEVNULL, stdout=file, stderr=file, env=os.environ | {"PATH": _PATH})
        wait_until(self._answers, 30, lambda: f"{self.name} answers\n{self.log}")

    def stop(self):
        """Ends the cache. `start` starts it again, with the content that is on disk."""
        if self._process:
            processes.end(self._process)

    def close(self):
        self.stop()
        self._temporary.cleanup()

    @property
    def log(self):
        return "".join(path.read_text(errors="replace") for path in sorted(self.folder.glob("*log")))

    @property
    def pids(self):
        """The ids of the serving processes."""
        parent = self._process.pid
        return [parent, *map(int, Path(f"/proc/{parent}/task/{parent}/children").read_text().split())]

    def _answers(self):
        if self._process.poll() is not None:
            raise AssertionError(f"{self.name} ended during its start\n{self.log}")
        try:
            return self.request("/live.json")
        except OSError:
            return None


class Nginx(Edge):
    name = "nginx"
    # Connections of one client. All listeners of a test or of a benchmark have one address.
    clients = 20_000
    _file = "nginx/ringcast.conf"

    def _configure(self):
        (self.folder / "site.conf").write_text(_changed(self._file, self._changes()))
        (self.folder / "nginx.conf").write_text(f"""
            daemon off;
            worker_processes auto;
            worker_rlimit_nofile 20000;
            pid {self.folder}/pid;
            {"user root;" if os.geteuid() == 0 else ""}
            events {{ worker_connections 9000; }}
            http {{
              access_log off;
              keepalive_requests 1000000;
              client_body_temp_path {self.folder}/body;
              proxy_temp_path {self.folder}/proxy;
              fastcgi_temp_path {self.folder}/fastcgi;
              uwsgi_temp_path {self.folder}/uwsgi;
              scgi_temp_path {self.folder}/scgi;
              include {self.folder}/site.conf;
            }}
        """)
        return ["nginx", "-p", self.folder, "-c", self.folder / "nginx.conf", "-e", self.folder / "error.log"]

    def _changes(self):
        return {
            "127.0.0.1:8080": f"127.0.0.1:{self.origin}", "/var/cache/nginx": self.folder,
            "ringcast_clients 100;": f"ringcast_clients {self.clients};",
            # The comment in the file describes this change.
            "listen 80;": f"{self._address} ssl http2; {self._chain}" if self.certificate else f"{self._address};"}

    @property
    def _address(self):
        return f"listen {self.host}:{self.port} backlog=4096"

    @property
    def _chain(self):
        return f"ssl_certificate {self.certificate.chain}; ssl_certificate_key {self.certificate.key};"


class NginxBeforeVarnish(Nginx):
    """An nginx that only adds https; `origin` is the port of Varnish."""

    name = "nginx before Varnish"
    _file = "nginx/tls.conf"

    def _changes(self):
        return {
            "127.0.0.1:6081": f"127.0.0.1:{self.origin}", "listen 443": self._address,
            "ringcast_clients 100;": f"ringcast_clients {self.clients};",
            "/etc/ssl/radio/fullchain.pem": self.certificate.chain, "/etc/ssl/radio/privkey.pem": self.certificate.key}


class Varnish(Edge):
    name = "Varnish"

    def _configure(self):
        (self.folder / "site.vcl").write_text(_changed("varnish/ringcast.vcl", {'"8080"': f'"{self.origin}"'}))
        return ["varnishd", "-F", "-j", "none", "-n", self.folder / "varnish", "-a", f"{self.host}:{self.port}",
                "-f", self.folder / "site.vcl", "-s", "malloc,100m", "-p", "listen_depth=4096"]


def _changed(file, changes):
    """The text of a file of deploy/ with `changes` applied. The file must contain each old text exactly once."""
    text = (ROOT / "deploy" / file).read_text()
    for old, new in changes.items():
        if text.count(old) != 1:
            raise AssertionError(f"{file} contains {old} {text.count(old)} times")
        text = text.replace(old, str(new))
    return text


def _free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]
