"""Relays of other stations: titles, redirects, playlists, refusals, and a station that goes and comes back."""

import json
import tempfile
import unittest
from pathlib import Path

import numpy as np

from support.sources.endless_station import Station, content, encoded, guarded, live, redirect, shoutcast, slow
from support.formats import mp3
from support.machine.certificate import Certificate
from support.server import Server, refusal
from support.waiting import TIMEOUT, wait_until

FLAGS = ["--segment-length", 0.5, "--ring-size", 60]
TAKEN = "it must send MP3"


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.sound = encoded()

    def station(self, answers, **options):
        return self.enterContext(Station(answers, **options))

    def relay(self, url, *flags):
        return self.enterContext(Server("--source", url, *FLAGS, *flags))

    def sounds(self, server, decibels=-12):
        """Waits until the stream has the level of the station, within 3 dB; None is silence."""
        def holds():
            levels = server.information()["levels"]
            return levels and all(
                abs(level["rms"] - decibels) < 3 if decibels is not None else level["rms"] < -90 for level in levels)
        wait_until(holds, TIMEOUT, lambda: f"a level of {decibels}, but {server.information()}\n{server.log}")

    def has_title(self, server, title):
        wait_until(
            lambda: json.loads(server.get("/live/metadata"))["title"] == title, TIMEOUT,
            lambda: f"{title}, but {server.get('/live/metadata')}\n{server.log}")

    def heard(self, server, seconds):
        """The newest sound of the ring, decoded: samples of the first channel."""
        first = server.wait_playlist().last
        last = server.wait_playlist(lambda playlist: playlist.last >= first + 2 * seconds + 2).last
        entries = [entry for entry in server.playlist().entries if first < entry.sequence <= last]
        segments = [mp3.segment(server.get(f"/{entry.uri}")) for entry in entries]
        return mp3.decode(b"".join(segment.payload for segment in segments), 2)[:, 0]

    def assert_no_gap(self, sound, log):
        """Checks that the power of each 10 ms is that of a sine which goes on."""
        blocks = sound[2000:-2000]
        blocks = blocks[:len(blocks) // 480 * 480].reshape(-1, 480)
        levels = np.sqrt(np.mean(blocks.astype(float) ** 2, axis=1))
        self.assertGreater(levels.min(), 0.9 * np.median(levels), log)


class Followed(Case):
    def test_a_station_is_heard_through_redirects_and_playlists_with_its_titles_and_without_a_gap(self):
        station = self.station({
            "/": redirect("/moved"), "/moved": redirect("list.m3u"),
            "/list.m3u": content(b"#EXTM3U\n#EXTINF:-1,Radio\nfolder/list\n", "audio/x-mpegurl"),
            "/folder/list": content(b"[playlist]\nFile1=/live?token=geheim\n", "audio/x-scpls"), "/live": live(self.sound),
        })
        station.title = "Anna - Song"
        server = self.relay(station.url + "/?token=geheim")
        self.sounds(server)
        self.has_title(server, "Anna - Song")
        station.title = "Rock 'n' Roll"
        self.has_title(server, "Rock 'n' Roll")
        information = server.information()
        self.assertEqual((information["source"], information["alarm"]), ("relay", None))
        self.assertEqual(information["sampleRate"], 48000)
        self.assert_no_gap(self.heard(server, 4), server.log)
        self.assertEqual(station.requests[-1][1]["Icy-MetaData"], "1")
        # A query may be a secret.
        status = server.operator_get("/status").decode()
        self.assertNotIn("geheim", server.log + status)
        self.assertNotIn("error", server.log)


class Formats(Case):
    def test_an_old_station_of_shoutcast_is_heard(self):
        station = self.station({"/": shoutcast(self.sound)})
        self.sounds(self.relay(station.url + "/"))

    def test_each_format_is_heard_and_names_its_title(self):
        for form in ("vorbis", "opus", "flac"):
            with self.subTest(form):
                station = self.station({"/live": live(encoded(form, title=f"In {form}"), form)})
                server = self.relay(station.url + "/live")
                self.sounds(server)
                self.has_title(server, f"In {form}")
                server.close()


class Lost(Case):
    def test_a_station_that_goes_is_replaced_by_the_fallback_until_it_comes_back(self):
        answers = {"/live": live(self.sound)}
        station = self.station(answers)
        station.title = "Song"
        server = self.relay(station.url + "/live", "--fallback", "tone")
        self.sounds(server)
        self.has_title(server, "Song")
        station.close()
        server.wait_log("error: source: http://127.0.0.1:[0-9]+/live: .*; the fallback is played until it is back")
        self.has_title(server, None)
        information = server.information()
        self.assertEqual(information["alarm"], "device")
        self.assertEqual(information["notice"], "The relayed station is gone: the fallback is played until it is back")
        wait_until(
            lambda: "connect" in (json.loads(server.operator_get("/status"))["source"]["reason"] or ""), TIMEOUT,
            lambda: server.operator_get("/status"))
        self.station(answers, port=station.port)
        server.wait_log("source: back after [0-9]+ frames: relay of ")
        # Before the first sound, the fallback is heard as well.
        heard = "source: heard again, and the fallback is not"
        wait_until(lambda: server.log.count(heard) == 2, TIMEOUT, lambda: server.log)
        self.sounds(server)
        information = server.information()
        self.assertEqual((information["alarm"], information["notice"]), (None, None))
        self.assertIsNone(json.loads(server.operator_get("/status"))["source"]["reason"])
        self.assertNotIn("dates leap", server.log)

    def test_an_answer_without_sound_is_named_in_the_log(self):
        station = self.station({
            "/page": content(b"<html></html>", "text/html"), "/noise": content(b"no sound at all" * 20000, "audio/ogg"),
            "/aac": content(b"\xff\xf1" * 100, "audio/aac"), "/file": redirect("file:///etc/passwd"),
            "/away": redirect("/away"), "/hls": content(b"#EXTM3U\n#EXT-X-TARGETDURATION:4\n", "audio/mpegurl"),
            "/m3u8": redirect("/x.m3u8"), "/lists": content(b"/lists", "audio/mpegurl"),
            "/empty": content(b"", "audio/mpegurl"), "/long": content(b"#" * 70000, "audio/mpegurl"),
        })
        causes = {
            "/page": f"it sends text/html, which is not taken; {TAKEN}", "/aac": f"it sends audio/aac.*{TAKEN}",
            "/noise": f"bytes hold no page of Ogg; {TAKEN}", "/gone": "it answers with the status 404",
            "/file": "it redirects to an address that is not followed: .*must begin with http:// or https://",
            "/away": "more than 5 redirects", "/hls": "an HLS playlist .* is no endless stream",
            "/m3u8": "an HLS playlist .* is no endless stream", "/lists": "more than 3 playlists",
            "/empty": "its playlist has no address", "/long": "its playlist has more than 65536 bytes",
        }
        flags = ["--stream", "live", "--source", "tone"]
        for path in causes:
            flags += ["--stream", path[1:], "--source", station.url + path]
        server = self.enterContext(Server(*FLAGS, *flags))
        for path, cause in causes.items():
            with self.subTest(path):
                server.wait_log(f"error: {path[1:]}: source: {station.url}{path}: .*{cause}")

    def test_a_station_that_sends_too_little_is_given_up(self):
        station = self.station({"/slow": slow(self.sound)})
        server = self.relay(station.url + "/slow")
        server.wait_log("error: source: http:.*/slow: it sends less than 5000 bytes in 10 s; silence is sent")


class Secrets(Case):
    def test_the_password_of_a_file_is_shown_to_the_station_of_the_settings_only(self):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="relay.")))
        passwords = folder / "password"
        passwords.write_text("anna:geheim\n")
        passwords.chmod(0o600)
        other = self.station({"/live": live(self.sound)})
        station = self.station({"/live": guarded(redirect(other.url + "/live"), "anna", "geheim")})
        server = self.relay(station.url + "/live", "--source-password-file", passwords)
        self.sounds(server)
        self.assertIn("Authorization", station.requests[0][1])
        self.assertNotIn("Authorization", other.requests[0][1])
        passwords.write_text("anna:wrong\n")
        other.drop()
        server.wait_log("it wants another user and password")
        self.assertNotIn("geheim", server.log)

    def test_a_url_with_a_password_or_of_hls_is_refused_and_not_repeated(self):
        message = refusal("--source", "http://anna:geheim@radio.example/live?token=secret")
        self.assertIn("--source-password-file", message)
        self.assertNotIn("geheim", message)
        self.assertNotIn("secret", message)
        self.assertIn("HLS playlist", refusal("--fallback", "https://radio.example/live.m3u8"))
        self.assertIn("it must be", refusal("--source", "ftp://radio.example/live"))

    def test_a_certificate_that_nobody_vouches_for_is_refused(self):
        certificate = self.enterContext(Certificate())
        other = self.enterContext(Server("--source", "tone", *FLAGS, certificate=certificate))
        server = self.relay(f"{other.url}live.mp3")
        server.wait_log("error: source: https://.*/live.mp3: .*(certificate|peer|SSL|CA)")
