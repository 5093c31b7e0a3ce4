"""The dashboard of deploy/grafana: Prometheus has data for each of its queries."""

import json
import math
import re
import tempfile
import unittest
from pathlib import Path

from support.clients.prometheus import Prometheus
from support.clients.webhook_receiver import Receiver
from support.server import ROOT, Server
from support.waiting import wait_until

DASHBOARD = json.loads((ROOT / "deploy/grafana/ringcast.json").read_text())
# The drift of a source's clock is known after five minutes.
EMPTY = {"ringcast_source_drift_ppm"}


def queries():
    """(title of the panel, expression)"""
    return [(panel["title"], target["expr"]) for panel in DASHBOARD["panels"] for target in panel.get("targets", [])]


def filled_in(expression, instance, stream=".*"):
    """The expression with the values of Grafana's variables."""
    return (expression.replace("$instance", instance).replace("$stream", stream)
            .replace("$__rate_interval", "10s"))


class Dashboard(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = cls.enterClassContext(tempfile.TemporaryDirectory(prefix="grafana."))
        receiver = cls.enterClassContext(Receiver())
        flags = ["--source", "tone", "--segment-length", 0.5, "--webhook", receiver.url]
        configuration = Path(folder, "ringcast.conf")
        configuration.write_text("[stream live]\n[stream hall]\n")
        cls.servers = {
            "two": cls.enterClassContext(Server(*flags, "--config", configuration)),
            "one": cls.enterClassContext(Server(*flags)),
        }
        for server in cls.servers.values():
            server.request("/missing")
        cls.prometheus = cls.enterClassContext(Prometheus(cls.servers))

    def data(self, expression):
        """The samples of an expression. A quotient whose divisor is still zero is no data."""
        return [sample for sample in self.prometheus.query(expression) if not math.isnan(sample[1])]

    def has_data(self, expression, title):
        return wait_until(lambda: self.data(expression), 20, f"data for {title!r}: {expression}")

    def test_each_query_has_data_of_two_streams_of_one_of_them_and_of_a_station_without_the_label(self):
        for title, expression in queries():
            if set(re.findall(r"ringcast_\w+", expression)) & EMPTY:
                self.data(filled_in(expression, "two"))
                continue
            with self.subTest(title):
                both = self.has_data(filled_in(expression, "two"), title)
                one = self.has_data(filled_in(expression, "two", "hall"), title)
                self.has_data(filled_in(expression, "one"), title)
                if "stream" in both[0][0]:
                    self.assertEqual({labels["stream"] for labels, _ in both}, {"live", "hall"})
                    self.assertEqual({labels["stream"] for labels, _ in one}, {"hall"})

    def test_the_variables_list_the_stations_and_the_streams(self):
        variables = {
            variable["name"]: variable["definition"] for variable in DASHBOARD["templating"]["list"]
            if variable["type"] == "query"}
        values = {}
        for name, definition in variables.items():
            selector, label = re.fullmatch(r"label_values\((.*), (\w+)\)", definition).groups()
            values[name] = set(self.prometheus.label_values(label, filled_in(selector, ".*")))
        self.assertEqual(values, {"instance": {"one", "two"}, "stream": {"live", "hall"}})

    def test_each_query_follows_the_variables_and_each_panel_has_a_place_of_its_own(self):
        for title, expression in queries():
            metrics = re.findall(r"(?:ringcast|process)_\w+", expression)
            self.assertEqual(expression.count('instance=~"$instance"'), len(metrics), title)
        places = set()
        for panel in DASHBOARD["panels"]:
            place = panel["gridPos"]
            cells = {
                (x, y) for x in range(place["x"], place["x"] + place["w"])
                for y in range(place["y"], place["y"] + place["h"])}
            self.assertFalse(places & cells, panel["title"])
            places |= cells
        self.assertEqual(len({panel["id"] for panel in DASHBOARD["panels"]}), len(DASHBOARD["panels"]))


if __name__ == "__main__":
    unittest.main()
