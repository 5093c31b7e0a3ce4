"""Webhooks: each event comes, in each format, and a receiver that fails disturbs nobody."""

import json
import re
import subprocess
import tempfile
import threading
import time
import unittest
from pathlib import Path

import numpy as np

from support import processes
from support.clients.segment_collector import SegmentCollector
from support.sources.source_client import PASSWORD, FFmpeg
from support.clients.webhook_receiver import Receiver, discord, free_port, ntfy, slack
from support.formats import mp3
from support.formats.metrics import Metrics
from support.formats.wav import wav
from support.machine.disk import Disk
from support.machine.preloaded import Preloaded
from support.machine.wall_clock import WallClock
from support.server import ROOT, Server, program
from support.sound import ear
from support.waiting import TIMEOUT, wait_until

TONE = ["--source", "tone", "--segment-length", 0.5]
DOCUMENT = (ROOT / "docs/webhooks.md").read_text()


def documented():
    """{name: example} of the events in the document."""
    blocks = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", DOCUMENT, re.DOTALL)]
    return {block["event"]: block for block in blocks if "event" in block}


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="webhooks.")))

    def receiver(self, *arguments, **options):
        return self.enterContext(Receiver(*arguments, **options))

    def server(self, *flags, **options):
        return self.enterContext(Server(*flags, **options))

    def as_documented(self, receiver):
        """Checks that each event has the members of its example, in their order."""
        for post in receiver.posts:
            example = documented()[post.json["event"]]
            self.assertEqual(list(post.json), list(example))
            self.assertEqual([type(value) for value in post.json.values() if not isinstance(value, (int, float))],
                             [type(value) for value in example.values() if not isinstance(value, (int, float))])


class Events(Case):
    def test_start_and_stop_are_told_and_nothing_else_of_a_station_that_is_well(self):
        receiver = self.receiver()
        server = self.server(*TONE, "--webhook", f"{receiver.url}/hook?key=geheim", "--name", "Radio Nord")
        started = receiver.event("started")
        self.assertEqual((started["station"], started["streams"]), ("Radio Nord", ["live"]))
        self.assertRegex(started["time"], r"^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
        status, seconds = server.stop()
        self.assertEqual((status, seconds < 2), (0, True))
        self.assertEqual(receiver.events, ["started", "stopped"])
        self.assertEqual({post.path for post in receiver.posts}, {"/hook?key=geheim"})
        self.assertEqual(len({post.json["id"] for post in receiver.posts}), 2)
        self.assertNotIn("geheim", server.log)
        self.as_documented(receiver)

    def test_a_file_that_vanishes_is_lost_and_the_fallback_is_played_until_the_file_is_back(self):
        receiver, path = self.receiver(), self.folder / "sound.wav"
        server = self.server("--source", f"file:{path}", "--loop", "--fallback", "tone", "--webhook", receiver.url)
        lost = receiver.event("source_lost", stream="live")
        self.assertIn("No such file", lost["reason"])
        receiver.event("fallback_began")
        path.write_bytes(wav(0.3 * np.sin(np.arange(48000) / 8)[:, None], 48000))
        back = receiver.event("source_back")
        ended = receiver.event("fallback_ended")
        self.assertGreater(min(back["seconds"], ended["seconds"]), 0)
        self.assertEqual(server.stop()[0], 0)
        self.assertEqual(
            receiver.events,
            ["started", "source_lost", "fallback_began", "source_back", "fallback_ended", "stopped"])
        self.as_documented(receiver)

    def test_silence_and_its_end_are_told_of_their_stream(self):
        receiver, path = self.receiver(), self.folder / "ringcast.conf"
        # Two seconds of sound and two of silence, over and over.
        sound = np.concatenate([0.3 * np.sin(np.arange(96_000) / 8), np.zeros(96_000)])
        (self.folder / "sound.wav").write_bytes(wav(sound[:, None], 48000))
        path.write_text(
            f"webhook = {receiver.url}\n[stream quiet]\nsource = file:{self.folder}/sound.wav\nloop\nsilence-alarm = 1\n"
            "[stream tone]\nsource = tone\nsilence-alarm = 1\n")
        server = self.server("--config", path)
        self.assertEqual(receiver.event("silence_began")["seconds"], 1)
        self.assertEqual(receiver.event("silence_ended")["stream"], "quiet")
        self.assertNotIn("fallback_began", receiver.events)
        self.assertEqual({post.json.get("stream") for post in receiver.posts}, {None, "quiet"})
        server.stop()
        self.as_documented(receiver)

    def test_a_pipe_whose_writer_pauses_is_lost_and_back(self):
        receiver = self.receiver()
        server = self.server("--source", "stdin", "--webhook", receiver.url, stdin=subprocess.PIPE)
        lost = receiver.event("source_lost")
        self.assertRegex(lost["reason"], r"it has given nothing for \d+ ms")
        server.process.stdin.write(bytes(48000 * 4))
        server.process.stdin.flush()
        receiver.event("source_back")

    def test_a_source_client_that_comes_and_goes_is_told(self):
        receiver, passwords = self.receiver(), self.folder / "passwords"
        passwords.write_text(f"{PASSWORD}\n")
        passwords.chmod(0o600)
        server = self.server(
            "--source", "icecast", "--source-password-file", passwords, "--fallback", "tone", "--webhook", receiver.url)
        with FFmpeg(server):
            live = receiver.event("source_client_connected", stream="live")
            self.assertEqual((live["user"], live["format"]), ("source", "MP3"))
            receiver.event("source_back")
            # The client is heard after a second of its sound.
            receiver.event("fallback_ended")
        self.assertEqual(receiver.event("source_client_gone", stream="live")["user"], "source")
        receiver.wait(lambda posts: receiver.events.count("fallback_began") == 2)
        self.assertNotIn(PASSWORD.encode(), b"".join(post.body for post in receiver.posts))
        self.as_documented(receiver)

    def test_a_full_disk_and_its_end_are_told(self):
        receiver, disk = self.receiver(), self.enterContext(Disk(size="48k"))
        self.server(*TONE, "--webhook", receiver.url, sound=disk.path)
        self.assertIn("No space left on device", receiver.event("disk_failed", stream="live")["reason"])
        disk.remount("size=1m")
        self.assertGreaterEqual(receiver.event("disk_recovered", 60)["seconds"], 10)
        self.assertEqual(receiver.events, ["started", "disk_failed", "disk_recovered"])
        self.as_documented(receiver)

    def test_the_listener_record_of_a_day_is_told_when_the_day_is_over(self):
        receiver, clock = self.receiver(), self.enterContext(WallClock())
        server = self.server(*TONE, "--webhook", receiver.url, environment=clock.environment)
        listeners = [server.connect(TIMEOUT) for _ in range(3)]
        server.wait_playlist()
        for listener in listeners:
            self.addCleanup(listener.close)
            listener.request("GET", "/live.mp3")
        answers = [listener.getresponse() for listener in listeners]
        self.assertTrue(all(answer.read(10) for answer in answers))
        # The station looks each ten seconds.
        def have_been_seen():
            history = json.loads(server.operator_get("/status"))["history"]["listeners"]
            return max(filter(None, history), default=0) >= 3
        wait_until(have_been_seen, TIMEOUT, "the listeners are counted")
        today = clock.now().date().isoformat()
        clock.step(86_400)
        record = receiver.event("listener_record")
        self.assertEqual((record["day"], record["listeners"]), (today, 3))
        self.assertEqual(record["at"][:10], today)
        self.as_documented(receiver)


class Formats(Case):
    """Each service takes the posts of a station that loses its source."""

    def tell(self, format, answer, path="/secret"):
        receiver = self.receiver(answer)
        server = self.server(
            "--source", "file:/nowhere.wav", "--webhook", receiver.url + path, "--webhook-format", format)
        self.took(server, 2)
        self.assertNotIn("secret", server.log)
        return receiver.posts, server

    def took(self, server, count):
        sent = 'ringcast_webhook_events_total{host="127.0.0.1",outcome="sent"}'
        wait_until(lambda: Metrics(server)[sent] == count, TIMEOUT, lambda: f"{count} events are taken\n{server.log}")

    def test_discord_and_its_limit_of_the_rate(self):
        posts, server = self.tell("discord", discord)
        # The second event came too early once.
        self.assertEqual(len(posts), 3)
        self.assertEqual(posts[1].body, posts[2].body)
        self.assertEqual(posts[0].json["content"], "**ringcast**: The station has started with the stream live.")
        self.assertEqual(posts[1].json["allowed_mentions"], {"parse": []})
        self.assertIn("No such file", posts[1].json["content"])
        self.assertIn("status 429; the event source_lost is tried again", server.log)

    def test_slack(self):
        posts, _ = self.tell("slack", slack)
        self.assertEqual(posts[0].json["text"], "ringcast: The station has started with the stream live.")

    def test_ntfy(self):
        posts, _ = self.tell("ntfy", ntfy, "/topic?auth=secret")
        self.assertEqual([post.path for post in posts], ["/?auth=secret"] * 2)
        self.assertEqual([post.json["topic"] for post in posts], ["topic"] * 2)
        self.assertEqual(posts[0].json["message"], "The station has started with the stream live.")
        self.assertEqual([post.json["priority"] for post in posts], [3, 4])

    def test_a_service_that_refuses_an_event_is_not_asked_again(self):
        receiver = self.receiver(lambda post, number: (400, {}, b"invalid_payload"))
        server = self.server(
            "--source", "file:/nowhere.wav", "--webhook", f"{receiver.url}/secret", "--webhook-format", "slack")
        failed = 'ringcast_webhook_events_total{host="127.0.0.1",outcome="failed"}'
        wait_until(lambda: Metrics(server)[failed] == 2, TIMEOUT, "both events have failed")
        self.assertEqual(len(receiver.posts), 2)
        self.assertEqual(
            re.findall(r"warning: (webhook: .*)", server.log),
            [f"webhook: {receiver.url}: the event started is refused: status 400"])


class Signature(Case):
    def test_the_documented_check_accepts_the_station_and_nobody_else(self):
        example, = re.findall(r"```python\n(.*?)```", DOCUMENT, re.DOTALL)
        names = {}
        exec(example, names)
        check = names["is_from_station"]
        secret = self.folder / "secret"
        secret.write_text("correct horse battery staple\n")
        receiver = self.receiver()
        self.server(*TONE, "--webhook", receiver.url, "--webhook-secret-file", secret)
        receiver.event("started")
        post = receiver.posts[0]
        key = b"correct horse battery staple"
        self.assertTrue(check(key, post.headers, post.body))
        self.assertFalse(check(key + b"r", post.headers, post.body))
        self.assertFalse(check(key, post.headers, post.body.replace(b"started", b"stopped")))
        old = dict(post.headers) | {"Ringcast-Timestamp": str(int(post.headers["Ringcast-Timestamp"]) - 600)}
        self.assertFalse(check(key, old, post.body))

    def test_without_a_secret_there_is_no_signature(self):
        receiver = self.receiver()
        self.server(*TONE, "--webhook", receiver.url)
        receiver.event("started")
        self.assertNotIn("Ringcast-Signature", receiver.posts[0].headers)

    def test_a_secret_file_that_is_missing_or_short_is_a_fault(self):
        short = self.folder / "short"
        short.write_text("abc\n")
        for path, rule in ((self.folder / "none", "No such file"), (short, "16 characters or more")):
            result = processes.run([
                program(), *TONE, "--check-config", "--webhook", "http://127.0.0.1/", "--webhook-secret-file", path,
                "--sound-dir", self.folder, "--web-dir", ROOT / "web"])
            self.assertEqual(result.returncode, 2)
            self.assertRegex(result.stderr.decode(), rf"--webhook-secret-file {path}: .*{rule}")


class Failing(Case):
    def test_a_receiver_that_comes_later_gets_each_event_in_its_order(self):
        port = free_port()
        server = self.server("--source", "file:/nowhere.wav", "--webhook", f"http://127.0.0.1:{port}/secret")
        server.wait_log(rf"warning: webhook: http://127.0.0.1:{port}: Couldn't connect .*the event started is tried again")
        receiver = self.receiver(port=port)
        receiver.event("source_lost")
        self.assertEqual(receiver.events[:2], ["started", "source_lost"])
        server.wait_log(rf"info: webhook: http://127.0.0.1:{port}: events are taken again\n")
        self.assertEqual(server.log.count("webhook:"), 2)
        self.assertNotIn("secret", server.log)

    def test_a_receiver_with_a_fault_of_its_own_gets_the_event_again_with_the_same_id(self):
        receiver = self.receiver(lambda post, number: (500, {}, b"") if number < 2 else (200, {}, b""))
        self.server(*TONE, "--webhook", receiver.url)
        posts = receiver.wait(lambda posts: posts if len(posts) == 3 else None)
        self.assertEqual({post.body for post in posts}, {posts[0].body})

    def test_a_receiver_that_hangs_disturbs_neither_the_stream_nor_another_receiver_nor_the_stop(self):
        release = threading.Event()
        self.addCleanup(release.set)

        def hang(post, number):
            release.wait(60)
            return 204, {}, b""
        hanging, other = self.receiver(hang), self.receiver()
        server = self.server(*TONE, "--webhook", hanging.url, "--webhook", other.url)
        other.event("started")
        hanging.wait(lambda posts: posts)
        collector = SegmentCollector(server)
        collector.follow(lambda collector: len(collector.segments) >= 12)
        sound = mp3.decode(b"".join(segment.payload for segment in collector.parsed()), 2)[:, 0]
        heard = ear.listen(sound[mp3.DELAY + 4800 :], ear.TONE_PILOTS)
        self.assertTrue(heard.flawless, heard)
        status, seconds = server.stop()
        self.assertEqual((status, seconds < 2), (0, True), server.log)
        self.assertEqual(other.events, ["started", "stopped"])
        self.assertIn("the program ends, and 2 events were not taken", server.log)

    def test_a_receiver_that_hangs_in_an_older_event_gets_the_last_one(self):
        release = threading.Event()
        self.addCleanup(release.set)

        def hang_once(post, number):
            if number == 0:
                release.wait(60)
            return 204, {}, b""
        receiver = self.receiver(hang_once)
        server = self.server(*TONE, "--webhook", receiver.url)
        receiver.event("started")
        status, seconds = server.stop()
        self.assertEqual((status, seconds < 2), (0, True), server.log)
        self.assertEqual(receiver.events[-1], "stopped")
        self.assertIn("the program ends, and 1 event was not taken", server.log)

    def test_a_name_server_that_hangs_holds_up_neither_another_receiver_nor_the_stop(self):
        receiver = self.receiver()
        server = self.server(
            *TONE, "--webhook", "http://receiver.example/x", "--webhook", receiver.url,
            environment=self.enterContext(Preloaded("slow_names")))
        server.wait_log("getaddrinfo waits")
        # libcurl gives up a connection after five seconds.
        server.wait_log("warning: webhook: http://receiver.example: .* the event started is tried again")
        status, seconds = server.stop()
        self.assertEqual((status, seconds < 2), (0, True), server.log)
        self.assertEqual(receiver.events, ["started", "stopped"])

    def test_answers_without_an_end_are_cut_off_and_their_status_counts(self):
        def endless(post, number):
            return 200, {"Content-Length": 1 << 40}, bytes(1 << 20)
        receiver = self.receiver(endless)
        server = self.server("--source", "file:/nowhere.wav", "--webhook", receiver.url)
        receiver.event("source_lost")
        wait_until(
            lambda: Metrics(server)['ringcast_webhook_events_total{host="127.0.0.1",outcome="sent"}'] == 2, TIMEOUT,
            "both events are taken")
        self.assertNotIn("webhook", server.log)

    def test_no_redirect_is_followed(self):
        target = self.receiver()
        receiver = self.receiver(lambda post, number: (307, {"Location": f"{target.url}/x"}, b""))
        server = self.server(*TONE, "--webhook", receiver.url)
        server.wait_log("the event started is refused: status 307, a redirect")
        self.assertEqual(target.posts, [])

    def test_a_certificate_that_nobody_vouches_for_gets_no_event(self):
        other = self.server(*TONE, "--tls-self")
        server = self.server(*TONE, "--webhook", f"{other.url}secret")
        server.wait_log(r"warning: webhook: https://127.0.0.1:\d+: .*certificate.* is tried again")

    def test_a_receiver_at_whose_end_nobody_listens_does_not_hold_up_the_stop(self):
        server = self.server(*TONE, "--webhook", f"http://127.0.0.1:{free_port()}")
        server.wait_log("is tried again")
        status, seconds = server.stop()
        self.assertEqual((status, seconds < 2), (0, True))


if __name__ == "__main__":
    unittest.main()
