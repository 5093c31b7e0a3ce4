"""Recordings: the files are the stream bit for bit, whole after a crash, and served as listeners may have them."""

import json
import re
import signal
import tempfile
import unittest
from pathlib import Path

from support import processes
from support.clients.segment_collector import SegmentCollector
from support.formats import mp3
from support.machine.disk import Disk, InjectedCalls
from support.server import Server
from support.waiting import TIMEOUT, wait_until

FLAGS = ["--source", "tone", "--segment-length", "0.5", "--ring-size", 10]
# The tag in front of the frames.
TAG = 65536


class Case(unittest.TestCase):
    def setUp(self):
        folder = self.enterContext(tempfile.TemporaryDirectory(prefix="recordings."))
        self.folder = Path(folder, "made", "by ringcast")

    def begin(self, *flags, length=4, folder=None, **options):
        self.server = self.enterContext(
            Server(*FLAGS, "--record", folder or self.folder, "--record-length", length, *flags, **options))
        return self.server

    def files(self):
        """The recordings, the oldest first."""
        # The second of two that begin within a second has "-2" behind the date.
        return sorted(self.folder.glob("*.mp3"), key=lambda path: path.stem)

    def listed(self, headers=None):
        return json.loads(self.server.get("/recordings.json", headers))["recordings"]

    def wait_listed(self, count):
        return wait_until(
            lambda: len(found := self.listed()) >= count and found, TIMEOUT,
            lambda: f"{count} recordings are listed\n{self.server.log}")

    def wait_sound(self, size, number=1):
        """Waits until recording `number` has some sound."""
        def look():
            files = self.files()
            return len(files) >= number and files[number - 1].stat().st_size > TAG + size
        wait_until(look, TIMEOUT, lambda: f"{self.files()} have sound\n{self.server.log}")


def probe(path):
    """The tag of a recording as ffprobe reads it."""
    result = processes.run([
        "ffprobe", "-v", "error", "-show_chapters", "-show_format", "-of", "json", path])
    if result.returncode != 0 or result.stderr:
        raise AssertionError(result.stderr.decode())
    return json.loads(result.stdout)


def frames(path):
    """The frames of a recording; each of them is whole."""
    body = path.read_bytes()[TAG:]
    for _ in mp3.walk(body):
        pass
    return body


class Truth(Case):
    def test_the_files_joined_are_the_segments_joined_and_each_cut_is_at_a_part(self):
        self.begin()
        collector = SegmentCollector(self.server)
        collector.follow(lambda _: len(self.files()) >= 4 and self.wait_listed(3))
        self.server.stop()
        segments = b"".join(segment.payload for segment in collector.parsed())
        files = self.files()
        recorded = b"".join(frames(path) for path in files)
        # The recordings end with the stream; the collector has seen the segments up to an earlier one.
        self.assertGreater(len(segments), 100_000)
        self.assertEqual(recorded[:len(segments)], segments)
        for path in files[1:]:
            self.assertRegex(path.name, r"^live-\d{4}(-\d\d){2}T\d\d-\d\d-\d[02468][+-]\d{4}(-2)?\.mp3$")
            # A frame that leans on none before has no pointer back into the bit reservoir.
            self.assertEqual(frames(path)[4], 0)
        # Each recording but the first and the last is four seconds long, but for half a part at each end.
        for path in files[1:-1]:
            self.assertAlmostEqual(float(probe(path)["format"]["duration"]), 4, delta=0.35)

    def test_ffprobe_reads_the_titles_as_chapters_with_their_times(self):
        token = "operator-token"
        self.begin("--admin-token", token, length=86400)
        self.wait_sound(5_000)
        for number, title in enumerate(("One", "Zwei – “ü” 猫", "Three")):
            self.assertIn(self.server.set_now_playing(token, title=title, artist="Ann").status, (200, 204))
            wait_until(
                lambda: len(probe(self.files()[0])["chapters"]) > number, TIMEOUT, "the title is a chapter at once")
        self.server.stop()
        path, = self.files()
        found = probe(path)
        chapters = found["chapters"]
        self.assertEqual(
            [chapter["tags"]["title"] for chapter in chapters], ["Ann - One", "Ann - Zwei – “ü” 猫", "Ann - Three"])
        times = [(float(chapter["start_time"]), float(chapter["end_time"])) for chapter in chapters]
        self.assertEqual([end for _, end in times[:-1]], [start for start, _ in times[1:]])
        self.assertAlmostEqual(times[-1][1], float(found["format"]["duration"]), delta=0.6)
        tags = found["format"]["tags"]
        self.assertEqual(tags["artist"], "live")
        self.assertRegex(path.name, re.escape(tags["RECORDED"].replace(":", "-")[:19]))
        cue = path.with_suffix(".cue").read_text()
        self.assertIn(f'FILE "{path.name}" MP3', cue)
        self.assertIn('TITLE "Ann - Three"', cue)


class Crash(Case):
    def test_a_killed_recording_is_whole_after_the_restart_and_the_sound_goes_on_in_a_new_file(self):
        self.begin(length=86400)
        collector = SegmentCollector(self.server)
        collector.follow(lambda collector: len(collector.segments) >= 6)
        heard = b"".join(segment.payload for segment in collector.parsed())
        self.server.kill()
        path, = self.files()
        left = path.read_bytes()
        # Everything that a listener had as a segment a moment ago is in the file: at most the newest part is lost.
        self.assertGreaterEqual(len(left) - TAG, len(heard) - 2 * 16_000)
        # A power failure cuts a frame in two.
        path.write_bytes(left[:-100] + b"\xff\xfb")
        self.begin(length=86400)
        recording, = self.wait_listed(1)
        self.server.wait_log("was cut off; it is whole up to there")
        body = frames(path)
        self.assertTrue(left[TAG:].startswith(body))
        self.assertGreater(len(body), len(left) - TAG - 700)
        self.assertEqual(recording["url"], f"/recordings/{path.name}")
        self.assertAlmostEqual(recording["length"], float(probe(path)["format"]["duration"]), delta=0.1)
        self.wait_sound(1000, 2)
        self.server.stop()
        self.assertEqual(len(self.files()), 2)
        # The file that was mended is not touched again.
        before = path.stat().st_mtime_ns
        self.begin(length=86400)
        self.wait_listed(2)
        self.assertEqual(path.stat().st_mtime_ns, before)

    def test_files_of_others_and_links_are_left_alone(self):
        self.folder.mkdir(parents=True)
        secret = self.folder.parent / "secret"
        secret.write_bytes(b"ID3 not yours")
        named = self.folder / "live-2026-01-01T00-00-00+0000.mp3"
        named.symlink_to(secret)
        foreign = self.folder / "live-2026-01-01T01-00-00+0000.mp3"
        foreign.write_bytes(b"not a recording")
        other = self.folder / "song.mp3"
        other.write_bytes(b"ID3")
        self.begin()
        self.wait_listed(1)
        self.server.stop()
        self.assertEqual(secret.read_bytes(), b"ID3 not yours")
        self.assertEqual(foreign.read_bytes(), b"not a recording")
        self.assertEqual(other.read_bytes(), b"ID3")
        self.assertTrue(named.is_symlink())


class Trouble(Case):
    def problems(self):
        return [line for line in self.server.log.splitlines() if " error: " in line or " warning: " in line]

    def start(self, disk):
        self.disk = self.enterContext(disk)
        self.folder = self.disk.path / "recordings"
        self.begin(length=86400)
        self.collector = SegmentCollector(self.server)
        self.collect(4)

    def collect(self, count):
        wanted = len(self.collector.segments) + count
        self.collector.follow(lambda collector: len(collector.segments) >= wanted)

    def test_a_full_disk_is_one_line_and_no_sound_is_lost_once_there_is_room(self):
        self.start(Disk(size="128k"))
        self.collector.follow(lambda _: self.problems())
        self.collect(6)
        self.assertEqual(len(self.problems()), 1, self.server.log)
        self.assertRegex(self.problems()[0], "No space left on device")
        self.disk.remount("size=4m")
        self.collector.follow(lambda _: "is written again" in self.server.log)
        self.assertEqual(len(self.problems()), 1, self.server.log)
        self.server.stop()
        path, = self.files()
        heard = b"".join(segment.payload for segment in self.collector.parsed())
        self.assertEqual(frames(path)[:len(heard)], heard)

    def test_a_disk_that_is_pulled_out_is_one_line_and_another_disk_gets_a_new_file(self):
        self.start(Disk())
        self.disk.remove()
        self.collector.follow(lambda _: self.problems())
        self.collect(4)
        self.assertEqual(len(self.problems()), 1, self.server.log)
        self.disk.mount()
        self.collector.follow(lambda _: "is written again" in self.server.log)
        self.server.stop()
        path, = self.files()
        frames(path)


    def test_a_disk_that_takes_seconds_for_every_call_is_one_line_and_no_sound_is_lost(self):
        self.start(Disk(size="16m"))
        calls = "openat,pwrite64,fdatasync,fsync,rename,unlink"
        with InjectedCalls(self.server.process, "recorder", calls, "delay_enter=1500000"):
            self.collector.follow(lambda _: self.problems())
            self.collect(10)
            recorded = self.files()[0].stat().st_size
            self.assertEqual(len(self.problems()), 1, self.server.log)
            self.assertRegex(self.problems()[0], "takes more than a second")
        self.collector.follow(lambda _: "is written again" in self.server.log)
        self.assertEqual(len(self.problems()), 1, self.server.log)
        self.server.stop()
        path, = self.files()
        heard = b"".join(segment.payload for segment in self.collector.parsed())
        self.assertGreater(path.stat().st_size, recorded)
        self.assertEqual(frames(path)[:len(heard)], heard)


class Pruning(Case):
    def test_whole_files_go_when_they_are_too_many_and_too_old(self):
        self.folder.mkdir(parents=True)
        self.begin("--record-keep", "12s")
        first = self.wait_listed(1)[-1]
        path = self.folder / first["url"].rpartition("/")[2]
        self.assertEqual(self.server.request(first["url"]).status, 200)
        wait_until(lambda: not path.exists(), TIMEOUT, lambda: f"{path} goes\n{self.server.log}")
        self.assertFalse(path.with_suffix(".cue").exists())
        wait_until(lambda: self.server.request(first["url"]).status == 404, TIMEOUT, "the recording is not listed")
        self.assertGreaterEqual(len(self.files()), 2)


class Serving(Case):
    def test_a_recording_is_listed_when_it_is_finished_and_is_served_with_ranges(self):
        self.begin()
        recording = self.wait_listed(1)[-1]
        path = self.folder / f"{recording['id']}.mp3"
        body = path.read_bytes()
        self.assertEqual(recording["size"], len(body))
        self.assertEqual((recording["type"], recording["stream"]), ("audio/mpeg", "live"))
        self.assertRegex(recording["start"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$")
        self.assertEqual(recording["chapters"], [])
        whole = self.server.request(recording["url"])
        self.assertEqual((whole.status, whole.body), (200, body))
        self.assertEqual(whole.headers["Content-Type"], "audio/mpeg")
        self.assertEqual(whole.headers["Content-Disposition"], f'inline; filename="{path.name}"')
        self.assertEqual(whole.headers["Accept-Ranges"], "bytes")
        for field, part in (("bytes=70000-70099", body[70000:70100]), ("bytes=-10", body[-10:])):
            answer = self.server.request(recording["url"], headers={"Range": field})
            self.assertEqual((answer.status, answer.body), (206, part))
        self.assertEqual(self.server.request(
            recording["url"], headers={"Range": f"bytes={len(body)}-"}).status, 416)
        again = self.server.request(recording["url"], headers={"If-None-Match": whole.headers["ETag"]})
        self.assertEqual(again.status, 304)
        self.assertEqual(self.server.request(recording["url"], "POST").status, 405)
        # The recording that is written is not listed. The list is read first, because a recording may end meanwhile.
        listed = [recording["id"] for recording in self.listed()]
        self.assertNotIn(self.files()[-1].stem, listed)

    def test_names_from_outside_never_become_a_path(self):
        self.begin()
        recording = self.wait_listed(1)[0]
        name = recording["url"].rpartition("/")[2]
        secret = self.folder / "live-2026-01-01T00-00-00+0000.mp3"
        secret.write_bytes(b"ID3 nobody asked for me")
        for path in (
            "/recordings/live-2026-01-01T00-00-00+0000.mp3", "/recordings/live-1999-01-01T00-00-00+0000.mp3",
            f"/recordings/../recordings/{name}x", f"/recordings/%2e%2e/{name}", f"/recordings/{name}/",
            f"/recordings/{name}%00", f"/recordings/.%2f{name}", f"/recordings/{name}.tmp",
            f"/recordings/{name[:-4]}.cue", f"/recordings/{name.upper()}", "/recordings/%2fetc%2fpasswd",
            "/recordings/..%2f..%2f..%2fetc%2fpasswd", f"/recordings/{'a' * 5000}.mp3",
        ):
            with self.subTest(path=path):
                self.assertIn(self.server.request(path).status, (400, 404))

    def test_listen_tokens_hold_for_the_list_and_the_files(self):
        token = "listener-token"
        self.begin("--listen-token", token)
        show = {"Authorization": f"Bearer {token}"}
        recording = wait_until(lambda: self.listed(show), TIMEOUT, "a recording is listed")[0]
        for path in ("/recordings.json", recording["url"], "/recordings/live-1999-01-01T00-00-00+0000.mp3"):
            answer = self.server.request(path)
            self.assertEqual(answer.status, 401)
            self.assertNotIn(b"live", answer.body)
        for path in ("/recordings.json", recording["url"]):
            answer = self.server.request(f"{path}?token={token}")
            self.assertEqual(answer.status, 200)
            self.assertIn("private", answer.headers["Cache-Control"])
        cookie = self.server.request(f"/recordings.json?token={token}").headers["Set-Cookie"].partition(";")[0]
        self.assertEqual(self.server.request(recording["url"], headers={"Cookie": cookie}).status, 200)
        # The page tells nothing.
        self.assertEqual(self.server.request("/recordings/").status, 200)

    def test_each_token_of_a_stream_opens_the_recordings_of_that_stream(self):
        tokens = {"a": "token-of-a", "b": "token-of-b"}
        self.begin(
            "--stream", "a", "--listen-token", tokens["a"], "--stream", "b", "--listen-token", tokens["b"], length=2)
        listed = {}
        for stream, token in tokens.items():
            show = {"Authorization": f"Bearer {token}"}
            listed[stream] = wait_until(lambda: self.listed(show), TIMEOUT, lambda: f"{stream}\n{self.server.log}")[0]
            self.assertEqual({recording["stream"] for recording in self.listed(show)}, {stream})
        for path in ("/recordings.json", "/recordings.json?token=another-token", listed["a"]["url"]):
            self.assertEqual(self.server.request(path).status, 401)
        self.assertEqual(self.server.request(f"{listed['b']['url']}?token={tokens['a']}").status, 401)
        answer = self.server.request(f"/recordings.json?token={tokens['a']}")
        self.assertIn("private", answer.headers["Cache-Control"])
        cookie = {"Cookie": answer.headers["Set-Cookie"].partition(";")[0]}
        self.assertEqual({recording["stream"] for recording in self.listed(cookie)}, {"a"})
        # A token in the URL does not hide the cookie of another stream.
        answer = self.server.request(f"/recordings.json?token={tokens['b']}", headers=cookie)
        streams = {recording["stream"] for recording in json.loads(answer.body)["recordings"]}
        self.assertEqual((answer.status, streams), (200, {"a", "b"}))
        for stream in tokens:
            answer = self.server.request(f"{listed[stream]['url']}?token={tokens['b']}", headers=cookie)
            self.assertEqual(answer.status, 200)
            self.assertIn("private", answer.headers["Cache-Control"])

    def test_without_the_flag_there_is_no_address(self):
        with Server(*FLAGS) as server:
            server.wait_playlist()
            for path in ("/recordings", "/recordings/", "/recordings.json", "/recordings/recordings.html"):
                self.assertEqual(server.request(path).status, 404)

    def test_the_address_without_a_slash_leads_to_the_page(self):
        self.begin()
        answer = self.server.request("/recordings")
        self.assertEqual((answer.status, answer.headers["Location"]), (308, "/recordings/"))
        # The page takes the token out of its address. What is no token goes nowhere.
        for query, there in (("?token=listener-token", "?token=listener-token"), ("?token=short", "")):
            self.assertEqual(self.server.request(f"/recordings{query}").headers["Location"], f"/recordings/{there}")
        self.assertIn(b"<title>Recordings", self.server.get("/recordings/"))


class Reload(Case):
    """SIGHUP rereads the settings of the streams."""

    def setUp(self):
        super().setUp()
        self.folder = self.folder.parents[1] / "recordings"
        self.path = self.folder.with_name("ringcast.conf")
        self.reloads = 0

    def write(self, *lines):
        self.path.write_text("\n".join(["segment-length = 0.5", "source = tone", "[stream hall]", *lines, ""]))

    def reload(self, *lines):
        self.write(*lines)
        self.server.process.send_signal(signal.SIGHUP)
        self.reloads += 1
        wait_until(
            lambda: self.server.log.count("reload: done") == self.reloads, TIMEOUT, lambda: self.server.log)

    def post(self, action):
        return self.server.request(f"/recordings/hall/{action}", "POST", self.server.operator_headers, b"")

    def test_a_reload_begins_the_first_recording_and_keeps_what_operators_said(self):
        self.write()
        self.server = self.enterContext(Server("--config", self.path))
        for path in ("/recordings/", "/recordings.json"):
            self.assertEqual(self.server.request(path).status, 404)
        record = f"record = {self.folder}"
        self.reload(record, "record-length = 2")
        recording = self.wait_listed(1)[-1]
        self.assertEqual(len(self.server.get(recording["url"])), recording["size"])
        self.assertEqual(self.server.request("/recordings/").status, 200)
        # The recording that a reload ends is whole, and listed.
        count = len(self.files())
        self.reload(record, "record-length = 86400")
        wait_until(
            lambda: len(self.files()) > count and len(self.listed()) == len(self.files()) - 1, TIMEOUT,
            lambda: f"all of {self.files()} but one are listed\n{self.server.log}")
        for recording in self.listed():
            frames(self.folder / f"{recording['id']}.mp3")
        self.assertEqual(json.loads(self.post("stop").body), {"recording": False})
        self.reload(record, "record-length = 43200")
        self.assertEqual(self.post("mark").status, 409)
        self.assertEqual(json.loads(self.post("start").body), {"recording": True})
        self.reload()
        self.assertEqual(self.server.request("/recordings.json").status, 404)


class ByHand(Case):
    def post(self, action, token="operator-token", body=None, stream="live", origin=None):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if origin:
            headers["Origin"] = origin
        return self.server.request(f"/recordings/{stream}/{action}", "POST", headers, body)

    def test_a_page_of_another_site_controls_nothing(self):
        # With a listener's token, the port answers the pages of other sites.
        self.begin("--admin-token", "operator-token", "--listen-token", "listener-token", length=86400)
        for action in ("stop", "start", "mark"):
            self.assertEqual(self.post(action, origin="https://other.example").status, 403)
        own = self.post("stop", origin=self.server.url.rstrip("/"))
        self.assertEqual((own.status, json.loads(own.body)), (200, {"recording": False}))

    def test_an_operator_stops_and_starts_the_recording_and_marks_the_sound(self):
        self.begin("--admin-token", "operator-token", length=86400)
        self.wait_sound(5_000)
        for refused in (self.post("stop", token=None), self.post("mark", token="another-token")):
            self.assertEqual(refused.status, 401)
        self.assertEqual(self.post("stop", stream="other").status, 404)
        self.assertEqual(self.server.request("/recordings/live/stop").status, 401)
        self.assertEqual(self.post("mark", body='{"title": 5}').status, 400)
        marked = self.post("mark", body='{"title": "Here it was good"}')
        self.assertEqual((marked.status, json.loads(marked.body)), (200, {"recording": True}))
        size = self.files()[0].stat().st_size
        self.wait_sound(size + 5_000 - TAG)
        self.assertEqual(json.loads(self.post("stop").body), {"recording": False})
        recording, = self.wait_listed(1)
        self.assertEqual([chapter["title"] for chapter in recording["chapters"]], ["Here it was good"])
        self.assertEqual(
            [chapter["tags"]["title"] for chapter in probe(self.files()[0])["chapters"]], ["Here it was good"])
        self.assertEqual(self.post("mark").status, 409)
        self.assertEqual(json.loads(self.post("start").body), {"recording": True})
        self.wait_sound(1000, 2)
