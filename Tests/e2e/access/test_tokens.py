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
        self.assertEqual(given, f"ringcast={TOKEN}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax")
        cookie = f"other=1; {given.partition(';')[0]}"
        for path in ("/live.m3u8", "/live-ll.m3u8"):
            response = self.playlist(path, Cookie=cookie)
            self.assertNotIn(b"token", response.body)
            self.assertIn("Cookie", ", ".join(response.headers.get_all("Vary")))
            self.assertEqual(self.ask(f"/{self.uris(response.body)[0]}", Cookie=cookie).status, 200)
        self.assertIsNone(self.ask("/live.json", Cookie=cookie).headers["Set-Cookie"])

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
