"""The operators' pages, and the requests that they answer."""

import contextlib
import http.client
import json
import re
import signal
import socket
import tempfile
import unittest
import urllib.error
import urllib.request
from pathlib import Path

from support import processes
from support.machine.certificate import Certificate
from support.server import ROOT, Server, program
from support.waiting import TIMEOUT, wait_until

TOKEN, OTHER = "open-sesame", "another_one~1.0"


class Operators(unittest.TestCase):
    def server(self, *flags):
        return self.enterContext(Server("--source", "tone", "--segment-length", "0.5", *flags))

    def statuses(self, server, paths=("/status", "/status.html"), **headers):
        return [server.request(path, headers=headers).status for path in paths]

    def test_where_no_token_is_set_the_server_makes_one_and_the_log_names_the_page_with_it(self):
        for flags in ((), ("--host", "0.0.0.0")):
            with self.subTest(flags):
                server = self.server(*flags)
                # The page asks for the token, and holds nothing else.
                self.assertEqual(self.statuses(server), [401, 200])
                response = server.request("/status")
                self.assertIn(b"--admin-token", response.body)
                self.assertEqual(len(response.body.splitlines()), 1)
                token = Path(server.sound, "admin-token")
                self.assertEqual(token.stat().st_mode & 0o777, 0o600)
                self.assertEqual(server.operator_page, f"{server.url}status.html?token={server.operator_token}")
                self.assertEqual(json.loads(server.operator_get("/status"))["version"], "0.1.0")
                self.assertEqual(self.statuses(server, **server.operator_headers), [200, 200])

    def test_the_token_that_was_made_outlives_a_restart(self):
        folder = self.enterContext(tempfile.TemporaryDirectory(prefix="sound."))
        tokens = []
        for _ in range(2):
            with Server("--source", "tone", sound=folder) as server:
                tokens.append(server.operator_token)
                self.assertEqual(server.request(f"/status?token={tokens[0]}").status, 200)
        self.assertEqual(*tokens)

    def test_where_only_this_machine_reaches_their_own_port_a_token_is_needed_to_change_and_through_a_proxy(self):
        server = self.server("--admin-port", "0")
        port = int(server.wait_log(r"operators: on http://127\.0\.0\.1:(\d+)/")[1])

        def ask(path, method="GET", body=None, **headers):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            try:
                connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
                response = connection.getresponse()
                response.read()
                self.assertIsNone(response.headers["Access-Control-Allow-Origin"])
                return response.status
            finally:
                connection.close()
        self.assertEqual([ask(path) for path in ("/", "/status", "/metrics")], [200, 200, 200])
        self.assertEqual(ask("/status", X_Forwarded_For="192.0.2.1"), 401)
        self.assertEqual(ask("/status", X_Forwarded_For="192.0.2.1", **server.operator_headers), 200)
        said = {"method": "PUT", "body": "{}", "Content_Type": "application/json"}
        self.assertEqual(ask("/live/metadata", **said), 401)
        self.assertEqual(ask("/live/metadata", **said, **server.operator_headers), 204)
        for path in ("/", "/status", "/metrics", "/nothing"):
            for name in ("radio.example", "192.0.2.7", "localhost.example"):
                self.assertEqual(ask(path, Host=name), 403)
            self.assertEqual(ask(path, Origin="https://evil.example"), 403)
            self.assertEqual(ask(path, method="OPTIONS", Origin="https://evil.example"), 403)

    def test_where_others_reach_their_own_port_it_refuses_names_that_were_not_configured(self):
        server = self.server("--admin-port", "0", "--admin-host", "0.0.0.0", "--allow-host", "ops.example")
        port = int(server.wait_log(r"operators: on http://0\.0\.0\.0:(\d+)/")[1])

        def ask(host, **headers):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            try:
                connection.request("GET", "/status", headers={"Host": host, **headers})
                response = connection.getresponse()
                response.read()
                return response.status
            finally:
                connection.close()
        hosts = ("192.0.2.7:9090", "ops.example", "localhost")
        self.assertEqual([ask(host) for host in hosts], [401, 401, 401])
        self.assertEqual([ask(host, **server.operator_headers) for host in hosts], [200, 200, 200])
        self.assertEqual(ask("evil.example", **server.operator_headers), 403)

    def test_a_token_lets_them_in_and_is_not_a_listeners(self):
        folder = self.enterContext(tempfile.TemporaryDirectory(prefix="tokens."))
        file = Path(folder, "tokens")
        file.write_text(f"{TOKEN}\n")
        server = self.server("--admin-token-file", file, "--host", "0.0.0.0", "--log-level", "debug")
        self.assertEqual(self.statuses(server), [401, 200])
        self.assertEqual(server.request("/live.json").status, 200)
        self.assertEqual(self.statuses(server, Authorization=f"Bearer {TOKEN}"), [200, 200])
        self.assertEqual(self.statuses(server, Authorization="Bearer wrong-one"), [401, 200])
        given = server.request(f"/status?token={TOKEN}").headers["Set-Cookie"]
        self.assertEqual(
            given, f"ringcast-admin-{server.port}={TOKEN}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax")
        self.assertEqual(self.statuses(server, Cookie=given.partition(";")[0]), [200, 200])

        file.write_text(f"{OTHER}\n")
        server.process.send_signal(signal.SIGHUP)
        wait_until(lambda: server.request(f"/status?token={OTHER}").status == 200, 10, "the new token is good")
        self.assertEqual(server.request(f"/status?token={TOKEN}").status, 401)
        file.write_text("short\n")
        server.process.send_signal(signal.SIGHUP)
        server.wait_log(r"error: reload: --admin-token-file \S+: line 1: .*; the tokens stay as they were")
        self.assertEqual(server.request(f"/status?token={OTHER}").status, 200)
        self.assertFalse([word for word in (TOKEN, OTHER, "short") if word in server.log])

    def test_on_a_port_of_their_own_they_are_let_in_and_nowhere_else(self):
        server = self.server("--admin-port", "0", "--host", "0.0.0.0")
        url = server.wait_log(r"operators: on (http://127\.0\.0\.1:\d+/)")[1]
        self.assertEqual(self.statuses(server), [404, 404])
        self.assertEqual(server.information()["source"], "tone")

        def ask(path):
            try:
                with urllib.request.urlopen(url + path, timeout=10) as response:
                    return response.status, response.read()
            except urllib.error.HTTPError as error:
                return error.code, error.read()
        self.assertEqual(json.loads(ask("status")[1])["stream"]["stream"], "live")
        self.assertEqual(ask("status.html"), ask(""))
        self.assertEqual(ask("")[0], 200)
        self.assertEqual([ask(path)[0] for path in ("live.m3u8", "live.json", "live/1.mp3")], [404, 404, 404])

    def test_with_a_certificate_their_port_speaks_https_too(self):
        certificate = self.enterContext(Certificate())
        server = self.enterContext(Server("--source", "tone", "--admin-port", "0", certificate=certificate))
        url = server.wait_log(r"operators: on (https://[^?]+)")[1]
        with urllib.request.urlopen(url + "status", timeout=10, context=certificate.context) as response:
            self.assertEqual(json.load(response)["stream"]["source"], "tone")

    def test_a_port_that_is_taken_is_an_error_before_anything_begins(self):
        taken = self.enterContext(socket.create_server(("127.0.0.1", 0)))
        port = taken.getsockname()[1]
        with tempfile.TemporaryDirectory() as folder:
            result = processes.run(
                [program(), "--source", "tone", "--port", "0", "--admin-port", str(port), "--web-dir", ROOT / "web",
                 "--sound-dir", Path(folder, "sound")], seconds=10)
            self.assertEqual(result.returncode, 1)
            self.assertRegex(result.stderr.decode(), re.escape(f"port {port} on 127.0.0.1 is taken"))
            self.assertFalse(Path(folder, "sound").exists())

    def status(self, server, condition=lambda status: True, seconds=10):
        latest = None

        def look():
            nonlocal latest
            latest = json.loads(server.operator_get("/status"))
            return latest if condition(latest) else None
        return wait_until(look, seconds, lambda: f"the status awaited; the last was {latest}")

    def test_one_address_does_not_take_all_places_of_their_own_port(self):
        server = self.server("--admin-port", "0", "--admin-host", "0.0.0.0")
        port = int(server.wait_log(r"operators: on http://0\.0\.0\.0:(\d+)/")[1])

        def connect(source):
            client = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT, source_address=(source, 0))
            return self.enterContext(client)

        def ask(client):
            """Whether a request is answered."""
            with contextlib.suppress(ConnectionError):
                client.sendall(b"GET /status.html HTTP/1.1\r\nHost: localhost\r\n\r\n")
                return client.recv(100).startswith(b"HTTP/1.1 200 ")
            return False
        greedy = [connect("127.0.0.9") for _ in range(20)]
        self.assertEqual([ask(client) for client in greedy], 16 * [True] + 4 * [False])
        server.wait_log(r"warning: operators' port: 16 connections from one address; closed 1 more, the last from 127\.0\.0\.9")
        self.assertTrue(ask(connect("127.0.0.8")))
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/metrics", headers={"Host": "localhost", **server.operator_headers})
        with urllib.request.urlopen(request, timeout=TIMEOUT) as response:
            text = response.read().decode()
        self.assertIn('ringcast_operators_http_connections_refused_total{limit="address"} 4\n', text)
        self.assertRegex(text, r'ringcast_operators_http_requests_total\{code="200"\} \d')

    def test_what_plays_is_replaced_only_where_the_preconditions_hold(self):
        server = self.server()

        def put(title, **conditions):
            headers = {"Content-Type": "application/json", **server.operator_headers, **{
                name.replace("_", "-"): value for name, value in conditions.items()}}
            return server.request("/live/metadata", "PUT", headers, json.dumps({"title": title})).status
        tag = server.request("/live/metadata").headers["ETag"]
        self.assertEqual(put("A", If_Match='"nonsense"'), 412)
        self.assertEqual(put("A", If_None_Match="*"), 412)
        self.assertEqual(put("A", If_Unmodified_Since="Sun, 06 Nov 1994 08:49:37 GMT"), 412)
        self.assertEqual(put("A", If_Match=tag), 204)
        self.assertEqual(put("B", If_Match=tag), 412)
        self.assertEqual(json.loads(server.get("/live/metadata"))["title"], "A")

    def test_status_says_what_there_is(self):
        server = self.server()
        playlist = server.wait_playlist(lambda playlist: len(playlist.entries) >= 2)
        status = self.status(server, lambda status: status["stream"]["levels"])
        ring, stream = status["ring"], status["stream"]
        self.assertEqual(ring["first"], playlist.media_sequence)
        self.assertGreaterEqual(ring["last"], playlist.last)
        self.assertEqual(ring["segments"], ring["last"] - ring["first"] + 1)
        self.assertEqual(ring["recording"]["sequence"], ring["last"] + 1)
        self.assertAlmostEqual(ring["bytes"], ring["segments"] * 8000, delta=ring["segments"] * 1000)
        self.assertEqual((stream["source"], stream["alarm"], stream["alarmSince"]), ("tone", None, None))
        self.assertEqual(status["disk"], {"well": True, "errors": 0})
        self.assertEqual(status["playing"], {"title": None, "artist": None})
        self.assertGreater(status["uptime"], 1)
        self.assertGreater(status["process"]["memory"], 1_000_000)
        self.assertGreater(status["production"]["publishing"]["count"], 0)
        self.assertEqual(status["server"]["answers"]["200"] > 1, True)
        self.assertEqual(status["history"]["interval"], 10)
        self.assertEqual(len(status["history"]["listeners"]), 1)
        messages = [entry["message"] for entry in status["log"]]
        self.assertEqual([message for message in messages if "listening on" in message], [f"listening on {server.url}"])

    def test_status_counts_who_listens(self):
        server = self.server()
        newest = server.wait_playlist().last
        before = self.status(server)["listeners"]
        self.assertEqual((before["growing"], before["endless"]), (0, 0))
        connection = server.connect(10)
        self.addCleanup(connection.close)
        connection.request("GET", f"/live/{newest + 2}.mp3")
        during = self.status(server, lambda status: status["listeners"]["growing"] == 1)["listeners"]
        self.assertEqual(during["now"], sum(during[way] for way in ("plain", "lowLatency", "growing", "endless")))


if __name__ == "__main__":
    unittest.main()
