"""Janus, whose plug-in AudioBridge mixes the sound of a room and sends each member the mix without his own voice."""

import shutil
from pathlib import Path

from scripts.benchmarks.servers import Served, connects, free_port
from support.server import ROOT

_ROOM = 1234
_LIBRARY = "/usr/lib"


class Janus(Served):
    """The room has the defaults of Debian's package but for its sample rate, 48 kHz. `page` is a page that joins the
    room with the browser's microphone, and plays the mix."""

    name = "Janus"

    def __init__(self):
        super().__init__()
        port, web = free_port(), free_port()
        for kind, part in (("plugins", "audiobridge"), ("transports", "websockets")):
            folder = self.folder / kind
            folder.mkdir()
            library = next(Path(_LIBRARY).glob(f"*/janus/{kind}/libjanus_{part}.so"))
            (folder / library.name).symlink_to(library)
        (self.folder / "events").mkdir()
        (self.folder / "loggers").mkdir()
        (self.folder / "janus.jcfg").write_text(f"""
            general: {{
              configs_folder = "{self.folder}"
              plugins_folder = "{self.folder}/plugins"
              transports_folder = "{self.folder}/transports"
              events_folder = "{self.folder}/events"
              loggers_folder = "{self.folder}/loggers"
              debug_level = 4
            }}
        """)
        (self.folder / "janus.transport.websockets.jcfg").write_text(
            f'general: {{ ws = true\n ws_port = {port}\n ws_ip = "127.0.0.1" }}\n')
        (self.folder / "janus.plugin.audiobridge.jcfg").write_text(
            f'room-{_ROOM}: {{ description = "benchmark"\n sampling_rate = 48000 }}\n')
        child, log = self._start(["janus", "-F", self.folder, "-C", self.folder / "janus.jcfg", "-o"])
        self.pids = [child.pid]
        self._wait(lambda: connects(port), "Janus listens", log)
        pages = self.folder / "pages"
        shutil.copytree(ROOT / "scripts/benchmarks/talk/janus", pages)
        _, log = self._start(
            ["/usr/bin/python3", "-m", "http.server", web, "--bind", "127.0.0.1", "--directory", pages])
        self._wait(lambda: connects(web), "the page's server listens", log)
        self.page = f"http://127.0.0.1:{web}/?port={port}&room={_ROOM}"
