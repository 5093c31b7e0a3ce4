"""Uploads: forms and pieces come to the disk whole or not at all, and are served as what they are."""

import http.client
import json
import os
import random
import secrets
import shutil
import socket
import tempfile
import threading
import unittest
from pathlib import Path

import requests

from support import processes
from support.server import Server, program, refusal
from support.waiting import TIMEOUT, wait_until

FLAGS = ["--source", "tone", "--segment-length", "0.5", "--ring-size", 10]


def sound(seconds, *codec, ending="wav", frequency=440):
    """The bytes of a tone in a format."""
    with tempfile.TemporaryDirectory(prefix="tone.") as folder:
        path = Path(folder, f"tone.{ending}")
        result = processes.run([
            "ffmpeg", "-v", "error", "-f", "lavfi", "-i", f"sine=frequency={frequency}:duration={seconds}:sample_rate=48000",
            *codec, path])
        if result.returncode != 0:
            raise AssertionError(result.stderr.decode())
        return path.read_bytes()


class Case(unittest.TestCase):
    flags = ["--upload-open"]
    environment = None

    def setUp(self):
        folder = self.enterContext(tempfile.TemporaryDirectory(prefix="uploads."))
        self.folder = Path(folder, "made")

    def begin(self, *flags, **options):
        self.server = self.enterContext(Server(*FLAGS, "--uploads", self.folder, *self.flags, *flags, **options))
        return self.server

    def url(self, path):
        return self.server.url.rstrip("/") + path

    def post(self, content=b"", path="/recordings", name="tone.wav", headers=None, **fields):
        return requests.post(
            self.url(path), files={"audio": (name, content)} if content is not None else {"x": ("x", b"")},
            data=fields, headers=headers, timeout=TIMEOUT)

    def listed(self, headers=None):
        return [entry for entry in json.loads(self.server.get("/recordings.json", headers))["recordings"]
                if entry.get("upload")]

    def files(self):
        return sorted(path.name for path in self.folder.iterdir())

    def wait_no_rest(self, count=0):
        """Waits until nothing but whole uploads is in the folder."""
        wait_until(
            lambda: not [name for name in self.files() if name.endswith((".form", ".part", ".tmp"))]
            and len([name for name in self.files() if name.endswith(".json")]) == count,
            TIMEOUT, lambda: f"only {count} whole uploads stay: {self.files()}\n{self.server.log}")

    def wait_state(self, state, headers=None):
        return wait_until(
            lambda: (found := self.listed(headers)) and all(entry["state"] == state for entry in found) and found,
            TIMEOUT, lambda: f"the uploads are {state}: {self.listed(headers)}\n{self.server.log}")


class Forms(Case):
    def test_a_form_of_requests_and_of_curl_becomes_a_file_that_is_served_bit_for_bit(self):
        self.begin()
        wave = sound(1)
        answer = self.post(wave, name="../../My “voice”.wav")
        self.assertEqual((answer.status_code, answer.json()["status"]), (201, "success"))
        name = answer.json()["filename"]
        self.assertRegex(name, r"^upload-\d{8}T\d{6}Z-[0-9a-f]{16}\.wav$")
        self.assertEqual(answer.headers["Location"], f"/recordings/{name}")
        served = requests.get(self.url(answer.headers["Location"]), timeout=TIMEOUT)
        self.assertEqual(served.content, wave)
        self.assertEqual(served.headers["Content-Type"], "audio/wav")
        self.assertEqual(served.headers["X-Content-Type-Options"], "nosniff")
        self.assertIn("sandbox", served.headers["Content-Security-Policy"])
        part = requests.get(self.url(f"/recordings/{name}"), headers={"Range": "bytes=100-199"}, timeout=TIMEOUT)
        self.assertEqual((part.status_code, part.content), (206, wave[100:200]))
        with tempfile.NamedTemporaryFile(suffix=".exe") as file:
            file.write(sound(1, "-c:a", "libopus", ending="ogg"))
            file.flush()
            result = processes.run([
                "curl", "-sS", "-i", "-F", f"audio=@{file.name}", "-F", "name=A dog", self.url("/upload-audio")])
        head, _, body = result.stdout.partition(b"\r\n\r\n")
        if head.startswith(b"HTTP/1.1 100"):
            head, _, body = body.partition(b"\r\n\r\n")
        self.assertTrue(head.startswith(b"HTTP/1.1 200"), head)
        # The bytes say the format, and not the name.
        self.assertTrue(json.loads(body)["filename"].endswith(".ogg"))
        self.assertEqual({entry["title"] for entry in self.listed()}, {"My “voice”", "A dog"})
        self.wait_no_rest(2)

    def test_each_error_is_json_and_leaves_nothing(self):
        self.begin("--upload-max-size", "1MB", "--upload-quota", "3MB", "--upload-max-count", 2, "--upload-formats", "wav,flac")
        wave = sound(3)
        cases = [
            (400, lambda: self.post(None)), (400, lambda: self.post(b"")),
            (400, lambda: requests.post(
                self.url("/recordings"), data=b"no form", headers={"Content-Type": "multipart/form-data; boundary=x"},
                timeout=TIMEOUT)),
            (400, lambda: requests.post(
                self.url("/recordings"), headers={"Content-Type": "multipart/form-data; boundary=x"}, timeout=TIMEOUT,
                data=b"--x\r\nContent-Disposition: form-data; name=\"audio\"\r\n\r\n" + wave)),
            (415, lambda: requests.post(self.url("/recordings"), data=wave, timeout=TIMEOUT)),
            (415, lambda: self.post(b"#EXTM3U\nfile:///etc/passwd\n" * 20)),
            (415, lambda: self.post(b"<script>alert(1)</script>", name="a.wav")),
            (415, lambda: self.post(sound(1, "-c:a", "libopus", ending="ogg"))),
            (413, lambda: self.post(wave + bytes(1_000_000))),
            # The length is not declared: the limit holds while the bytes come.
            (413, lambda: requests.post(
                self.url("/recordings"), headers={"Content-Type": "multipart/form-data; boundary=x"}, timeout=TIMEOUT,
                data=iter([b"--x\r\nContent-Disposition: form-data; name=\"audio\"\r\n\r\n", wave, *[bytes(65536)] * 20]))),
            (405, lambda: requests.get(self.url("/upload-audio"), timeout=TIMEOUT)),
        ]
        for status, send in cases:
            answer = send()
            self.assertEqual(answer.status_code, status, answer.text)
            if status != 405:
                self.assertEqual(answer.json()["status"], "error", answer.text)
        foreign = self.post(wave, headers={"Origin": "https://elsewhere.example"})
        self.assertEqual((foreign.status_code, foreign.json()["status"]), (403, "error"))
        self.wait_no_rest(0)
        for _ in range(2):
            self.assertEqual(self.post(wave).status_code, 201)
        full = self.post(wave)
        self.assertEqual((full.status_code, full.json()["status"]), (507, "error"))
        self.wait_no_rest(2)

    def test_a_quota_that_is_used_up_is_507(self):
        self.begin("--upload-quota", "1MB", "--upload-max-size", "1MB")
        wave = sound(7)
        self.assertEqual(self.post(wave).status_code, 201)
        self.assertEqual(self.post(wave).status_code, 507)
        self.wait_no_rest(1)

    def test_a_form_that_breaks_off_leaves_nothing(self):
        self.begin()
        head = (
            f"POST /recordings HTTP/1.1\r\nHost: {self.server.host}:{self.server.port}\r\n"
            "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 1000000\r\n\r\n"
            "--x\r\nContent-Disposition: form-data; name=\"audio\"\r\n\r\n").encode()
        with socket.create_connection((self.server.host, self.server.port)) as client:
            client.sendall(head + sound(1))
            wait_until(lambda: any(name.endswith(".form") for name in self.files()), TIMEOUT, "the form is being written")
        self.wait_no_rest(0)
        # A crash in the middle leaves nothing either.
        with socket.create_connection((self.server.host, self.server.port)) as client:
            client.sendall(head + sound(1))
            wait_until(lambda: any(name.endswith(".form") for name in self.files()), TIMEOUT, "the form is being written")
            self.server.kill()
        self.begin()
        self.wait_no_rest(0)

    def test_a_thousand_forms_of_random_bytes_leave_nothing_but_sound(self):
        self.begin("--upload-formats", "flac")
        numbers = random.Random(19)
        words = [b"--x", b"\r\n", b"--", b"Content-Disposition: form-data; name=\"audio\"", b"\r\n\r\n", b"fLaC", b"\0", b"\""]
        connection = http.client.HTTPConnection(self.server.host, self.server.port, timeout=TIMEOUT)
        for _ in range(1000):
            body = b"".join(
                numbers.choice(words) if numbers.random() < 0.7 else numbers.randbytes(numbers.randrange(40))
                for _ in range(numbers.randrange(20)))
            try:
                connection.request("POST", "/recordings", body, {"Content-Type": "multipart/form-data; boundary=x"})
                answer = connection.getresponse()
                answer.read()
            except (ConnectionError, http.client.HTTPException):
                connection.close()
                continue
            self.assertIn(answer.status, (201, 400, 413, 415))
        connection.close()
        wait_until(
            lambda: not [name for name in self.files() if name.endswith((".form", ".part"))], TIMEOUT,
            lambda: f"{self.files()}")
        self.assertEqual(len([n for n in self.files() if n.endswith(".json")]), len([n for n in self.files() if n.endswith(".flac")]))
        self.assertIn(b"#EXTM3U", self.server.get("/live.m3u8"))


class Cutting:
    """A proxy that cuts each connection after some bytes of the client."""

    def __init__(self, server, most):
        self._server, self._most = server, most
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.cuts = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._socket.close()

    def _accept(self):
        while True:
            try:
                client, _ = self._socket.accept()
            except OSError:
                return
            server = socket.create_connection((self._server.host, self._server.port))
            threading.Thread(target=self._back, args=(server, client), daemon=True).start()
            threading.Thread(target=self._forth, args=(client, server), daemon=True).start()

    def _forth(self, client, server):
        left = self._most
        try:
            while left > 0 and (data := client.recv(min(left, 4096))):
                server.sendall(data)
                left -= len(data)
        except OSError:
            pass
        self.cuts += left <= 0
        for end in (client, server):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    @staticmethod
    def _back(server, client):
        try:
            while data := server.recv(4096):
                client.sendall(data)
        except OSError:
            pass


class Pieces(Case):
    def setUp(self):
        super().setUp()
        self.key = secrets.token_hex(16)

    def path(self, key=None):
        return f"/recordings/uploads/{key or self.key}"

    def put(self, content, offset, port=None):
        base = f"http://127.0.0.1:{port}" if port else self.server.url.rstrip("/")
        return requests.put(f"{base}{self.path()}?offset={offset}", data=content, timeout=TIMEOUT)

    def state(self):
        return requests.get(self.url(self.path()), timeout=TIMEOUT)

    def finish(self, **content):
        return requests.post(self.url(self.path()), json=content, timeout=TIMEOUT)

    def test_pieces_join_to_a_sound_over_a_line_that_is_cut(self):
        self.begin()
        wave = sound(4)
        self.assertEqual(self.state().status_code, 404)
        with Cutting(self.server, 60_000) as proxy:
            offset = tries = 0
            while offset < len(wave):
                tries += 1
                self.assertLess(tries, 100)
                try:
                    answer = self.put(wave[offset:offset + 100_000], offset, proxy.port)
                    offset = answer.json()["offset"]
                except requests.RequestException:
                    # The line is cut: the server knows how far it came.
                    offset = self.state().json().get("offset", 0)
            self.assertGreater(proxy.cuts, 2)
        answer = self.finish(name="Cut and joined")
        self.assertEqual(answer.status_code, 201)
        # The answer may get lost, too.
        self.assertEqual(self.finish().json()["filename"], answer.json()["filename"])
        self.assertEqual(requests.get(self.url(answer.headers["Location"]), timeout=TIMEOUT).content, wave)
        self.assertEqual([entry["title"] for entry in self.listed()], ["Cut and joined"])
        self.assertTrue(self.state().json()["complete"])
        self.wait_no_rest(1)

    def test_pieces_go_on_after_kill_9(self):
        self.begin()
        wave = sound(1)
        self.assertEqual(self.put(wave[:50_000], 0).json()["offset"], 50_000)
        self.server.kill()
        self.begin()
        self.assertEqual(self.state().json(), {"offset": 50_000, "complete": False})
        wrong = self.put(wave[40_000:], 40_000)
        self.assertEqual((wrong.status_code, wrong.json()["offset"]), (409, 50_000))
        self.assertEqual(self.put(wave[50_000:], 50_000).json()["offset"], len(wave))
        answer = self.finish()
        self.assertEqual(requests.get(self.url(answer.headers["Location"]), timeout=TIMEOUT).content, wave)

    def closed(self):
        """Starts with a sound that the station has closed after an hour, and that its author has not sent."""
        self.begin("--upload-publish")
        wave = sound(1)
        self.put(wave, 0)
        name = self.finish().json()["id"]
        self.server.stop()
        path = self.folder / f"{name}.json"
        record = json.loads(path.read_text()) | {"sent": False, "published": False}
        path.write_text(json.dumps(record))
        self.begin("--upload-publish")
        return name, wave

    def test_a_sound_that_was_not_sent_is_for_operators_alone_until_its_author_sends_it(self):
        name, wave = self.closed()
        operator = self.server.operator_headers
        file = self.url(f"/recordings/{name}.wav")
        state = self.state().json()
        self.assertEqual((state["complete"], state["sent"], state["offset"]), (True, False, len(wave)))
        self.assertEqual(self.put(b"more", len(wave)).status_code, 409)
        self.assertEqual(self.listed(), [])
        self.assertEqual(requests.get(file, timeout=TIMEOUT).status_code, 404)
        self.assertEqual(requests.get(file, headers=operator, timeout=TIMEOUT).content, wave)
        listed = requests.get(self.url("/recordings/uploads.json"), headers=operator, timeout=TIMEOUT).json()["uploads"]
        self.assertEqual([(entry["id"], entry["sent"]) for entry in listed], [(name, False)])
        publish = requests.post(self.url(f"/recordings/{name}/publish"), headers=operator, timeout=TIMEOUT)
        self.assertEqual(publish.status_code, 409)
        answer = self.finish(name="My late voice")
        self.assertEqual((answer.status_code, answer.json()["id"]), (201, name))
        self.assertEqual([(entry["title"], entry["published"]) for entry in self.listed()], [("My late voice", True)])
        self.assertEqual(requests.get(file, timeout=TIMEOUT).content, wave)
        self.assertEqual(requests.delete(self.url(self.path()), timeout=TIMEOUT).status_code, 409)

    def test_a_sound_that_was_not_sent_is_gone_when_its_author_discards_it(self):
        self.closed()
        self.assertEqual(requests.delete(self.url(self.path()), timeout=TIMEOUT).status_code, 204)
        wait_until(lambda: self.state().status_code == 404 and not self.files(), TIMEOUT, lambda: f"{self.files()}")

    def test_pieces_are_refused_by_the_same_limits(self):
        self.begin("--upload-max-size", "1MB", "--upload-formats", "wav")
        self.assertEqual(self.put(b"", 5).status_code, 409)
        self.assertEqual(requests.put(self.url(self.path()), data=b"x", timeout=TIMEOUT).status_code, 400)
        self.assertEqual(self.put(b"#EXTM3U\n" * 20, 0).status_code, 415)
        self.assertEqual(self.state().status_code, 404)
        self.assertEqual(self.put(sound(1) + bytes(1_000_000), 0).status_code, 413)
        self.assertEqual(self.put(b"RIFF", 0).status_code, 200)
        self.assertEqual(self.finish().status_code, 415)
        self.assertEqual(self.finish(path="../x").status_code, 400)
        self.assertEqual(requests.delete(self.url(self.path()), timeout=TIMEOUT).status_code, 204)
        self.wait_no_rest(0)
        answer = requests.put(
            self.url(self.path()) + "?offset=0", data=b"RIFF", headers={"Origin": "https://elsewhere.example"}, timeout=TIMEOUT)
        self.assertEqual(answer.status_code, 403)


class Rights(Case):
    flags = []

    def test_without_a_flag_there_are_no_uploads(self):
        self.server = self.enterContext(Server(*FLAGS))
        for path in ("/record", "/record/", "/record.json", "/record/style.css", "/recordings.json"):
            self.assertEqual(self.server.request(path).status, 404, path)
        self.assertIn(self.post(b"x", path="/upload-audio").status_code, (404, 405))
        self.assertIn("--uploads PATH", refusal("--upload-open"))

    def test_a_token_or_an_invite_lets_people_upload_and_an_operator_publishes(self):
        tokens = self.enterContext(tempfile.NamedTemporaryFile("w", suffix=".tokens"))
        tokens.write("swordfish-of-the-uploads\n")
        tokens.flush()
        os.chmod(tokens.name, 0o600)
        sound_folder = self.enterContext(tempfile.TemporaryDirectory(prefix="sound."))
        self.begin("--upload-token-file", tokens.name, "--rooms", sound=sound_folder)
        wave = sound(1)
        self.assertEqual(self.post(wave).status_code, 401)
        self.assertFalse(requests.get(self.url("/record.json"), timeout=TIMEOUT).json()["mayUpload"])
        right = {"Authorization": "Bearer swordfish-of-the-uploads"}
        answer = self.post(wave, headers=right)
        self.assertEqual(answer.status_code, 201)
        for role, status in (("talker", 201), ("listener", 401)):
            link = self.invite(sound_folder, role)
            self.assertEqual(self.post(wave, headers={"Ringcast-Invite": link}).status_code, status)
        # Nobody else sees the uploads yet.
        location = self.url(answer.headers["Location"])
        self.assertEqual(len(self.listed(right)), 2)
        self.assertEqual(self.listed(), [])
        self.assertEqual(requests.get(location, timeout=TIMEOUT).status_code, 404)
        self.assertEqual(requests.get(location, headers=right, timeout=TIMEOUT).content, wave)
        name = answer.json()["id"]
        publish = self.url(f"/recordings/{name}/publish")
        self.assertEqual(requests.post(publish, headers=right, timeout=TIMEOUT).status_code, 401)
        operator = self.server.operator_headers
        self.assertEqual(requests.post(publish, headers=operator, timeout=TIMEOUT).status_code, 200)
        wait_until(lambda: [entry["id"] for entry in self.listed()] == [name], TIMEOUT, "the upload is published")
        self.assertEqual(requests.get(location, timeout=TIMEOUT).content, wave)
        requests.post(self.url(f"/recordings/{name}/remove"), headers=operator, timeout=TIMEOUT)
        wait_until(lambda: requests.get(location, timeout=TIMEOUT).status_code == 404, TIMEOUT, "the upload is gone")
        self.wait_no_rest(1)
        self.assertNotIn("swordfish-of-the-uploads", self.server.log)

    def invite(self, folder, role):
        result = processes.run([
            program(), "--rooms", "--sound-dir", folder, "--port", 8080, "--invite", "talk", "--role", role])
        return result.stdout.decode().strip().split("invite=")[1]

    def test_an_upload_is_published_at_once_where_a_flag_says_so(self):
        self.flags = ["--upload-open", "--upload-publish", "--listen-token", "listeners-swordfish"]
        self.begin()
        answer = self.post(sound(1))
        right = {"Authorization": "Bearer listeners-swordfish"}
        self.assertTrue(self.listed(right)[0]["published"])


    def test_uploads_are_listed_where_streams_have_tokens_of_their_own_and_none_is_recorded(self):
        tokens = self.enterContext(tempfile.NamedTemporaryFile("w", suffix=".tokens"))
        tokens.write("swordfish-of-the-uploads\n")
        tokens.flush()
        os.chmod(tokens.name, 0o600)
        self.server = self.enterContext(Server(
            "--segment-length", "0.5", "--ring-size", 10, "--uploads", self.folder, "--upload-token-file", tokens.name,
            "--source", "tone", "--stream", "tower", "--stream", "hall", "--listen-token", "hall-sesame-of-the-listeners"))
        answer = self.post(sound(1), headers={"Authorization": "Bearer swordfish-of-the-uploads"})
        self.assertEqual(answer.status_code, 201)
        # The page keeps the token of its address as a cookie.
        session = requests.Session()
        first = session.get(self.url("/recordings.json?token=swordfish-of-the-uploads"), timeout=TIMEOUT)
        again = session.get(self.url("/recordings.json"), timeout=TIMEOUT)
        for found in (first, again):
            self.assertEqual([entry["id"] for entry in found.json()["recordings"]], [answer.json()["id"]])
        wrong = requests.get(self.url("/recordings.json?token=wrong-swordfish"), timeout=TIMEOUT)
        # The stream "tower" is open: everybody sees what is published, which is nothing.
        self.assertEqual((wrong.status_code, wrong.json()["recordings"]), (200, []))


@unittest.skipUnless(shutil.which("ffmpeg"), "ffmpeg makes the copies")
class Copies(Case):
    def test_ffmpeg_makes_a_copy_with_length_and_peaks(self):
        self.begin()
        for codec, ending in (
                (["-c:a", "libopus"], "webm"), (["-c:a", "flac"], "flac"), (["-c:a", "libvorbis"], "ogg"), ([], "wav"),
                (["-c:a", "aac", "-movflags", "frag_keyframe+empty_moov"], "mp4"), (["-c:a", "libmp3lame"], "mp3"),
                (["-c:a", "aac"], "aac"), ([], "aiff")):
            answer = self.post(sound(2, *codec, ending=ending), name="x.exe")
            self.assertEqual(answer.status_code, 201, (ending, answer.text))
        entries = self.wait_state("ready")
        self.assertEqual(len(entries), 8)
        for entry in entries:
            self.assertEqual(entry["type"], "audio/mpeg")
            self.assertAlmostEqual(entry["length"], 2, delta=0.15)
            self.assertGreater(max(entry["peaks"]), 5)
            copy = requests.get(self.url(entry["url"]), timeout=TIMEOUT).content
            with tempfile.NamedTemporaryFile(suffix=".mp3") as file:
                file.write(copy)
                file.flush()
                probe = json.loads(processes.run([
                    "ffprobe", "-v", "error", "-show_streams", "-of", "json", file.name]).stdout)
            self.assertEqual([stream["codec_name"] for stream in probe["streams"]], ["mp3"])
        # After a restart, all is there.
        self.server.stop()
        self.begin()
        self.assertEqual(self.listed(), entries)

    def test_a_sound_that_cannot_be_decoded_is_served_as_it_is(self):
        self.begin()
        answer = self.post(b"fLaC" + bytes(1000))
        self.wait_state("original")
        self.server.wait_log("the original is served")
        self.assertEqual(requests.get(self.url(answer.headers["Location"]), timeout=TIMEOUT).status_code, 200)
        self.assertFalse([name for name in self.files() if name.endswith(".copy.mp3")])

    def test_an_upload_goes_on_the_air(self):
        passwords = self.enterContext(tempfile.NamedTemporaryFile("w", suffix=".passwords"))
        passwords.write("source-swordfish-of-the-air\n")
        passwords.flush()
        os.chmod(passwords.name, 0o600)
        self.server = self.enterContext(Server(
            "--source", "icecast", "--source-password-file", passwords.name, "--segment-length", "0.5", "--ring-size", 10,
            "--uploads", self.folder, "--upload-open"))
        self.post(sound(30, ending="flac"))
        name = self.wait_state("ready")[0]["id"]
        operator = self.server.operator_headers
        air = self.url(f"/recordings/{name}/air?stream=live")
        self.assertEqual(requests.post(air, timeout=TIMEOUT).status_code, 401)
        answer = requests.post(air, headers=operator, timeout=TIMEOUT)
        self.assertEqual(answer.status_code, 200, answer.text)
        self.server.wait_log("upload from this station is live with MP3")
        self.assertEqual(requests.post(air, headers=operator, timeout=TIMEOUT).status_code, 409)
        wrong = requests.post(self.url(f"/recordings/{name}/air?stream=other"), headers=operator, timeout=TIMEOUT)
        self.assertEqual(wrong.status_code, 409)
