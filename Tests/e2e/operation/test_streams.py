"""Several streams in one station, from a configuration file with sections."""

import json
import signal
import tempfile
import unittest
from pathlib import Path

import numpy as np

from support import processes
from support.formats import hls
from support.formats.head import Head
from support.formats.metrics import Metrics
from support.formats.wav import wav
from support.server import ROOT, Server, program, refusal
from support.waiting import TIMEOUT, wait_until

SETTINGS = """\
segment-length = 0.5
part-length = 0.1

[stream live]
source = tone

[stream hall]
source = file:{file}
bitrate = 64
"""


FLAGS = ["--segment-length", "0.5", "--part-length", "0.1"]
MARKUP = """</title>"'><script>alert(1)</script>&amp;"""


class Station(unittest.TestCase):
    """Several streams from the command line, and the names of the station."""

    def server(self, *flags):
        return self.enterContext(Server(*FLAGS, *flags))

    def station(self, server, path="/station.json", **headers):
        return json.loads(server.get(path, headers))

    def wait_for_sound(self, server, *names):
        def sounding():
            streams = {stream["name"]: stream for stream in self.station(server)["streams"]}
            return all(streams[name]["state"] != "starting" for name in names)
        wait_until(sounding, TIMEOUT, lambda: f"sound\n{server.log}")

    def test_flags_behind_a_stream_are_that_stream_s(self):
        server = self.server(
            "--source", "tone", "--bitrate", 96, "--name", "Radio Example", "--homepage", "https://radio.example/",
            "--stream", "hall", "--bitrate", 64, "--name", "The Hall", "--genre", "Jazz", "--stream", "tower")
        self.wait_for_sound(server, "hall", "tower")
        for name, bits in (("hall", 64_000), ("tower", 96_000)):
            self.assertEqual(json.loads(server.get(f"/{name}.json"))["bitrate"], bits)
        self.assertEqual(server.request("/live.json").status, 404)
        station = self.station(server)
        texts = {key: value for key, value in station.items() if key != "streams"}
        self.assertEqual(texts, {
            "name": "Radio Example", "description": None, "genre": None, "homepage": "https://radio.example/",
            "logo": None, "accent": None})
        hall, tower = station["streams"]
        self.assertEqual(hall, {
            "name": "hall", "title": "The Hall", "description": None, "genre": "Jazz", "homepage": None,
            "logo": None, "accent": None, "on_air": True, "state": "live", "now_playing": None, "listeners": 0,
            "page": "hall",
            "playlist": "hall.m3u8", "low_latency_playlist": "hall-ll.m3u8", "endless": "hall.mp3"})
        self.assertEqual((tower["name"], tower["title"]), ("tower", None))
        for key in ("page", "playlist", "low_latency_playlist", "endless"):
            self.assertEqual(server.request(f"/{hall[key]}", "HEAD").status, 200, key)
        names = {name: server.request(f"/{name}.mp3", "HEAD").headers["icy-name"] for name in ("hall", "tower")}
        self.assertEqual(names, {"hall": "The Hall", "tower": "Radio Example - tower"})
        head = server.request("/hall.mp3", "HEAD").headers
        self.assertEqual((head["icy-genre"], head["icy-url"]), ("Jazz", "https://radio.example/"))

    def test_with_several_streams_the_station_has_a_page_and_each_stream_a_player(self):
        server = self.server("--source", "tone", "--name", "Radio Example", "--stream", "hall", "--stream", "tower")
        front = Head(server.get("/"))
        self.assertEqual((front.title, front.meta.get("ringcast-stream")), ("Radio Example", None))
        self.assertEqual(server.get("/"), server.get("/station.html"))
        self.assertEqual(server.get("/?stream="), server.get("/"))
        # For a browser without JavaScript.
        self.assertIn(b'<li>tower: <a href="tower.m3u8">HLS</a>, <a href="tower.mp3">MP3</a></li>', server.get("/"))
        for path in ("/tower", "/?stream=tower", "/index.html?stream=tower"):
            page = Head(server.get(path))
            self.assertEqual((page.title, page.meta["ringcast-stream"]), ("tower · Radio Example", "tower"))
            self.assertEqual((page.meta["og:title"], page.meta["og:site_name"]), ("tower", "Radio Example"))
        self.assertEqual(server.request("/live").status, 404)
        answer = server.request("/tower", headers={"Accept-Encoding": "gzip"})
        self.assertEqual(answer.headers["Content-Encoding"], "gzip")
        again = server.request("/tower", headers={"Accept-Encoding": "gzip", "If-None-Match": answer.headers["ETag"]})
        self.assertEqual(again.status, 304)

    def test_with_one_stream_the_front_is_its_player(self):
        server = self.server("--source", "tone")
        page = Head(server.get("/"))
        self.assertEqual((page.title, page.meta["ringcast-stream"]), ("ringcast", "live"))
        self.assertEqual(server.get("/"), server.get("/live"))
        self.assertEqual(json.loads(server.get("/ringcast.webmanifest"))["name"], "ringcast")

    def test_markup_in_a_text_stays_text(self):
        server = self.server(
            "--source", "tone", "--rooms", "--name", MARKUP, "--description", MARKUP, "--genre", MARKUP,
            "--icy-encoding", "latin1", "--stream", "hall", "--name", "Café " + MARKUP, "--stream", "tower")
        self.wait_for_sound(server, "hall")
        plain = self.server("--source", "tone", "--rooms", "--description", "x", "--stream", "hall", "--stream", "tower")
        for path, title, description in (
            ("/", MARKUP, MARKUP), ("/hall", f"Café {MARKUP} · {MARKUP}", MARKUP), ("/tower", f"tower · {MARKUP}", MARKUP),
            ("/rooms/list.html", f"Rooms · {MARKUP}", None), ("/index.html", f"Café {MARKUP} · {MARKUP}", MARKUP),
        ):
            content = server.get(path)
            page = Head(content)
            self.assertEqual(page.elements, Head(plain.get(path)).elements, path)
            self.assertNotIn(b"<script>alert", content)
            self.assertEqual(page.title, title)
            self.assertEqual(page.meta["og:site_name"], MARKUP)
            described = (page.meta.get("description"), page.meta.get("og:description"))
            self.assertEqual(described, (description, description), path)
        manifest = json.loads(server.get("/ringcast.webmanifest"))
        self.assertEqual((manifest["name"], manifest["short_name"], manifest["description"]), (MARKUP,) * 3)
        station = self.station(server)
        self.assertEqual((station["name"], station["streams"][0]["title"]), (MARKUP, "Café " + MARKUP))
        head = server.request("/hall.mp3", "HEAD").headers
        # http.client reads header fields as ISO 8859-1.
        self.assertEqual((head["icy-name"], head["icy-genre"]), ("Café " + MARKUP, MARKUP))

    def test_the_list_answers_a_client_that_asks_again(self):
        server = self.server("--source", "tone", "--stream", "a")
        self.wait_for_sound(server, "a")
        answer = server.request("/station.json")
        self.assertEqual(answer.headers["Cache-Control"], "no-cache")
        again = server.request("/station.json", headers={"If-None-Match": answer.headers["ETag"]})
        self.assertEqual((again.status, again.body), (304, b""))
        self.assertEqual(server.request("/station.json", "PUT", body=b"").status, 405)

    def test_the_list_says_what_plays_and_what_has_ended(self):
        with tempfile.TemporaryDirectory(prefix="streams.") as folder:
            sound = Path(folder, "a.wav")
            sound.write_bytes(wav(0.3 * np.ones((24000, 1)), 48000))
            server = self.server("--stream", "live", "--source", "tone", "--stream", "file", "--source", f"file:{sound}")
            self.assertEqual(server.set_now_playing(server.operator_token, title="Bolero").status, 204)
            wait_until(
                lambda: [stream["state"] for stream in self.station(server)["streams"]] == ["live", "ended"], TIMEOUT,
                lambda: f"the end of the file: {self.station(server)}")
            live, file = self.station(server)["streams"]
            self.assertEqual(live["now_playing"], {"title": "Bolero", "artist": None})
            self.assertEqual((live["on_air"], file["on_air"]), (True, False))

    def test_a_private_port_tells_other_sites_no_name(self):
        server = self.server("--source", "tone", "--name", "Radio Example", "--stream", "hall", "--stream", "tower")
        for headers in ({"Host": "rebound.example"}, {"Origin": "https://other.example"}):
            for path in ("/", "/index.html", "/station.html", "/ringcast.webmanifest", "/?stream=hall", "/status.html"):
                answer = server.request(path, headers=headers)
                self.assertEqual(answer.status, 200, path)
                self.assertNotIn(b"Radio Example", answer.body)
                self.assertNotIn(b"hall", answer.body)
            for path in ("/hall", "/tower", "/station.json"):
                self.assertEqual(server.request(path, headers=headers).status, 403)

    def test_a_stream_with_a_token_of_its_own_lets_in_no_other(self):
        station, hall = "open-sesame", "hall-sesame"
        server = self.server(
            "--source", "tone", "--listen-token", station, "--stream", "tower", "--stream", "hall", "--listen-token", hall)

        def status(stream, token):
            return server.request(f"/{stream}.json?token={token}").status
        self.assertEqual([status("hall", token) for token in (hall, station, "")], [200, 401, 401])
        self.assertEqual([status("tower", token) for token in (hall, station, "")], [401, 200, 401])
        # The server holds this request until there is a segment.
        playlist = hls.read(server.get("/hall.m3u8", {"Authorization": f"Bearer {hall}"}))
        segment = f"/{playlist.entries[-1].uri}"
        for path in (
            "/hall.json", "/hall.m3u8", "/hall-ll.m3u8", segment, "/hall.mp3", "/hall.m3u", "/hall.pls", "/hall/metadata",
        ):
            statuses = [server.request(f"{path}?token={token}", "HEAD").status for token in (hall, station)]
            self.assertEqual(statuses, [200, 401], path)
        cookies = [
            server.request(f"/{stream}.json?token={token}").headers["Set-Cookie"].split(";")[0]
            for stream, token in (("tower", station), ("hall", hall))]
        for stream in ("tower", "hall"):
            self.assertEqual(server.request(f"/{stream}.json", headers={"Cookie": "; ".join(cookies)}).status, 200)

        def seen(**headers):
            streams = self.station(server, **headers)["streams"]
            return [stream["name"] for stream in streams if "playlist" in stream], [
                stream["name"] for stream in streams if stream.get("private")]
        self.assertEqual(seen(), ([], ["tower", "hall"]))
        self.assertEqual(seen(Authorization=f"Bearer {hall}"), (["hall"], ["tower"]))
        self.assertEqual(seen(Cookie="; ".join(cookies)), (["tower", "hall"], []))
        answer = server.request("/station.json")
        self.assertEqual(answer.headers["Cache-Control"], "private, no-cache")
        # The page of the station takes the token out of its address: the answer sets the cookie.
        for token, cookie in zip((station, hall), cookies):
            answer = server.request(f"/station.json?token={token}")
            kept = [field.split(";")[0] for field in answer.headers.get_all("Set-Cookie")]
            self.assertEqual((kept, answer.headers["Cache-Control"]), ([cookie], "private, no-store"))
        self.assertIsNone(server.request("/station.json?token=wrong-sesame").headers["Set-Cookie"])
        # A token of one stream leaves the cookie of the other valid.
        for token in (hall, "wrong-sesame"):
            streams = json.loads(server.get(f"/station.json?token={token}", {"Cookie": "; ".join(cookies)}))["streams"]
            self.assertFalse(any(stream.get("private") for stream in streams), token)
        # The page asks for the token.
        self.assertEqual(Head(server.get("/hall")).meta["ringcast-stream"], "hall")
        self.assertNotIn(hall, server.log)

    def test_one_stream_with_a_token_leaves_a_private_port_private(self):
        server = self.server("--source", "tone", "--stream", "tower", "--stream", "hall", "--listen-token", "hall-sesame")
        self.assertEqual(server.request("/tower.json").status, 200)
        self.assertEqual(server.request("/hall.json").status, 401)
        for stream in ("tower", "hall"):
            answer = server.request(f"/{stream}.json?token=hall-sesame", headers={"Origin": "https://other.example"})
            self.assertEqual(answer.status, 403)

    def test_a_token_file_of_a_stream_is_reread(self):
        with tempfile.TemporaryDirectory(prefix="tokens.") as folder:
            file = Path(folder, "tokens")
            file.write_text("early-token\n")
            file.chmod(0o600)
            server = self.server("--source", "tone", "--stream", "hall", "--listen-token-file", file)
            self.assertEqual(server.request("/hall.json?token=early-token").status, 200)
            file.write_text("later-token\n")
            server.process.send_signal(signal.SIGHUP)
            server.wait_log("reload: done")
            statuses = [server.request(f"/hall.json?token={when}-token").status for when in ("early", "later")]
            self.assertEqual(statuses, [401, 200])

    def test_a_mistake_names_the_flag(self):
        self.assertIn("--stream status: its name must be none of the program's own", refusal("--stream", "status"))
        self.assertIn("--stream a: --bitrate 33: it must be", refusal("--stream", "a", "--bitrate", "33"))
        self.assertIn("--port: it is a setting of the whole station", refusal("--stream", "a", "--port", "80"))


class Streams(unittest.TestCase):
    def configuration(self, seconds, text=SETTINGS):
        """The path of a configuration file whose WAV file lasts this long."""
        folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="streams.")))
        time = np.arange(int(seconds * 48000)) / 48000
        (folder / "hall.wav").write_bytes(wav(0.3 * np.sin(2 * np.pi * 300 * time)[:, None], 48000))
        (folder / "ringcast.conf").write_text(text.format(file=folder / "hall.wav"))
        return folder / "ringcast.conf"

    def playlist(self, server, name, condition=lambda playlist: True):
        def look():
            response = server.request(f"/{name}.m3u8")
            playlist = hls.read(response.body) if response.status == 200 else None
            return playlist if playlist and condition(playlist) else None
        return wait_until(look, TIMEOUT, lambda: f"the playlist of {name}\n{server.log}")

    def test_each_has_its_playlist_its_folder_and_its_figures_and_one_that_ends_leaves_the_other_on_air(self):
        server = self.enterContext(Server("--config", self.configuration(3)))
        for name, bits in (("live", 128_000), ("hall", 64_000)):
            playlist = self.playlist(server, name)
            self.assertEqual({entry.uri.split("/")[0] for entry in playlist.entries}, {name})
            self.assertTrue(server.get(f"/{playlist.entries[-1].uri}"))
            self.assertEqual(server.request(f"/{name}-ll.m3u8").status, 200)
            description = json.loads(server.get(f"/{name}.json"))
            self.assertEqual((description["stream"], description["bitrate"]), (name, bits))
            # The file is written after the playlist in memory.
            file = server.sound / name / f"{name}.m3u8"
            wait_until(file.exists, TIMEOUT, lambda file=file: f"{file}\n{server.log}")
        self.assertEqual(server.request("/tower.m3u8").status, 404)
        self.assertEqual(server.set_now_playing(server.operator_token, title="Bolero").status, 204)
        self.assertEqual(json.loads(server.get("/live/metadata"))["title"], "Bolero")
        self.assertEqual(json.loads(server.get("/hall/metadata"))["title"], None)

        ended = self.playlist(server, "hall", lambda playlist: playlist.ended)
        before = self.playlist(server, "live").last
        after = self.playlist(server, "live", lambda playlist: playlist.last >= before + 3)
        self.assertFalse(after.ended)
        self.assertEqual(self.playlist(server, "hall").last, ended.last)
        self.assertRegex(server.log, r"hall: stream: the input has ended")

        status = json.loads(server.operator_get("/status"))
        self.assertEqual([stream["name"] for stream in status["streams"]], ["live", "hall"])
        first, second = status["streams"]
        self.assertEqual((status["stream"]["stream"], status["ring"]["first"] > 0), ("live", True))
        self.assertEqual((first["stream"]["source"], second["stream"]["source"]), ("tone", "file"))
        self.assertEqual((first["stream"]["ended"], second["stream"]["ended"]), (False, True))
        self.assertEqual((first["playing"]["title"], second["playing"]["title"]), ("Bolero", None))
        self.assertEqual(second["ring"]["last"], ended.last)
        for key in ("stream", "playing", "source", "production", "ring", "disk"):
            self.assertEqual(status[key].keys(), first[key].keys())

        metrics = Metrics(server)
        self.assertEqual(metrics['ringcast_stream_ended{stream="live"}'], 0)
        self.assertEqual(metrics['ringcast_stream_ended{stream="hall"}'], 1)
        self.assertEqual(metrics['ringcast_ring_last_sequence{stream="hall"}'], ended.last)
        self.assertEqual(metrics['ringcast_source_info{kind="file",stream="hall"}'], 1)
        self.assertGreaterEqual(metrics['ringcast_sessions_total{stream="live"}'], 1)
        checked = processes.run(["promtool", "check", "metrics"], input=metrics.text.encode())
        self.assertEqual((checked.returncode, checked.stdout, checked.stderr), (0, b"", b""))

        status, seconds = server.stop()
        self.assertEqual(status, 0, server.log)
        self.assertLess(seconds, 2)

    def test_who_listens_to_one_is_no_listener_of_the_other(self):
        server = self.enterContext(Server("--config", self.configuration(60)))
        radio = server.connect(TIMEOUT)
        self.addCleanup(radio.close)
        self.playlist(server, "hall")
        radio.request("GET", "/hall.mp3")
        # The response holds the connection: without it the listener is gone.
        response = radio.getresponse()
        self.addCleanup(response.close)
        self.assertGreater(len(response.read(20_000)), 0)

        def listeners():
            return [stream["listeners"]["endless"] for stream in json.loads(server.operator_get("/status"))["streams"]]
        wait_until(lambda: listeners() == [0, 1], TIMEOUT, lambda: f"one listener of the hall, not {listeners()}")

    def test_it_exits_at_the_end_when_the_last_input_has_ended(self):
        text = "exit-at-end\nsegment-length = 0.5\npart-length = 0.1\n[stream a]\nsource = file:{file}\n[stream b]\nsource = file:{file}\n"
        with tempfile.TemporaryDirectory(prefix="sound.") as folder:
            result = processes.run([
                program(), "--config", self.configuration(1, text), "--port", "0", "--sound-dir", folder,
                "--web-dir", ROOT / "web"])
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertEqual(result.stderr.count(b"the input has ended"), 2)
            self.assertEqual(sorted(path.name for path in Path(folder).iterdir() if path.is_dir()), ["a", "b"])

    def test_an_error_in_one_names_it_and_nothing_stays_behind(self):
        text = "[stream a]\nsource = tone\n[stream b]\nsource = file:/etc/passwd\n"
        with tempfile.TemporaryDirectory(prefix="sound.") as folder:
            result = processes.run([
                program(), "--config", self.configuration(1, text), "--port", "0", "--sound-dir", folder,
                "--web-dir", ROOT / "web"])
            self.assertEqual(result.returncode, 1)
            self.assertRegex(result.stderr.decode(), r"stream b: .*/etc/passwd")

    def test_a_section_that_is_wrong_is_refused_with_its_line(self):
        path = self.configuration(1, "[stream hall]\nsource = tone\nport = 80\n")
        self.assertIn(f"{path}:3: port: it is a setting of the whole station", refusal("--config", path))
        path = self.configuration(1, "\n[stream status]\n")
        self.assertIn(f"{path}:2: stream status: its name must be none of the program's own", refusal("--config", path))


if __name__ == "__main__":
    unittest.main()
