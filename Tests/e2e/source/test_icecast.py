"""Source clients of Icecast: they go live on a stream, and each refusal has the status that they understand."""

import base64
import json
import os
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path
from urllib.parse import quote

import numpy as np

from support import processes
from support.sources.source_client import PASSWORD, FFmpeg, RawClient
from support.formats import mp3
from support.machine.certificate import Certificate
from support.server import Server
from support.waiting import TIMEOUT, wait_until

HEAD = """SOURCE /live HTTP/1.0
Authorization: Basic KEY
Content-Type: audio/mpeg
User-Agent: test/1
ice-name: Night shift

"""


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="icecast.")))
        self.passwords = self.folder / "passwords"
        self.passwords.write_text(f"# DJs\n{PASSWORD}\nanna:geheim\n")
        self.passwords.chmod(0o600)

    def server(self, *flags, **options):
        return self.enterContext(Server(
            "--source", "icecast", "--source-password-file", self.passwords, "--segment-length", 0.5, "--ring-size", 60,
            *flags, **options))

    def sounds(self, server, decibels=-12):
        """Waits until the stream has the level of a client, within 3 dB; None is silence."""
        def holds():
            levels = server.information()["levels"]
            return levels and all(
                abs(level["rms"] - decibels) < 3 if decibels is not None else level["rms"] < -90 for level in levels)
        wait_until(holds, TIMEOUT, lambda: f"a level of {decibels}, but {server.information()}\n{server.log}")

    def heard(self, server, seconds):
        """The newest sound of the ring, decoded: samples of the first channel."""
        first = server.wait_playlist().last
        last = server.wait_playlist(lambda playlist: playlist.last >= first + 2 * seconds + 2).last
        entries = [entry for entry in server.playlist().entries if first < entry.sequence <= last]
        segments = [mp3.segment(server.get(f"/{entry.uri}")) for entry in entries]
        return mp3.decode(b"".join(segment.payload for segment in segments), 2)[:, 0]

    def source_client(self, server):
        return json.loads(server.operator_get("/status"))["sourceClient"]

    def title(self, server):
        return json.loads(server.get("/live/metadata"))


class Formats(Case):
    def test_each_format_is_heard_with_every_rate_and_through_each_ending(self):
        server = self.server()
        for form, mount, rate in [
            ("mp3", "/live.mp3", 44100), ("vorbis", "/live.ogg", 48000), ("opus", "/live.opus", 48000),
            ("flac", "/live.flac", 44100), ("ogg-flac", "/live", 48000),
        ]:
            with self.subTest(form), FFmpeg(server, form, mount, rate=rate):
                self.sounds(server)
                self.assertIsNone(server.information()["alarm"])
            wait_until(lambda: self.source_client(server) is None, TIMEOUT, lambda: server.log)
            self.sounds(server, None)
        self.assertEqual(server.information()["sampleRate"], 48000)

    def test_a_client_that_runs_ahead_is_slowed_down_and_heard_without_a_gap(self):
        # A machine that stands still for a moment makes no gap in the sound of such a client.
        server = self.server()
        with FFmpeg(server, "mp3", is_ahead=True):
            self.sounds(server)
            sound = self.heard(server, 6)
        # The power of each 10 ms is that of a sine which goes on.
        blocks = sound[2000:-2000]
        blocks = blocks[:len(blocks) // 480 * 480].reshape(-1, 480)
        levels = np.sqrt(np.mean(blocks.astype(float) ** 2, axis=1))
        self.assertGreater(levels.min(), 0.9 * np.median(levels), server.log)


class Clients(Case):
    def test_a_client_of_http_1_0_goes_live_and_is_seen_by_operators(self):
        server = self.server()
        with FFmpegBytes() as sound, RawClient(server, HEAD) as client:
            self.assertRegex(client.answer(), r"^HTTP/1\.0 200 ")
            sound.pump(client)
            self.sounds(server)
            seen = self.source_client(server)
            self.assertEqual(
                {key: seen[key] for key in ("user", "address", "program", "name", "format")},
                {"user": "source", "address": "127.0.0.1", "program": "test/1", "name": "Night shift", "format": "MP3"})
        wait_until(lambda: self.source_client(server) is None, TIMEOUT, lambda: server.log)
        lost = "source: no source client is live; silence is sent until one is"
        wait_until(lambda: server.log.count(lost) == 2, TIMEOUT, lambda: server.log)

    def test_an_old_client_that_names_the_version_of_icecast_goes_live(self):
        server = self.server()
        with RawClient(server, HEAD.replace("HTTP/1.0", "ICE/1.0")) as client:
            self.assertRegex(client.answer(), r"^HTTP/1\.0 200 ")
            wait_until(lambda: self.source_client(server) is not None, TIMEOUT, lambda: server.log)

    def test_files_of_flac_that_name_their_length_are_played_one_after_the_other(self):
        server = self.server()
        file = self.folder / "tone.flac"
        subprocess.run(
            ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=frequency=1000:sample_rate=48000:duration=2", "-af",
             "volume=6dB", "-metadata", "title=File", file], check=True, timeout=TIMEOUT)
        # More than the queues of the server hold.
        sound = file.read_bytes() * 5
        with RawClient(server, HEAD.replace("audio/mpeg", "audio/flac")) as client:
            self.assertRegex(client.answer(), r"^HTTP/1\.0 200 ")
            client.socket.settimeout(TIMEOUT)
            client.socket.sendall(sound)
            wait_until(lambda: self.title(server)["title"] == "File", TIMEOUT, lambda: server.log)
            client.socket.sendall(b"no FLAC " * 10)
            server.wait_log("is disconnected: the sound is no FLAC; the client must send MP3")
        self.assertIsNone(self.source_client(server))

    def test_a_client_that_is_killed_comes_back(self):
        server = self.server("--fallback", "tone")
        with FFmpeg(server) as client:
            self.sounds(server)
            client.kill()
            server.wait_log("source client: source from 127.0.0.1 (is gone|has ended)")
            # The first of these lines is that of the start.
            lost = "source: no source client is live; the fallback is played until one is"
            wait_until(lambda: server.log.count(lost) == 2, TIMEOUT, lambda: server.log)
        before = server.log.count("the client's sound plays")
        with FFmpeg(server):
            wait_until(lambda: server.log.count("the client's sound plays") > before, TIMEOUT, lambda: server.log)
            self.sounds(server)
        self.assertNotIn("dates leap", server.log)

    def test_a_second_client_is_refused_and_with_the_flag_it_takes_over(self):
        server = self.server()
        with FFmpeg(server):
            self.sounds(server)
            with RawClient(server, HEAD) as second:
                text = second.rest()
                self.assertIn(" 403 ", text)
                self.assertIn("Mountpoint in use", text)
            server.wait_log("is refused, because source from 127.0.0.1 is live; --source-takeover lets")
        server = self.server("--source-takeover")
        with FFmpeg(server) as first:
            self.sounds(server)
            with FFmpeg(server, "vorbis", user="anna", password="geheim"):
                server.wait_log("anna from 127.0.0.1 is live .*takes over from source")
                first.process.wait(TIMEOUT)
                self.sounds(server)
                self.assertEqual(self.source_client(server)["user"], "anna")

    def test_an_operator_disconnects_a_client(self):
        server = self.server()
        with FFmpeg(server) as client:
            self.sounds(server)
            self.assertEqual(server.request("/live/disconnect", "POST").status, 401)
            self.assertEqual(server.request("/live/disconnect", "POST", server.operator_headers).status, 204)
            client.process.wait(TIMEOUT)
        server.wait_log("is disconnected by an operator")
        self.assertEqual(server.request("/live/disconnect", "POST", server.operator_headers).status, 409)

    def test_a_source_client_needs_no_token_of_a_listener_and_may_not_listen(self):
        server = self.server("--listen-token", "listeners-only")
        with FFmpeg(server):
            def is_live():
                return self.source_client(server) is not None
            wait_until(is_live, TIMEOUT, lambda: server.log)
            key = base64.b64encode(f"source:{PASSWORD}".encode()).decode()
            for path in ("/live.json", "/live.m3u8", "/live/metadata"):
                self.assertEqual(server.request(path, headers={"Authorization": f"Basic {key}"}).status, 401, path)
                self.assertNotEqual(server.request(f"{path}?token=listeners-only").status, 401, path)

    def test_over_tls(self):
        server = self.server(certificate=Certificate.OWN)
        with FFmpegBytes() as sound, RawClient(server, HEAD.replace("1.0", "1.1\nHost: localhost")) as client:
            self.assertRegex(client.answer(), r"^HTTP/1\.0 200 ")
            sound.pump(client)
            self.sounds(server)


class Refusals(Case):
    def refused(self, server, head, status, text, log, password=PASSWORD):
        with RawClient(server, head, password) as client:
            answer = client.rest()
            self.assertIn(f" {status} ", answer.split("\n")[0])
            self.assertIn(text, answer)
        server.wait_log(log)

    def test_each_refusal_has_a_status_and_a_line_that_says_what_to_do(self):
        server = self.server()
        self.refused(
            server, HEAD, 401, 'WWW-Authenticate: Basic realm="ringcast"',
            r"127.0.0.1 shows a wrong user or password \(failure 1\); the file .*passwords has the right ones", "wrong")
        self.refused(
            server, HEAD.replace("/live", "/nothing"), 404, "The mount /nothing is not known",
            "asks for /nothing, which takes no source clients; the mounts are /live")
        self.refused(
            server, HEAD.replace("audio/mpeg", "audio/aac"), 415, "Content-type not supported; send MP3 (audio/mpeg)",
            "sends audio/aac, which is not taken; the client must send MP3")
        self.refused(
            server, HEAD.replace("Night shift", "Night\x1b[31m"), 400, "Ice-Name", "invalid header field Ice-Name")
        with FFmpeg(server, "mp3", password="wrong") as client:
            self.assertIn("401", client.refusal())

    def test_many_wrong_passwords_are_slowed_down(self):
        server = self.server()
        statuses = []
        for _ in range(6):
            with RawClient(server, HEAD, "wrong") as client:
                statuses.append(client.rest().split()[1])
        self.assertEqual(statuses[:4], ["401"] * 4)
        self.assertIn("429", statuses[4:])

    def test_sound_that_is_none_is_refused(self):
        server = self.server()
        with RawClient(server, HEAD) as client:
            self.assertIn(" 200 ", client.answer())
            with self.assertRaises((BrokenPipeError, ConnectionResetError, TimeoutError)):
                while True:
                    client.socket.sendall(b"no sound " * 5000)
        server.wait_log("is disconnected: 2097152 bytes give no sound; the client must send MP3")
        with FFmpeg(server):
            self.sounds(server)

    def test_aac_that_is_called_mp3_is_refused(self):
        server = self.server()
        with RawClient(server, HEAD) as client:
            client.answer()
            client.socket.sendall(bytes([0xFF, 0xF1, 0x50, 0x80]) * 100)
            server.wait_log("is disconnected: the sound is AAC; the client must send MP3")

    def test_a_web_page_is_no_source_client(self):
        server = self.server()
        self.refused(
            server, HEAD.replace("User-Agent", "Origin: https://example.org\nUser-Agent"), 403, "a web page", "")

    def test_passwords_are_read_again(self):
        server = self.server()
        self.passwords.write_text("other\n")
        server.process.send_signal(signal.SIGHUP)
        server.wait_log("reload: done")
        with RawClient(server, HEAD, "other") as client:
            self.assertIn(" 200 ", client.answer())
        self.refused(server, HEAD, 401, "authenticate", "wrong user or password")


class Titles(Case):
    def update(self, server, query, password=PASSWORD):
        key = base64.b64encode(f"source:{password}".encode()).decode()
        return server.request(
            f"/admin/metadata?mode=updinfo&mount=/live&{query}", headers={"Authorization": f"Basic {key}"})

    def test_a_client_sets_titles_while_it_is_live(self):
        server = self.server()
        self.assertEqual(self.update(server, "song=A").status, 400)
        with FFmpeg(server):
            self.sounds(server)
            self.assertEqual(self.update(server, "song=" + quote("Anna – Über")).status, 200)
            self.assertEqual(self.title(server)["title"], "Anna – Über")
            self.update(server, "artist=Anna&title=%DCber")
            now = self.title(server)
            self.assertEqual((now["artist"], now["title"]), ("Anna", "Über"))
            self.assertEqual(self.update(server, "song=B", "wrong").status, 401)
            self.assertEqual(self.title(server)["artist"], "Anna")
        wait_until(lambda: self.title(server)["title"] is None, TIMEOUT, lambda: server.log)


class FFmpegBytes:
    """MP3 of a sine in real time, for a client over a socket."""

    def __enter__(self):
        self.process = processes.start(
            ["ffmpeg", "-v", "error", "-re", "-f", "lavfi", "-i", "sine=frequency=1000:sample_rate=48000", "-af",
             "volume=12dB", "-ac", "2", "-c:a", "libmp3lame", "-flush_packets", "1", "-f", "mp3", "-"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        return self

    def pump(self, client, seconds=4):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            client.socket.sendall(os.read(self.process.stdout.fileno(), 4096))

    def __exit__(self, *_):
        processes.end(self.process)
        self.process.stdout.close()


if __name__ == "__main__":
    unittest.main()
