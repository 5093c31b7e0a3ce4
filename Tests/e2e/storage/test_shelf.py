"""The shelf of recordings: operators change it, waveforms, clips, the podcast feed, and the webhook of a full disk."""

import json
import re
import struct
import sys
import tempfile
import unittest
from datetime import timedelta
from pathlib import Path

import numpy as np

from support import processes
from support.clients.webhook_receiver import Receiver
from support.formats import mp3
from support.formats.wav import wav
from support.machine.disk import Disk
from support.server import ROOT, Address, Server
from support.waiting import TIMEOUT, wait_until

sys.path.append(str(ROOT / ".build/python"))

try:
    import feedparser
except ImportError:
    feedparser = None

TOKEN = "operator-token"
OPERATOR = {"Authorization": f"Bearer {TOKEN}"}
# The tag in front of the frames.
TAG = 65536


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="shelf.")))

    def begin(self, *flags, length=2, source="tone", **options):
        self.server = self.enterContext(Server(
            "--source", source, "--segment-length", 0.5, "--ring-size", 10, "--record", self.folder,
            "--record-length", length, "--admin-token", TOKEN, *flags, **options))

    def listed(self, headers=None):
        return json.loads(self.server.get("/recordings.json", headers))["recordings"]

    def finished(self, seconds=1.5, headers=None):
        """A finished recording of some length."""
        return wait_until(
            lambda: [found for found in self.listed(headers) if found["length"] >= seconds], TIMEOUT,
            lambda: f"a recording is finished\n{self.server.log}")[0]

    def change(self, recording, headers=OPERATOR, **fields):
        return self.server.request(recording["url"], "PATCH", headers, json.dumps(fields))

    def of(self, recording, headers=None):
        return next((found for found in self.listed(headers) if found["id"] == recording["id"]), None)


def frames(body):
    """The frames behind a short tag; each of them is whole."""
    sizes = body[6:10]
    length = 10 + sum(octet << 7 * (3 - index) for index, octet in enumerate(sizes))
    assert body[:3] == b"ID3" and all(octet < 128 for octet in sizes)
    for _ in mp3.walk(body[length:]):
        pass
    return body[length:]


def probe(body):
    """The tag of a sound as ffprobe reads it, and its length; ffmpeg decodes the sound without a complaint."""
    result = processes.run(
        ["ffprobe", "-v", "error", "-show_format", "-of", "json", "-i", "pipe:0"], input=body)
    found = json.loads(result.stdout)["format"]
    decoded = processes.run(["ffmpeg", "-v", "error", "-i", "pipe:0", "-f", "null", "-"], input=body)
    assert decoded.returncode == 0 and decoded.stderr == b"", decoded.stderr
    return found


class Operators(Case):
    def test_an_operator_renames_hides_and_deletes_a_recording_and_nobody_else_does(self):
        self.begin()
        recording = self.finished()
        path = self.folder / f"{recording['id']}.mp3"
        title = "../../<b>Das “Gespräch”</b> 猫"
        for headers in (None, {"Authorization": "Bearer another"}):
            self.assertEqual(self.change(recording, headers, title=title).status, 401)
            self.assertEqual(self.server.request(recording["url"], "DELETE", headers).status, 401)
        self.assertEqual(self.change(recording, {**OPERATOR, "Origin": "https://evil.example"}, title=title).status, 403)
        self.assertEqual(self.server.request("/recordings/all.json").status, 401)
        self.assertEqual(self.change(recording, title=title).status, 204)
        self.assertEqual((self.of(recording)["title"], self.of(recording)["named"]), (title, True))
        note = json.loads(path.with_suffix(".json").read_text())
        self.assertEqual(note, {"title": title, "hidden": False, "public": False})
        # A hidden recording is there for operators alone.
        self.assertEqual(self.change(recording, hidden=True).status, 204)
        self.assertIsNone(self.of(recording))
        for resource in (recording["url"], recording["peaks"], f"/recordings/{recording['id']}/clip.mp3?from=0&to=1"):
            self.assertEqual(self.server.request(resource).status, 404, resource)
            answer = self.server.request(resource, headers=OPERATOR)
            self.assertEqual(answer.status, 200, resource)
            self.assertIn("private", answer.headers["Cache-Control"])
        everything = json.loads(self.server.get("/recordings/all.json", OPERATOR))["recordings"]
        self.assertTrue(next(found for found in everything if found["id"] == recording["id"])["hidden"])
        for content in ('{"title": "a\\nb"}', "{}", "no", '{"hidden": 1}', '{"name": "x"}', "[" * 100):
            answer = self.server.request(recording["url"], "PATCH", OPERATOR, content)
            self.assertEqual(answer.status, 400, content)
        self.assertEqual(self.server.request(recording["url"], "PATCH", OPERATOR, "x" * 5000).status, 413)
        # The recording that is written stays.
        current = max(self.folder.glob("*.mp3")).name
        answer = self.server.request(f"/recordings/{current}", "DELETE", OPERATOR)
        self.assertIn(answer.status, (409, 204), answer)
        self.assertEqual(self.server.request(recording["url"], "DELETE", OPERATOR).status, 204)
        self.assertEqual(self.server.request(recording["url"], "DELETE", OPERATOR).status, 404)
        self.assertEqual(list(self.folder.glob(f"{recording['id']}.*")), [])
        self.assertEqual(self.server.request(recording["url"], headers=OPERATOR).status, 404)
        # The recorder lists its files again with the next recording.
        before = len(self.listed())
        wait_until(lambda: len(self.listed()) > before, TIMEOUT, "another recording is finished")
        self.assertIsNone(self.of(recording))

    def test_a_recording_that_is_written_is_not_deleted(self):
        self.begin(length=86400)
        path = wait_until(lambda: list(self.folder.glob("*.mp3")), TIMEOUT, "a recording begins")[0]
        for method, body in (("DELETE", None), ("PATCH", '{"hidden": true}')):
            answer = wait_until(
                lambda: (found := self.server.request(f"/recordings/{path.name}", method, OPERATOR, body)).status != 404
                and found, TIMEOUT, "the recording is known")
            self.assertEqual((answer.status, answer.body), (409, b"the recording is not finished\n"))
        self.assertTrue(path.exists())

    def test_the_notes_are_there_after_a_restart_and_a_foreign_note_says_nothing(self):
        self.begin()
        recording = self.finished()
        self.change(recording, title="The interview", public=True)
        self.server.stop()
        others = [path for path in sorted(self.folder.glob("*.mp3")) if path.stem != recording["id"]]
        secret = self.folder / "secret"
        secret.write_text('{"title": "secret"}')
        others[0].with_suffix(".json").symlink_to(secret)
        self.begin()
        wait_until(lambda: self.of(recording), TIMEOUT, "the recordings are listed")
        self.assertEqual((self.of(recording)["title"], self.of(recording)["public"]), ("The interview", True))
        self.assertNotIn("secret", [found["title"] for found in self.listed()])

    def test_operators_with_a_port_of_their_own_have_the_recordings_there(self):
        self.begin("--admin-port", 0)
        recording = self.finished()
        url = self.server.operator_page
        host, port = re.match(r"http://([^/:]+):(\d+)/", url).groups()
        operators = Address(f"http://{host}:{port}/")
        self.assertEqual(operators.request("/recordings/?edit").status, 200)
        self.assertEqual(operators.request("/recordings/js/main.js").status, 200)
        self.assertEqual(operators.request("/recordings/all.json").status, 401)
        self.assertEqual(operators.request("/recordings/all.json", headers=OPERATOR).status, 200)
        # The listeners' port gives operators nothing.
        self.assertEqual(self.change(recording, hidden=True).status, 404)
        self.assertEqual(
            operators.request(recording["url"], "PATCH", OPERATOR, '{"hidden": true}').status, 204)
        self.assertIsNone(self.of(recording))
        self.assertEqual(operators.request(recording["url"], headers=OPERATOR).status, 200)
        self.assertEqual(operators.request(recording["url"]).status, 404)


class Waveforms(Case):
    def peaks(self, recording):
        body = self.server.get(recording["peaks"])
        mark, channels, rest, rate = struct.unpack(">4sB3sI", body[:12])
        self.assertEqual(mark, b"pks1")
        slice = int.from_bytes(rest, "big")
        levels = [max(body[place:place + channels]) for place in range(12, len(body), channels)]
        return levels, slice / rate, body

    def test_the_peaks_show_where_the_sound_is_loud_and_are_computed_once(self):
        # Half of each second is loud.
        rate = 48000
        sound = self.folder / "sound.wav"
        time = np.arange(30 * rate) / rate
        loud = np.where(time % 1 < 0.5, 0.5, 0.01) * np.sin(2 * np.pi * 440 * time)
        sound.write_bytes(wav(np.stack([loud, loud], axis=1), rate))
        self.begin(source=f"file:{sound}")
        recording = self.finished()
        levels, slice, body = self.peaks(recording)
        self.assertGreater(len(levels), 700)
        self.assertAlmostEqual(len(levels) * slice, recording["length"], delta=0.1)
        loud, quiet = [level for level in levels if level > 100], [level for level in levels if level < 20]
        self.assertAlmostEqual(max(loud), 128, delta=12)
        self.assertGreater(len(quiet), len(levels) / 3)
        self.assertGreater(len(loud), len(levels) / 3)
        cached = self.folder / f"{recording['id']}.peaks"
        self.assertEqual(cached.read_bytes(), body)
        answer = self.server.request(recording["peaks"])
        self.assertEqual(
            self.server.request(recording["peaks"], headers={"If-None-Match": answer.headers["ETag"]}).status, 304)
        # A file that another program has changed is computed again.
        self.server.stop()
        cached.write_bytes(b"pks1\x00\x00\x00\x00" + bytes(100))
        self.begin(source=f"file:{sound}")
        wait_until(lambda: self.of(recording), TIMEOUT, "the recordings are listed")
        self.assertEqual(self.peaks(recording)[2], body)
        self.assertEqual(cached.read_bytes(), body)


class Clips(Case):
    def test_a_clip_of_a_recording_is_a_run_of_its_frames(self):
        self.begin(length=4)
        recording = self.finished(3.5)
        self.change(recording, title="The interview")
        body = self.server.get(recording["url"])[TAG:]
        url = f"/recordings/{recording['id']}/clip.mp3"
        answer = self.server.request(f"{url}?from=1&to=2.6")
        self.assertEqual(answer.status, 200)
        cut = frames(answer.body)
        place = body.index(cut)
        rate = len(body) / recording["length"]
        self.assertAlmostEqual(place / rate, 1, delta=0.15)
        self.assertAlmostEqual((place + len(cut)) / rate, 2.6, delta=0.15)
        # The first frame leans on none before it.
        self.assertEqual(cut[4], 0)
        found = probe(answer.body)
        self.assertEqual((found["tags"]["title"], found["tags"]["artist"]), ("The interview", "live"))
        self.assertRegex(
            answer.headers["Content-Disposition"],
            rf'^inline; filename="{re.escape(recording["id"])}-[01]s-2s-clip\.mp3"$')
        part = self.server.request(f"{url}?from=1&to=2.6", headers={"Range": "bytes=10-3009"})
        self.assertEqual((part.status, part.body), (206, answer.body[10:3010]))
        self.assertEqual(frames(self.server.get(f"{url}?from=0&to=600")), body)
        for query in ("", "?from=1", "?from=2&to=1", "?from=-1&to=1", "?from=nan&to=1", "?from=0&to=inf",
                      "?from=0&to=601", "?from=9&to=10", "?from=1e3&to=1e4", f"?from={'1' * 100}&to=2"):
            self.assertEqual(self.server.request(f"{url}{query}").status, 400, query)
        self.assertEqual(
            self.server.request("/recordings/live-2020-01-01T00-00-00+0000/clip.mp3?from=0&to=1").status, 404)

    def test_a_clip_of_the_ring_is_its_parts_joined_and_dies_with_the_ring(self):
        self.begin()
        self.server.set_now_playing(TOKEN, title="Bolero", artist="Ravel")
        playlist = self.server.wait_playlist(lambda playlist: len(playlist.entries) >= 8)
        entries = playlist.entries[4:7]
        segments = [self.server.get(f"/{entry.uri}") for entry in entries]
        joined = b"".join(frames(segment) for segment in segments)

        def stamp(date):
            return date.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        begin = entries[0].date
        end = entries[-1].date + timedelta(seconds=float(entries[-1].duration))
        url = f"/live/clip.mp3?from={stamp(begin)}&to={stamp(end)}"
        answer = self.server.request(url)
        self.assertEqual(answer.status, 200, answer)
        self.assertEqual(frames(answer.body), joined)
        self.assertEqual(probe(answer.body)["tags"]["artist"], "live")
        self.assertRegex(answer.headers["Content-Disposition"], r'^inline; filename="live-20\d\d-.*Z-clip\.mp3"$')
        # The numbers of parts name the same places.
        first, last = entries[0].sequence, entries[-1].sequence
        self.assertEqual(frames(self.server.get(f"/live/clip.mp3?from={first}&to={last + 1}.0")), joined)
        part = self.server.request(url, headers={"Range": "bytes=100-4099"})
        self.assertEqual((part.status, part.body), (206, answer.body[100:4100]))
        later = end + timedelta(seconds=3600)
        for query, status in (
            (f"from={stamp(begin - timedelta(hours=1))}&to={stamp(end)}", 410), ("from=1&to=2", 410),
            (f"from={stamp(begin)}&to={stamp(begin + timedelta(seconds=500))}", 404),
            (f"from={stamp(end)}&to={stamp(begin)}", 400), (f"from={stamp(begin)}&to={stamp(later)}", 404),
            ("from=x&to=y", 400), ("", 400), (f"from={stamp(begin)}", 400),
        ):
            answer = self.server.request(f"/live/clip.mp3?{query}")
            self.assertEqual(answer.status, status, f"{query}: {answer}")
        wait_until(lambda: self.server.request(url).status == 410, TIMEOUT, "the sound leaves the ring")
        self.assertEqual(self.server.request("/other/clip.mp3?from=1&to=2").status, 404)

    def test_listen_tokens_hold_for_clips_waveforms_and_the_feed(self):
        token = "listener-token"
        self.begin("--listen-token", token)
        recording = self.finished(headers={"Authorization": f"Bearer {token}"})
        for path in (f"/recordings/{recording['id']}/clip.mp3?from=0&to=1", recording["peaks"], "/recordings/live.rss",
                     "/live/clip.mp3?from=1&to=2"):
            self.assertEqual(self.server.request(path).status, 401, path)
            answer = self.server.request(path + ("&" if "?" in path else "?") + f"token={token}")
            self.assertIn(answer.status, (200, 410), path)
            self.assertIn("private", answer.headers.get("Cache-Control") if answer.status == 200 else "private")


@unittest.skipUnless(feedparser, "feedparser is not installed")
class Podcast(Case):
    def feed(self, path="/recordings/live.rss", **headers):
        answer = self.server.request(path, headers=headers)
        self.assertEqual(answer.status, 200, answer)
        self.assertEqual(answer.headers["Content-Type"], "application/rss+xml; charset=utf-8")
        feed = feedparser.parse(answer.body, response_headers={"content-type": answer.headers["Content-Type"]})
        self.assertFalse(feed.bozo, feed.get("bozo_exception"))
        self.assertEqual(feed.version, "rss20")
        return feed

    def test_the_feed_has_the_recordings_that_are_marked_public(self):
        self.begin("--name", "Radio <Nord> & Co", "--description", "Ü & more", "--allow-host", "radio.example")
        recording = self.finished()
        self.assertEqual(self.feed().entries, [])
        title = "Folge 1: <script>alert(1)</script> & “Käse”"
        self.change(recording, title=title, public=True)
        feed = self.feed(Host="radio.example:8080")
        self.assertEqual((feed.feed.title, feed.feed.subtitle), ("Radio <Nord> & Co", "Ü & more"))
        self.assertEqual(feed.feed.link, "http://radio.example:8080/recordings/")
        self.assertIn(
            ("self", "http://radio.example:8080/recordings/live.rss"),
            [(link.rel, link.href) for link in feed.feed.links])
        self.assertEqual(feed.feed.author, "Radio <Nord> & Co")
        entry, = feed.entries
        self.assertEqual((entry.title, entry.id, entry.guidislink), (title, recording["id"], False))
        self.assertIsNotNone(entry.published_parsed)
        self.assertRegex(entry.itunes_duration, r"^\d+:\d\d:\d\d$")
        enclosure, = entry.enclosures
        self.assertEqual(enclosure.type, "audio/mpeg")
        self.assertEqual(enclosure.href, f"http://radio.example:8080{recording['url']}")
        self.assertEqual(int(enclosure.length), len(self.server.get(recording["url"])))
        # The id of an episode stays, whatever its title.
        self.change(recording, title="Another")
        self.assertEqual(self.feed().entries[0].id, entry.id)
        self.change(recording, hidden=True)
        self.assertEqual(self.feed().entries, [])
        self.assertEqual(self.server.request("/recordings/other.rss").status, 404)

    def test_a_token_in_the_address_of_the_feed_is_in_those_of_the_files(self):
        token = "listener-token"
        self.begin("--listen-token", token)
        recording = self.finished(headers={"Authorization": f"Bearer {token}"})
        self.change(recording, public=True)
        entry, = self.feed(f"/recordings/live.rss?token={token}").entries
        self.assertTrue(entry.enclosures[0].href.endswith(f"{recording['url']}?token={token}"))
        # The request names this machine: the addresses are relative to that of the feed.
        self.assertEqual(self.server.request(entry.enclosures[0].href).status, 200)


class Trouble(Case):
    def test_a_full_disk_of_the_recordings_is_one_webhook_and_its_end_is_another(self):
        receiver, disk = self.enterContext(Receiver()), self.enterContext(Disk(size="128k"))
        self.folder = disk.path
        self.begin("--webhook", receiver.url, length=86400)
        self.assertIn("No space left on device", receiver.event("recording_failed", stream="live")["reason"])
        self.assertIs(json.loads(self.server.get("/status", OPERATOR))["recorder"]["well"], False)
        disk.remount("size=4m")
        self.assertGreaterEqual(receiver.event("recording_recovered", 60)["seconds"], 10)
        self.assertEqual(receiver.events, ["started", "recording_failed", "recording_recovered"])


if __name__ == "__main__":
    unittest.main()
