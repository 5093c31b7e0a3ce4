"""A relay of a real Icecast."""

import json
import unittest

import numpy as np

from support.sources.icecast_station import IcecastStation
from support.formats import mp3
from support.server import Server
from support.waiting import TIMEOUT, wait_until


class Case(unittest.TestCase):
    def relayed(self, form):
        station = self.enterContext(IcecastStation(form))
        server = self.enterContext(Server("--source", station.url, "--segment-length", 0.5, "--ring-size", 60))
        self.sounds(server, -12)
        return station, server

    def sounds(self, server, decibels):
        def holds():
            levels = server.information()["levels"]
            return levels and all(abs(level["rms"] - decibels) < 3 for level in levels)
        wait_until(holds, TIMEOUT, lambda: f"a level of {decibels}, but {server.information()}\n{server.log}")

    def assert_no_gap(self, server, seconds):
        first = server.wait_playlist().last
        last = server.wait_playlist(lambda playlist: playlist.last >= first + 2 * seconds).last
        entries = [entry for entry in server.playlist().entries if first < entry.sequence <= last]
        segments = [mp3.segment(server.get(f"/{entry.uri}")) for entry in entries]
        sound = mp3.decode(b"".join(segment.payload for segment in segments), 2)[2000:-2000, 0]
        blocks = sound[:len(sound) // 480 * 480].reshape(-1, 480)
        levels = np.sqrt(np.mean(blocks.astype(float) ** 2, axis=1))
        self.assertGreater(levels.min(), 0.9 * np.median(levels), server.log)


class MP3(Case):
    def test_mp3_is_heard_without_a_gap_with_its_titles_and_the_station_may_pause(self):
        station, server = self.relayed("mp3")
        station.set_title("Anna - Café")
        wait_until(
            lambda: json.loads(server.get("/live/metadata"))["title"] == "Anna - Café", TIMEOUT, lambda: server.log)
        self.assert_no_gap(server, 8)
        station.end()
        server.wait_log("error: source: http://127.0.0.1:[0-9]+/live: .*; silence is sent until it is back")
        station.begin()
        server.wait_log("source: back after")
        self.sounds(server, -12)


class Opus(Case):
    def test_ogg_opus_is_heard_without_a_gap(self):
        _, server = self.relayed("opus")
        self.assert_no_gap(server, 6)
