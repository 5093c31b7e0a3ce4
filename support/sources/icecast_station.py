"""Debian's Icecast as another station, with ffmpeg as its source."""

import os
import pwd
import subprocess
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

from support import processes
from support.sources.endless_station import FORMATS
from support.clients.webhook_receiver import free_port
from support.waiting import TIMEOUT, wait_until


class IcecastStation:
    """To be used with `with`. `url` is the address of the stream, a sine with a level of -12 dB."""

    def __init__(self, form="mp3"):
        self._folder = tempfile.TemporaryDirectory(prefix="icecast.")
        folder = Path(self._folder.name)
        self.port, self._form = free_port(), form
        self.url = f"http://127.0.0.1:{self.port}/live"
        (folder / "icecast.xml").write_text(f"""<icecast>
            <limits><clients>20</clients><sources>2</sources><burst-size>65536</burst-size></limits>
            <authentication><source-password>test</source-password><admin-user>admin</admin-user>
              <admin-password>test</admin-password></authentication>
            <hostname>127.0.0.1</hostname>
            <listen-socket><port>{self.port}</port><bind-address>127.0.0.1</bind-address></listen-socket>
            <paths><basedir>{folder}</basedir><logdir>{folder}</logdir><webroot>/usr/share/icecast2/web</webroot>
              <adminroot>/usr/share/icecast2/admin</adminroot></paths>
            <logging><accesslog>access.log</accesslog><errorlog>error.log</errorlog></logging>
          </icecast>""")
        options = {}
        if os.geteuid() == 0:
            # Icecast refuses to run as root.
            nobody = pwd.getpwnam("nobody")
            os.chown(folder, nobody.pw_uid, nobody.pw_gid)
            options = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        self._icecast = processes.start(
            ["icecast2", "-c", folder / "icecast.xml"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)
        self._source = None
        try:
            wait_until(lambda: self._status("/") is not None, TIMEOUT, lambda: "Icecast listens")
            self.begin()
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def begin(self):
        """ffmpeg begins to send."""
        flags, kind = FORMATS[self._form]
        self._source = processes.start(
            ["ffmpeg", "-nostdin", "-loglevel", "error", "-re", "-f", "lavfi", "-i",
             "sine=frequency=1000:sample_rate=48000", "-af", "volume=12dB", "-ac", "2", "-flush_packets", "1",
             *flags[:-2], "-content_type", kind, *flags[-2:],
             f"icecast://source:test@127.0.0.1:{self.port}/live"])
        wait_until(lambda: self._status("/live") == 200, TIMEOUT, lambda: "Icecast has a source")

    def end(self):
        """ffmpeg ends."""
        processes.end(self._source)

    def set_title(self, title):
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/admin/metadata?mount=/live&mode=updinfo&charset=UTF-8&song="
            + urllib.request.quote(title))
        request.add_header("Authorization", "Basic YWRtaW46dGVzdA==")
        urllib.request.urlopen(request, timeout=TIMEOUT).close()

    def _status(self, path):
        """The status of an answer; None without one."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return None

    def close(self):
        for process in (self._source, self._icecast):
            if process:
                processes.end(process)
        self._folder.cleanup()
