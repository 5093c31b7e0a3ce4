"""A stream that needs a token."""

import signal
import tempfile
import unittest
from pathlib import Path

from support import processes
from support.formats import hls
from support.formats.low_latency import Playlist
from support.server import Server, refusal
from support.waiting import TIMEOUT, wait_until

TOKEN, OTHER = "open-sesame", "another_one~1.0"


class Tokens(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = cls.enterClassContext(tempfile.TemporaryDirectory(prefix="tokens."))
        cls.file = Path(folder, "tokens")
        cls.file.write_text(f"# who may listen\n{TOKEN}  # Anna\n")
        cls.server = cls.enterClassContext(
            Server("--source", "tone", "--segment-length", "0.5", "--listen-token-file", cls.file,
                   "--log-level", "debug"))
        wait_until(lambda: cls.ask("/live.m3u8", query=TOKEN).body.count(b"#EXTINF") >= 3, TIMEOUT, "three segments")

    @classmethod
    def ask(cls, path, query=None, method="GET", **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        return cls.server.request(path + (f"?token={query}" if query is not None else ""), method, headers)

    def playlist(self, path, **headers):
        response = self.ask(path, **headers)
        self.assertEqual(response.status, 200, response)
        return response

    def uris(self, text):
        """The URI of each segment, part and hint in a playlist."""
        lines = text.decode().splitlines()
        quoted = [line.partition('URI="')[2].partition('"')[0] for line in lines if 'URI="' in line]
        return [line for line in lines if not line.startswith("#")] + quoted

    def test_without_a_token_only_the_page_is_served(self):
        self.assertEqual(self.ask("/").status, 200)
        self.assertEqual(self.ask("/js/main.js").status, 200)
        segment = self.uris(self.playlist("/live.m3u8", Authorization=f"Bearer {TOKEN}").body)[-1]
        refusals = []
        for path in ("/live.m3u8", "/live-ll.m3u8", "/live.json", f"/{segment}", "/live/1.mp3", "/none.m3u8"):
            for arguments in [
                {}, {"query": ""}, {"query": "wrong-one"}, {"query": TOKEN + "x"}, {"Cookie": "ringcast=wrong-one"},
                {"Authorization": "Bearer wrong-one"}, {"query": "wrong-one", "Cookie": f"ringcast={TOKEN}"},
            ]:
                with self.subTest(f"{path} {arguments}"):
                    response = self.ask(path, **arguments)
                    self.assertEqual(response.status, 401)
                    self.assertEqual(response.headers["Cache-Control"], "no-store")
                    self.assertEqual(response.headers["Access-Control-Allow-Origin"], "*")
                    refusals.append((response.body, [(n, v) for n, v in response.headers.items() if n != "Date"]))
        # All refusals are equal, so that none tells the reason.
        self.assertTrue(all(refusal == refusals[0] for refusal in refusals))

    def test_a_preflight_needs_no_token(self):
        response = self.ask("/live.m3u8", method="OPTIONS", Origin="https://example.org")
        self.assertEqual(response.status, 204)
        self.assertIn("Authorization", response.headers["Access-Control-Allow-Headers"])

    def test_a_playlist_requested_with_a_token_in_the_query_repeats_it_in_its_uris(self):
        for path in ("/live.m3u8", "/live-ll.m3u8"):
            response = self.playlist(path, query=TOKEN)
            uris = self.uris(response.body)
            self.assertGreater(len(uris), 1)
            for uri in uris:
                self.assertTrue(uri.endswith(f".mp3?token={TOKEN}"), uri)
            # The request for the hinted part is held until the part is complete.
            for uri in uris[-2:]:
                self.assertEqual(self.ask(f"/{uri}").status, 200, uri)
            self.assertTrue(response.headers["Cache-Control"].startswith("private"))
        hls.read(self.playlist("/live.m3u8", query=TOKEN).body.replace(f"?token={TOKEN}".encode(), b""))
        Playlist(self.playlist("/live-ll.m3u8", query=TOKEN).body).check()

    def test_ffmpeg_plays_from_the_address_alone(self):
        result = processes.run(
            ["ffmpeg", "-v", "error", "-i", f"{self.server.url}live.m3u8?token={TOKEN}", "-t", "2", "-f", "s16le", "-"])
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertGreaterEqual(len(result.stdout), 2 * 2 * 2 * 44100)

    def test_a_cookie_does_as_well_and_the_addresses_stay_clean(self):
        given = self.ask("/live.json", query=TOKEN).headers["Set-Cookie"]
        # Cookies know no ports, so that the name has the port.
        name = f"ringcast-{self.server.port}"
        self.assertEqual(given, f"{name}={TOKEN}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax")
        cookie = f"other=1; {given.partition(';')[0]}"
        for path in ("/live.m3u8", "/live-ll.m3u8"):
            response = self.playlist(path, Cookie=cookie)
            self.assertNotIn(b"token", response.body)
            self.assertIn("Cookie", ", ".join(response.headers.get_all("Vary")))
            self.assertEqual(self.ask(f"/{self.uris(response.body)[0]}", Cookie=cookie).status, 200)
        self.assertIsNone(self.ask("/live.json", Cookie=cookie).headers["Set-Cookie"])
        # A cookie of an earlier version, and one of several.
        for cookie in (f"ringcast={TOKEN}", f"ringcast=wrong-one; {name}={TOKEN}", f"{name}=wrong-one; {name}={TOKEN}"):
            self.assertEqual(self.ask("/live.json", Cookie=cookie).status, 200, cookie)
        for cookie in (f"ringcast-{self.server.port + 1}={TOKEN}", f"ringcast-admin={TOKEN}"):
            self.assertEqual(self.ask("/live.json", Cookie=cookie).status, 401, cookie)

    def test_two_stations_on_one_host_do_not_log_each_other_out(self):
        with Server("--source", "tone", "--listen-token", OTHER) as other, \
                tempfile.TemporaryDirectory() as folder:
            jar = Path(folder, "jar")

            def ask(server, query=""):
                result = processes.run(
                    ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-b", jar, "-c", jar,
                     f"{server.url}live.json{query}"])
                return int(result.stdout)
            self.assertEqual(ask(self.server, f"?token={TOKEN}"), 200)
            self.assertEqual(ask(other, f"?token={OTHER}"), 200)
            self.assertEqual([ask(self.server), ask(other)], [200, 200])

    def test_a_user_and_a_password_carry_a_token(self):
        for credentials in (f"radio:{TOKEN}", f"{TOKEN}:", f"{TOKEN}:x"):
            for options in (["--basic"], ["--anyauth"]):
                # With --anyauth curl sends no password until the server asks for one.
                result = processes.run(
                    ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", *options, "-u", credentials,
                     f"{self.server.url}live.m3u8"])
                self.assertEqual(int(result.stdout), 200, (credentials, options))
        challenges = self.ask("/live.m3u8", User_Agent="Lavf/60").headers.get_all("WWW-Authenticate")
        self.assertEqual(len(challenges), 2)

    def test_a_browser_is_not_asked_for_a_password(self):
        response = self.server.request("/live.m3u8", headers={"User-Agent": "Mozilla/5.0 (X11) Chrome/140"})
        self.assertEqual(response.headers.get_all("WWW-Authenticate"), ['Bearer realm="ringcast"'])

    def test_a_token_that_is_far_too_long_costs_nothing(self):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "tokens")
            file.write_text("".join(f"{number:032}\n" for number in range(1000)))
            file.chmod(0o640)
            with Server("--source", "tone", "--listen-token-file", file) as server:
                for wrong in ("x" * 32, "x" * 128, "x" * 2400, "x" * 32_000):
                    for headers in ({"Authorization": f"Bearer {wrong}"}, {"Cookie": f"ringcast={wrong}"}):
                        self.assertEqual(server.request("/live.m3u8", headers=headers).status, 401)
                    self.assertEqual(server.request(f"/live.m3u8?token={wrong}").status, 401)
                self.assertEqual(server.request(f"/live.m3u8?token={999:032}").status, 200)

    def test_options_tell_nothing_without_a_token(self):
        answers = set()
        for path in ("/live.m3u8", "/live/1.mp3", "/live/99999999.mp3", "/none.m3u8", "/live.json", "/live.mp3"):
            response = self.ask(path, method="OPTIONS", Origin="https://example.org")
            answers.add((response.status, str([(n, v) for n, v in response.headers.items() if n != "Date"])))
        self.assertEqual(len(answers), 1, answers)

    def test_files_of_tokens_that_others_reach_are_named(self):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "tokens")
            file.write_text(f"{TOKEN}\n")
            for mode, warnings in ((0o644, 1), (0o640, 0)):
                file.chmod(mode)
                with Server("--source", "tone", "--listen-token-file", file) as server:
                    self.assertEqual(server.log.count(f"warning: access: every user may read {file}"), warnings)
            file.chmod(0o646)
            self.assertIn("every user may write this file", refusal("--listen-token-file", file))

    def test_the_sound_is_no_other_users_to_read(self):
        wait_until(
            lambda: len(list((self.server.sound / "live").glob("*.mp3"))) >= 2, TIMEOUT, "segments in the folder")
        rights = {path: path.stat().st_mode & 0o777 for path in self.server.sound.rglob("*") if path.exists()}
        self.assertGreater(len(rights), 3)
        for path, mode in rights.items():
            self.assertEqual(mode & 0o027, 0, f"{path} {mode:o}")

    def test_the_file_is_read_again_and_the_log_never_has_a_token(self):
        self.assertEqual(self.ask("/live.json", query=OTHER).status, 401)
        self.file.write_text(f"{TOKEN}\n{OTHER}\n")
        self.server.process.send_signal(signal.SIGHUP)
        wait_until(lambda: self.ask("/live.json", query=OTHER).status == 200, TIMEOUT, "the new token is accepted")
        self.file.write_text(f"{TOKEN}\nshort\n")
        self.server.process.send_signal(signal.SIGHUP)
        self.server.wait_log(r"error: reload: --listen-token-file \S+: line 2: .*; the tokens stay as they were")
        self.assertEqual(self.ask("/live.json", query=OTHER).status, 200)
        for word in (TOKEN, OTHER, "short"):
            self.assertNotIn(word, self.server.log)

    def test_a_token_file_that_comes_later_lets_nobody_in_until_it_is_there(self):
        path = Path(self.enterContext(tempfile.TemporaryDirectory()), "tokens")
        with Server("--source", "tone", "--listen-token-file", path) as server:
            server.wait_log(rf"error: --listen-token-file {path}: No such file or directory \(open\); its tokens let nobody in")
            self.assertEqual(server.request("/").status, 200)
            self.assertEqual(server.request("/live.json").status, 401)
            self.assertEqual(server.request(f"/live.json?token={TOKEN}").status, 401)
            path.write_text(f"{TOKEN}\n")
            wait_until(
                lambda: server.request(f"/live.json?token={TOKEN}").status == 200, TIMEOUT, "the token is accepted")
            self.assertEqual(server.request("/live.json").status, 401)
            self.assertEqual(server.log.count("No such file"), 1)

    def test_an_invalid_token_is_refused_and_the_message_does_not_repeat_it(self):
        with tempfile.TemporaryDirectory() as folder:
            empty = Path(folder, "empty")
            empty.write_text("# nobody yet\n")
            for flags, words in [
                (["--listen-token", "seven77"], ["--listen-token", "8 to 128"]),
                (["--listen-token", "with space"], ["--listen-token", "8 to 128"]),
                (["--listen-token-file", empty], [str(empty), "must hold a token"]),
            ]:
                with self.subTest(flags):
                    message = refusal(*flags)
                    for word in words:
                        self.assertIn(word, message)
                    self.assertNotIn("seven77", message)
                    self.assertNotIn("with space", message)


if __name__ == "__main__":
    unittest.main()
