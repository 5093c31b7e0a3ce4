"""https beside http on one station, and the certificate that the station makes."""

import asyncio
import contextlib
import http.client
import json
import re
import signal
import socket
import ssl
import stat
import tempfile
import unittest
from pathlib import Path

from support import processes
from support.clients.room_member import RoomMember, websockets
from support.clients.room_server import room_server
from support.formats import mp3
from support.machine.certificate import Certificate
from support.server import ROOT, Server, program, refusal
from support.waiting import TIMEOUT

FLAGS = ("--source", "tone", "--segment-length", "0.5", "--tls-port", "0")


class BothPorts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        # A client that speaks TLS to the port of http sends no whole request.
        cls.server = cls.enterClassContext(Server(*FLAGS, "--header-timeout", "1", certificate=Certificate.OWN))
        cls.server.wait_playlist(lambda playlist: len(playlist.entries) >= 3)
        cls.sides = {"http": cls.server, "https": cls.server.secure}

    def test_one_line_of_the_log_names_both_addresses(self):
        self.assertRegex(
            self.server.log, r"info: listening on http://127\.0\.0\.1:\d+/ and https://127\.0\.0\.1:\d+/\n")
        self.assertNotEqual(self.server.port, self.server.secure.port)

    def test_page_playlist_and_segments_are_the_same_at_both(self):
        self.assertEqual(self.server.get("/"), self.server.secure.get("/"))
        entry = self.server.playlist().entries[-1]
        segments = [side.get(f"/{entry.uri}") for side in self.sides.values()]
        self.assertEqual(segments[0], segments[1])
        self.assertGreater(mp3.segment(segments[0]).samples, 0)
        self.assertIn(entry.uri, [other.uri for other in self.server.secure.playlist().entries])

    def test_the_endless_stream_plays_at_both_and_both_listeners_count(self):
        with contextlib.ExitStack() as answers:
            for side in self.sides.values():
                connection = side.connect(TIMEOUT)
                connection.request("GET", "/live.mp3")
                answer = answers.enter_context(connection.getresponse())
                self.assertEqual(answer.status, 200)
                self.assertEqual(len(answer.read(20_000)), 20_000)
            self.assertRegex(
                self.server.operator_get("/metrics").decode(), r'(?m)^ringcast_listeners\{[^}]*way="endless"[^}]*\} 2$')

    def test_the_handshake_gives_http2_where_the_client_knows_it(self):
        for offered, chosen in [(["h2", "http/1.1"], "h2"), (["http/1.1"], "http/1.1"), ([], None)]:
            with self.subTest(offered):
                context = self.server.secure.certificate.context
                if offered:
                    context.set_alpn_protocols(offered)
                with socket.create_connection((self.server.secure.host, self.server.secure.port), TIMEOUT) as plain:
                    with context.wrap_socket(plain, server_hostname="localhost") as secure:
                        self.assertEqual(secure.selected_alpn_protocol(), chosen)

    def test_curl_trusts_the_certificate_by_name_and_by_address_and_speaks_http2(self):
        port, chain = self.server.secure.port, self.server.secure.certificate.chain
        for host in ("localhost", "127.0.0.1"):
            result = processes.run(
                ["curl", "-sSf", "--http2", "--cacert", chain, "-o", "/dev/null", "-w", "%{http_version}",
                 f"https://{host}:{port}/live.m3u8"])
            self.assertEqual((result.returncode, result.stderr, result.stdout), (0, b"", b"2"))
        result = processes.run(
            ["curl", "-sS", "--cacert", chain, "--resolve", f"evil.example:{port}:127.0.0.1",
             f"https://evil.example:{port}/"])
        self.assertEqual(result.returncode, 60, result.stderr)

    def test_ffmpeg_trusts_the_certificate_too(self):
        result = processes.run(
            ["ffmpeg", "-v", "error", "-tls_verify", "1", "-ca_file", self.server.secure.certificate.chain, "-i",
             f"{self.server.secure.url}live.m3u8", "-t", "1", "-f", "s16le", "-ac", "1", "-"])
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertGreaterEqual(len(result.stdout), 2 * 44100)

    def test_each_port_refuses_the_language_of_the_other(self):
        connection = http.client.HTTPConnection(self.server.host, self.server.secure.port, timeout=TIMEOUT)
        self.addCleanup(connection.close)
        connection.request("GET", "/")
        answer = connection.getresponse()
        self.assertEqual((answer.status, answer.read()), (400, b"this port speaks https\n"))
        with socket.create_connection((self.server.host, self.server.port), TIMEOUT) as plain:
            with self.assertRaises(OSError):
                self.server.secure.certificate.context.wrap_socket(plain, server_hostname="localhost")

    def test_the_page_learns_the_https_address(self):
        port = self.server.secure.port
        for side, host, url in [
            (self.server, f"localhost:{self.server.port}", f"https://localhost:{port}/"),
            (self.server, f"[::1]:{self.server.port}", f"https://[::1]:{port}/"),
            (self.server.secure, f"localhost:{port}", f"https://localhost:{port}/"),
        ]:
            answer = side.request("/secure.json", headers={"Host": host})
            self.assertEqual((answer.status, json.loads(answer.body)), (200, {"url": url}))
            self.assertEqual(answer.headers["Cache-Control"], "no-store")

    def test_a_page_of_one_port_is_a_page_of_another_site_to_the_other(self):
        for side, scheme in ((self.server, "http"), (self.server.secure, "https")):
            other = self.server.secure if side is self.server else self.server
            own, foreign = f"{scheme}://{side.host}:{side.port}", other.url.rstrip("/")
            self.assertEqual(side.request("/live.m3u8", headers={"Origin": own}).status, 200)
            self.assertEqual(side.request("/live.m3u8", headers={"Origin": foreign}).status, 403)

    def test_the_cookie_of_each_port_is_as_safe_as_the_port(self):
        token = self.server.operator_token
        plain = self.server.request(f"/status?token={token}").headers["Set-Cookie"]
        secure = self.server.secure.request(f"/status?token={token}").headers["Set-Cookie"]
        self.assertTrue(plain.startswith(f"ringcast-admin-{self.server.port}={token}; "), plain)
        self.assertTrue(secure.startswith(f"__Host-ringcast-admin-{self.server.port}={token}; "), secure)
        self.assertNotIn("Secure", plain)
        self.assertTrue(secure.endswith("; Secure"), secure)
        for side, cookie in ((self.server, plain), (self.server.secure, secure)):
            shown = {"Cookie": cookie.split(";")[0]}
            self.assertEqual(side.request("/status", headers=shown).status, 200)

    def test_the_same_threads_serve_both(self):
        names = [Path(task, "comm").read_text().strip()
                 for task in Path(f"/proc/{self.server.process.pid}/task").iterdir()]
        self.assertEqual(sum(name.startswith("http-") for name in names), 2, names)


class Rooms(unittest.IsolatedAsyncioTestCase):
    @unittest.skipIf(websockets is None, "python3-websockets is not installed")
    async def test_members_of_both_ports_meet(self):
        with room_server("--tls-port", "0", certificate=Certificate.OWN) as server:
            ann = await RoomMember.join(server, "hall", "Ann")
            self.addAsyncCleanup(ann.close)
            ben = await RoomMember.join(server.secure, "hall", "Ben")
            self.addAsyncCleanup(ben.close)
            await ann.send("chat", text="hello")
            self.assertEqual((await ben.wait("chat"))["text"], "hello")
            members = await ann.wait_members(lambda members: set(members) == {"Ann", "Ben"})
            self.assertEqual(len(members), 2)
            # A page of the http port is a page of another site to the https port.
            with self.assertRaises(websockets.InvalidStatusCode) as refused:
                await RoomMember.connect(server.secure, "hall", origin=server.url.rstrip("/"))
            self.assertEqual(refused.exception.status_code, 403)

    async def test_the_studio_is_there_with_its_rights(self):
        with tempfile.TemporaryDirectory() as web:
            Path(web, "index.html").write_text("<!doctype html>")
            Path(web, "studio").mkdir()
            Path(web, "studio/studio.html").write_text("<!doctype html><title>Studio</title>")
            with room_server("--tls-port", "0", certificate=Certificate.OWN, web=web) as server:
                for side in (server, server.secure):
                    for path in ("/studio", "/studio/live"):
                        self.assertIn(b"<title>Studio</title>", side.get(path))
                    answer = side.request("/studio.json")
                    self.assertEqual((answer.status, json.loads(answer.body)["type"]), (401, "error"))
                    listed = json.loads(side.get("/studio.json", server.operator_headers))
                    self.assertEqual(listed, {"streams": [{
                        "name": "live", "room": None, "title": None, "listeners": 0, "fallback": "silence",
                        "underVoice": "duck"}]})
                made = server.request(
                    "/rooms/hall/invites", "POST", server.operator_headers, b'{"role": "host", "expires": 60}')
                invite = re.search(r"invite=([^\"&]+)", made.body.decode())[1]
                for headers in ({"Authorization": f"Bearer {invite}"}, {"Ringcast-Invite": invite}):
                    self.assertEqual(json.loads(server.get("/studio.json", headers)), {"streams": []})


class OwnCertificates(unittest.TestCase):
    def start(self, *flags, **options):
        return self.enterContext(Server(*FLAGS, *flags, certificate=Certificate.OWN, **options))

    def folder(self):
        return Path(self.enterContext(tempfile.TemporaryDirectory(prefix="sound.")))

    @staticmethod
    def shown(address):
        return ssl.PEM_cert_to_DER_cert(ssl.get_server_certificate((address.host, address.port)))

    def text(self, chain):
        result = processes.run(["openssl", "x509", "-in", chain, "-noout", "-text", "-fingerprint", "-sha256"])
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout.decode()

    def test_the_certificate_is_one_that_browsers_and_phones_take(self):
        server = self.start("--allow-host", "club.example")
        text = self.text(server.secure.certificate.chain)
        name = socket.gethostname().lower()
        for part in ("ASN1 OID: prime256v1", "ecdsa-with-SHA256", "CA:TRUE", "Digital Signature, Certificate Sign",
                     "TLS Web Server Authentication", "DNS:localhost", "DNS:club.example", "IP Address:127.0.0.1",
                     "IP Address:0:0:0:0:0:0:0:1", f"DNS:{name}", f"DNS:{name.split('.')[0]}.local"):
            self.assertIn(part, text)
        for address in processes.run(["hostname", "-I"]).stdout.decode().split():
            if "." in address:
                self.assertIn(f"IP Address:{address}", text)
        fingerprint = re.search(r"Fingerprint=(\S+)", text)[1]
        self.assertIn(f"its SHA-256 fingerprint is {fingerprint}\n", server.log)

    def test_only_the_user_may_read_the_key(self):
        server = self.start()
        key = server.secure.certificate.key
        self.assertEqual(stat.S_IMODE(key.stat().st_mode), 0o600)
        self.assertIn("BEGIN PRIVATE KEY", key.read_text())

    def test_key_and_certificate_stay_over_a_restart(self):
        folder = self.folder()
        with Server(*FLAGS, certificate=Certificate.OWN, sound=folder) as server:
            key, der = server.secure.certificate.key.read_bytes(), self.shown(server.secure)
        server = self.start(sound=folder)
        self.assertEqual(server.secure.certificate.key.read_bytes(), key)
        self.assertEqual(self.shown(server.secure), der)

    def test_a_new_name_makes_a_new_certificate_with_the_same_key(self):
        folder = self.folder()
        with Server(*FLAGS, certificate=Certificate.OWN, sound=folder) as server:
            key, der = server.secure.certificate.key.read_bytes(), self.shown(server.secure)
        server = self.start("--allow-host", "club.example", sound=folder)
        self.assertIn("is not good for club.example; a new one takes its place", server.log)
        self.assertEqual(server.secure.certificate.key.read_bytes(), key)
        self.assertNotEqual(self.shown(server.secure), der)
        self.assertEqual(self.shown(server.secure), server.secure.certificate.der)

    def test_hang_up_keeps_a_certificate_that_is_good(self):
        server = self.start()
        der = self.shown(server.secure)
        server.process.send_signal(signal.SIGHUP)
        server.wait_log("reload: done")
        self.assertEqual(self.shown(server.secure), der)
        self.assertEqual(server.log.count("made a certificate"), 1)

    def test_alone_it_serves_https_only(self):
        server = self.enterContext(Server("--source", "tone", certificate=Certificate.OWN))
        self.assertTrue(server.url.startswith("https://"))
        self.assertIsNone(server.secure)
        self.assertEqual(json.loads(server.get("/secure.json")), {"url": server.url})

    def test_the_operators_port_speaks_what_the_listeners_port_speaks(self):
        server = self.start("--admin-port", "0")
        self.assertTrue(server.operator_page.startswith("http://"), server.operator_page)
        alone = self.enterContext(Server("--source", "tone", "--admin-port", "0", certificate=Certificate.OWN))
        self.assertTrue(alone.operator_page.startswith("https://"), alone.operator_page)

    def test_a_certificate_of_files_serves_beside_http_too_and_is_renewed(self):
        with Certificate() as certificate:
            server = self.enterContext(Server(*FLAGS, certificate=certificate))
            self.assertEqual(self.shown(server.secure), certificate.der)
            self.assertEqual(server.secure.get("/"), server.get("/"))
            certificate.renew()
            server.process.send_signal(signal.SIGHUP)
            server.wait_log("reload: done")
            self.assertEqual(self.shown(server.secure), certificate.der)

    def test_a_broken_key_is_refused_before_anything_starts(self):
        folder = self.folder()
        Path(folder, "tls-key.pem").write_text("no key\n")
        Path(folder, "tls-key.pem").chmod(0o600)
        message = refusal("--tls-self", "--sound-dir", folder)
        self.assertIn(f"--tls-self {folder}/tls-key.pem: it must be a private key in PEM", message)
        Path(folder, "tls-key.pem").chmod(0o666)
        self.assertIn("other users may write this file", refusal("--tls-self", "--sound-dir", folder))

    def test_a_port_that_is_taken_ends_the_start(self):
        with socket.create_server(("127.0.0.1", 0)) as taken, tempfile.TemporaryDirectory() as folder:
            port = taken.getsockname()[1]
            result = processes.run(
                [program(), "--source", "tone", "--port", "0", "--sound-dir", folder, "--web-dir", str(ROOT / "web"),
                 "--tls-self", "--tls-port", str(port)])
            self.assertEqual(result.returncode, 1)
            self.assertIn(f"port {port} on 127.0.0.1 is taken by another program", result.stderr.decode())
            self.assertEqual(list(Path(folder).iterdir()), [])

    def test_a_stop_ends_the_connections_of_both_ports(self):
        server = self.start()
        connections = [side.connect(TIMEOUT) for side in (server, server.secure)]
        for connection in connections:
            self.addCleanup(connection.close)
            connection.request("GET", "/live.json")
            connection.getresponse().read()
        self.assertEqual(server.stop()[0], 0)
        for connection in connections:
            self.assertEqual(connection.sock.recv(100), b"")


if __name__ == "__main__":
    unittest.main()
