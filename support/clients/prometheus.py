"""Prometheus, which scrapes stations under test and answers queries about them."""

import json
import tempfile
import urllib.parse
import urllib.request
from pathlib import Path

from support import processes
from support.clients.webhook_receiver import free_port
from support.waiting import TIMEOUT, wait_until

_JOB = """\
- job_name: {name}
  scrape_interval: 500ms
  scrape_timeout: 500ms
  static_configs: [{{ targets: ["{host}:{port}"], labels: {{ instance: "{name}" }} }}]
  authorization: {{ credentials_file: {folder}/{name} }}
"""


class Prometheus:
    """To be used with `with`. `servers` is {name of the instance: server}."""

    def __init__(self, servers):
        self._folder = tempfile.TemporaryDirectory(prefix="prometheus.")
        folder = Path(self._folder.name)
        jobs = ""
        for name, server in servers.items():
            (folder / name).write_text(server.operator_token)
            jobs += _JOB.format(name=name, host=server.host, port=server.port, folder=folder)
        (folder / "prometheus.yml").write_text(f"scrape_configs:\n{jobs}")
        port = free_port()
        self._url = f"http://127.0.0.1:{port}/api/v1"
        try:
            self._log = open(folder / "log", "wb")
            self._process = processes.start([
                "prometheus", f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data",
                f"--web.listen-address=127.0.0.1:{port}"], stdout=self._log, stderr=self._log)
        except BaseException:
            self._folder.cleanup()
            raise
        self._servers = servers

    def __enter__(self):
        wait_until(self._has_scraped, TIMEOUT, lambda: (Path(self._folder.name) / "log").read_text())
        return self

    def __exit__(self, *_):
        processes.end(self._process)
        self._log.close()
        self._folder.cleanup()

    def _has_scraped(self):
        try:
            return len(self.query("up == 1")) == len(self._servers)
        except OSError:
            return False

    def query(self, expression):
        """[(labels, value)] at this moment."""
        data = self._ask("query", query=expression)
        return [(sample["metric"], float(sample["value"][1])) for sample in data["result"]]

    def label_values(self, name, selector):
        return self._ask(f"label/{name}/values", **{"match[]": selector})

    def _ask(self, path, **parameters):
        with urllib.request.urlopen(f"{self._url}/{path}?{urllib.parse.urlencode(parameters)}", timeout=TIMEOUT) as answer:
            return json.loads(answer.read())["data"]
