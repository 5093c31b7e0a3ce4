"""A port that only this machine can reach, and no token: other sites' pages neither hear nor see the stream."""

import subprocess
import tempfile
import unittest
from pathlib import Path

from support import processes
from support.server import Server, refusal
from support.waiting import TIMEOUT, wait_until

EVIL = "https://evil.example"


class Case(unittest.TestCase):
    def serve(self, *flags):
        server = self.enterContext(Server("--source", "tone", "--segment-length", "0.5", *flags))
        # A request whose host is refused would wait for nothing.
        wait_until(
            lambda: server.request("/live.m3u8", headers={"Host": "localhost"}).status == 200, TIMEOUT, "a playlist")
        return server

    def resources(self, server):
        playlist = server.wait_playlist(lambda playlist: len(playlist.entries) >= 2)
        segment = playlist.entries[-1].uri
        return [
            "/live.m3u8", "/live-ll.m3u8", f"/{segment}", f"/{segment}".replace(".mp3", ".0.mp3"), "/live.json",
            "/live/metadata"]

    def statuses(self, server, paths, method="GET", **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        answers = [server.request(path, method, headers) for path in paths]
        self.assertEqual({answer.headers["Access-Control-Allow-Origin"] for answer in answers} - {None}, set())
        return {answer.status for answer in answers}


class Private(Case):
    def test_the_stream_is_told_to_this_machine_by_its_own_names_only(self):
        server = self.serve()
        paths = self.resources(server)
        for host in ("localhost", f"LOCALHOST:{server.port}", "127.0.0.1", "127.9.9.9:1", "[::1]:8080"):
            self.assertEqual(self.statuses(server, paths, Host=host), {200}, host)
        for host in ("evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "192.168.1.5", "localhost,x"):
            self.assertEqual(self.statuses(server, [*paths, "/live.mp3", "/status", "/metrics"], Host=host), {403}, host)
        # RFC 9112 §3.2: an invalid Host field, before anything else is looked at.
        for host in ("x@localhost", "local host", "localhost/"):
            self.assertEqual(self.statuses(server, [*paths, "/live.mp3", "/status", "/"], Host=host), {400}, host)
        # RFC 9112 §3.2.2: the authority of an absolute form counts, and not the Host field.
        for path in paths:
            self.assertEqual(self.statuses(server, [f"http://evil.example{path}"], Host="localhost"), {403}, path)
            self.assertEqual(self.statuses(server, [f"http://localhost{path}"], Host="evil.example"), {200}, path)
        self.assertEqual(self.statuses(server, ["/", "/style.css"], Host="evil.example"), {200})

    def test_a_refusal_says_in_one_line_what_to_do(self):
        server = self.serve()
        for headers, words in [
            ({"Host": "radio.example:80"}, "--allow-host radio.example "), ({"Host": "a!b"}, "--allow-host NAME "),
            ({"Origin": "https://radio.example"}, "--allow-origin https://radio.example "),
            ({"Sec-Fetch-Site": "cross-site"}, "--allow-origin ORIGIN "),
        ]:
            body = server.request("/live.mp3", headers=headers).body.decode()
            self.assertIn(words, body)
            self.assertEqual(body.count("\n"), 1)

    def test_pages_of_other_origins_get_nothing_and_links_to_the_page_work(self):
        server = self.serve()
        paths = self.resources(server)
        own = f"http://127.0.0.1:{server.port}"
        self.assertEqual(self.statuses(server, paths, Origin=own), {200})
        self.assertEqual(self.statuses(server, paths, Sec_Fetch_Site="same-origin"), {200})
        for origin in (EVIL, "null", f"http://localhost:{server.port + 1}", f"https://127.0.0.1.evil.example"):
            self.assertEqual(self.statuses(server, [*paths, "/live.mp3"], Origin=origin), {403}, origin)
            self.assertEqual(self.statuses(server, [*paths, "/live.mp3"], "OPTIONS", Origin=origin), {403}, origin)
        for site in ("cross-site", "same-site"):
            self.assertEqual(self.statuses(server, paths, Sec_Fetch_Site=site, Sec_Fetch_Mode="no-cors"), {403})
        followed = {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate", "Sec_Fetch_Dest": "document"}
        self.assertEqual(self.statuses(server, ["/", *paths], **followed), {200})

    def test_what_the_flags_allow_is_let_in(self):
        server = self.serve("--allow-host", "Radio.Example", "--allow-host", "192.168.1.5",
                            "--allow-origin", "https://club.example", "--allow-origin", "http://hall.example:81")
        paths = self.resources(server)
        for host in ("radio.example", "192.168.1.5:8080", "localhost"):
            self.assertEqual(self.statuses(server, paths, Host=host), {200}, host)
        self.assertEqual(self.statuses(server, paths, Host="other.example"), {403})
        for origin in ("https://club.example", "http://hall.example:81"):
            for path in paths:
                answer = server.request(path, headers={"Origin": origin, "Sec-Fetch-Site": "cross-site"})
                self.assertEqual((answer.status, answer.headers["Access-Control-Allow-Origin"]), (200, origin), path)
                self.assertIn("Origin", ", ".join(answer.headers.get_all("Vary")))
                preflight = server.request(path, "OPTIONS", {"Origin": origin, "Access-Control-Request-Method": "GET"})
                self.assertEqual(preflight.headers["Access-Control-Allow-Origin"], origin)
                self.assertIn("Range", preflight.headers["Access-Control-Allow-Headers"])
        self.assertEqual(self.statuses(server, paths, Origin="http://club.example"), {403})

    def test_where_every_origin_is_allowed_the_host_counts_all_the_same(self):
        server = self.serve("--allow-origin", "*")
        for path in self.resources(server):
            answer = server.request(path, headers={"Origin": EVIL})
            self.assertEqual((answer.status, answer.headers["Access-Control-Allow-Origin"]), (200, "*"))
            self.assertEqual(server.request(path, headers={"Host": "evil.example"}).status, 403)

    def test_flags_that_name_no_host_and_no_origin_are_refused(self):
        for flags, rule in [
            (("--allow-host", "radio.example:80"), "without a port"), (("--allow-host", "http://x"), "a host name"),
            (("--allow-origin", "radio.example"), "http://"), (("--allow-origin", "https://x/"), "http://"),
        ]:
            self.assertIn(rule, refusal(*flags))


class NotPrivate(Case):
    def test_on_a_public_port_and_with_tokens_every_page_may_read(self):
        for flags, token in ((("--host", "0.0.0.0"), ""), (("--listen-token", "open-sesame"), "?token=open-sesame")):
            server = self.enterContext(Server("--source", "tone", "--segment-length", "0.5", *flags))
            headers = {"Host": "radio.example", "Origin": EVIL, "Sec-Fetch-Site": "cross-site"}
            for path in ("/live.m3u8", "/live.json", "/live/1.mp3", "/live/metadata", "/missing"):
                answer = server.request(path + token, headers=headers)
                self.assertEqual(answer.headers["Access-Control-Allow-Origin"], "*", (flags, path))
                self.assertNotEqual(answer.status, 403)
                preflight = server.request(path + token, "OPTIONS", headers)
                self.assertEqual(preflight.headers["Access-Control-Allow-Origin"], "*", (flags, path))

    def test_a_flag_without_effect_is_said_to_have_none(self):
        server = self.enterContext(
            Server("--source", "tone", "--host", "0.0.0.0", "--allow-origin", EVIL, "--allow-host", "x.example"))
        server.wait_log(r"--allow-origin has no effect")
        server.wait_log(r"--allow-host has no effect")


class Proxy(Case):
    """nginx on the same machine, set up with nothing but `proxy_pass`."""

    def proxy(self, server, *directives, slashes="on"):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="proxy.")))
        paths = "".join(f"{name}_temp_path {folder}/{name};" for name in (
            "client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        (folder / "nginx.conf").write_text(f"""
            daemon off; pid {folder}/pid; error_log stderr;
            events {{ worker_connections 64; }}
            http {{
              access_log off; {paths}
              server {{
                listen unix:{folder}/socket;
                merge_slashes {slashes};
                location / {{ proxy_pass http://127.0.0.1:{server.port}; {''.join(directives)} }}
              }}
            }}
        """)
        nginx = processes.start(
            ["nginx", "-p", folder, "-c", folder / "nginx.conf", "-e", "stderr"], stderr=subprocess.DEVNULL)
        self.addCleanup(processes.end, nginx)
        wait_until(lambda: Path(folder, "socket").exists(), TIMEOUT, "nginx is there")

        def ask(path, *headers):
            fields = [word for header in headers for word in ("-H", header)]
            result = processes.run([
                "curl", "-s", "-o", folder / "body", "-w", "%{http_code}", "--max-time", "10",
                "--unix-socket", folder / "socket", *fields, f"http://radio.example{path}"])
            return int(result.stdout)
        return ask

    def test_it_shows_nothing_of_the_operators_to_the_world(self):
        server = self.serve()
        ask = self.proxy(server)
        self.assertEqual([ask(path) for path in ("/status", "/metrics")], [401, 401])
        self.assertEqual(ask("/status", f"Authorization: Bearer {server.operator_token}"), 200)
        self.assertEqual(ask("/"), 200)
        self.assertEqual(ask("/live.m3u8", f"Origin: {EVIL}"), 403)

    def test_one_that_leaves_a_slash_too_many_works(self):
        server = self.serve()
        ask = self.proxy(server, "rewrite ^/radio(.*)$ //$1 break;", slashes="off")
        self.assertEqual([ask(path) for path in ("/radio/", "/radio/live.m3u8", "/radio/live.json")], [200, 200, 200])

    def test_a_trusted_one_names_the_client_for_the_log_and_the_limit_and_its_word_makes_cookies_secure(self):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="log.")))
        server = self.enterContext(Server(
            "--source", "tone", "--host", "0.0.0.0", "--listen-token", "open-sesame", "--trusted-proxy", "127.0.0.1",
            "--access-log", folder / "log", "--max-per-address", "2"))

        # One connection, because the limit counts a connection until the server has seen its end.
        asking = server.connect(TIMEOUT)
        self.addCleanup(asking.close)

        def cookie(**headers):
            headers = {name.replace("_", "-"): value for name, value in headers.items()}
            asking.request("GET", "/live.json?token=open-sesame", headers=headers)
            answer = asking.getresponse()
            answer.read()
            return answer.headers["Set-Cookie"]
        name = f"ringcast-{server.port}=open-sesame; "
        client = {"X_Forwarded_For": "203.0.113.1, 192.0.2.9"}
        self.assertTrue(cookie(X_Forwarded_Proto="https", **client).startswith(f"__Host-{name}"))
        self.assertTrue(cookie(X_Forwarded_Proto="https", **client).endswith("; Secure"))
        self.assertTrue(cookie(**client).startswith(name))
        wait_until(lambda: (folder / "log").read_text().count("\n") >= 3, TIMEOUT, "the lines of the log")
        self.assertTrue(
            all(line.startswith("192.0.2.9 - - [") for line in (folder / "log").read_text().splitlines()))
        headers = {"X-Forwarded-For": "192.0.2.7", "Authorization": "Bearer open-sesame"}
        listeners = []
        for status in (200, 200, 503):
            connection = server.connect(TIMEOUT)
            self.addCleanup(connection.close)
            connection.request("GET", "/live.mp3", headers=headers)
            self.assertEqual(connection.getresponse().status, status)
            listeners.append(connection)
        server.wait_log(r"2 connections from one address, --max-per-address; closed 1 more, the last from 192\.0\.2\.7")
        self.assertEqual(server.request(
            "/live.json", headers=headers | {"X-Forwarded-For": "192.0.2.8"}).status, 200)

    def test_one_that_hands_the_host_on_works_when_the_server_is_told_the_name(self):
        told, untold = self.serve("--allow-host", "radio.example"), self.serve()
        for server, status in ((told, 200), (untold, 403)):
            ask = self.proxy(server, "proxy_set_header Host $host;")
            self.assertEqual([ask(path) for path in ("/live.m3u8", "/live.json")], [status, status])
            self.assertEqual(ask("/"), 200)


if __name__ == "__main__":
    unittest.main()
