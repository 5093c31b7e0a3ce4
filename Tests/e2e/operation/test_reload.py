"""SIGHUP changes the streams of a station: they come, go and change, and the rest of the station goes on."""

import asyncio
import base64
import json
import signal
import subprocess
import tempfile
import unittest
from pathlib import Path

import numpy as np

from support.clients.room_member import RoomMember
from support.clients.voice_room import VoiceRoom
from support.formats import hls, mp3
from support.formats.head import Head
from support.formats.metrics import Metrics
from support.formats.wav import wav
from support.machine.disk import Disk
from support.machine.preloaded import Preloaded
from support.server import Server
from support.sound import spectrum
from support.sound.spectrum import TONES
from support.sources.source_client import PASSWORD, FFmpeg, RawClient
from support.waiting import TIMEOUT, wait_until


class Case(unittest.TestCase):
    """A station whose configuration file changes."""

    HEAD = "segment-length = 0.5\npart-length = 0.1\nsource = tone\n"

    def setUp(self):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="reload.")))
        self.path = folder / "ringcast.conf"
        self.count = 0

    def start(self, text, **options):
        self.path.write_text(self.HEAD + text)
        self.server = self.enterContext(Server("--config", self.path, **options))
        return self.server

    def reload(self, text):
        """Reads the file again with this text, and returns when that is done."""
        self.path.write_text(self.HEAD + text)
        self.server.process.send_signal(signal.SIGHUP)
        self.count += 1
        wait_until(lambda: self.server.log.count("reload: done") == self.count, TIMEOUT, lambda: self.server.log)

    def playlist(self, name, condition=lambda playlist: True):
        def look():
            response = self.server.request(f"/{name}.m3u8")
            playlist = hls.read(response.body) if response.status == 200 else None
            return playlist if playlist and condition(playlist) else None
        return wait_until(look, TIMEOUT, lambda: f"the playlist of {name}\n{self.server.log}")

    def stop(self):
        """Stops the station. A stop that hangs ends by the signal, and has another status."""
        status, _ = self.server.stop()
        self.assertEqual(status, 0, self.server.log)

    def newest(self, name):
        """The sound of two segments that begin from now on, mono."""
        first = self.playlist(name).last
        entries = self.playlist(name, lambda playlist: playlist.last >= first + 3).entries
        segments = [mp3.segment(self.server.get(f"/{entry.uri}")) for entry in entries if entry.sequence > first + 1]
        return mp3.decode(b"".join(segment.payload for segment in segments), 2).mean(1)

    def streams(self):
        return [stream["name"] for stream in json.loads(self.server.get("/station.json"))["streams"]]

    def radio(self, name):
        """A connection to the endless stream, and its answer."""
        connection = self.server.connect(TIMEOUT)
        self.addCleanup(connection.close)
        connection.request("GET", f"/{name}.mp3")
        answer = connection.getresponse()
        self.addCleanup(answer.close)
        self.assertEqual(answer.status, 200)
        return answer


class Reload(Case):
    def test_a_new_stream_begins_and_the_others_play_on(self):
        server = self.start("[stream a]\n")
        self.playlist("a")
        radio = self.radio("a")
        self.reload("[stream a]\n[stream b]\nbitrate = 64\nname = The B\n")
        self.assertEqual(self.streams(), ["a", "b"])
        self.assertEqual(json.loads(server.get("/b.json"))["bitrate"], 64_000)
        playlist = self.playlist("b")
        self.assertTrue(server.get(f"/{playlist.entries[-1].uri}"))
        self.assertGreater(len(self.radio("b").read(20_000)), 0)
        self.assertEqual(Head(server.get("/b")).meta["og:title"], "The B")
        self.assertIsNone(Head(server.get("/")).meta.get("ringcast-stream"))
        # The answer of before goes on: the stream is the same.
        self.assertGreater(len(radio.read(40_000)), 0)
        self.assertNotIn("a: restore", server.log)
        self.assertEqual(server.log.count("restore:"), 2)

    def test_a_stream_that_is_removed_ends_for_good(self):
        server = self.start("[stream a]\n[stream b]\n")
        last = self.playlist("b").last
        radio = self.radio("b")
        self.reload("[stream a]\n")
        self.assertEqual(self.streams(), ["a"])
        ended = self.playlist("b", lambda playlist: playlist.ended)
        self.assertGreaterEqual(ended.last, last)
        # The answer comes to its end.
        radio.read()
        self.assertTrue(radio.isclosed())
        self.assertTrue((server.sound / "b/b.m3u8").read_text().rstrip().endswith("#EXT-X-ENDLIST"))
        self.assertEqual(server.request("/b").status, 404)
        before = self.playlist("a").last
        self.playlist("a", lambda playlist: playlist.last > before)
        # The stream comes back with the next numbers.
        self.reload("[stream a]\n[stream b]\n")
        self.playlist("b", lambda playlist: not playlist.ended and playlist.last > ended.last)

    def test_a_stream_that_is_changed_goes_on_from_its_folder(self):
        server = self.start("[stream a]\n[stream b]\n")
        before = self.playlist("b", lambda playlist: len(playlist.entries) >= 2)
        radio = self.radio("b")
        self.reload("[stream a]\n[stream b]\nbitrate = 64\n")
        radio.read()
        after = self.playlist("b", lambda playlist: playlist.last > before.last + 1)
        self.assertFalse(after.ended)
        self.assertEqual(after.entries[0].uri.split("/")[1], before.entries[0].uri.split("/")[1], "the era")
        self.assertEqual(json.loads(server.get("/b.json"))["bitrate"], 64_000)
        self.assertGreater(len(self.radio("b").read(8_000)), 0)

    def test_a_stream_whose_disk_is_full_can_be_changed(self):
        disk = self.enterContext(Disk(size="48k"))
        server = self.start("[stream live]\n", sound=disk.path)
        server.wait_log("disk: .*No space left on device")
        for count, bits in enumerate((64, 96), 1):
            before = self.playlist("live").last
            self.reload(f"[stream live]\nbitrate = {bits}\n")
            self.assertEqual(server.log.count("reload: the stream live has begun"), count, server.log)
            self.playlist("live", lambda playlist, before=before: not playlist.ended and playlist.last > before)
            self.assertEqual(json.loads(server.get("/live.json"))["bitrate"], bits * 1000)

    def test_another_name_for_the_last_stream_that_runs_is_no_end(self):
        sound = self.path.parent / "short.wav"
        sound.write_bytes(wav(0.3 * np.ones((24000, 1)), 48000))
        ends = f"exit-at-end\n[stream a]\nsource = file:{sound}\n"
        server = self.start(f"{ends}[stream b]\n")
        self.playlist("a", lambda playlist: playlist.ended)
        self.reload(f"{ends}[stream c]\n")
        first = self.playlist("c").last
        self.playlist("c", lambda playlist: playlist.last > first)
        self.assertNotIn("stopping", server.log)
        # Without the stream, every input has ended.
        self.path.write_text(self.HEAD + ends)
        server.process.send_signal(signal.SIGHUP)
        self.assertEqual(server.process.wait(TIMEOUT), 0)

    def test_the_studio_lists_the_streams_of_the_settings(self):
        server = self.start("rooms\n[stream a]\n[stream b]\n")

        def listed():
            answer = json.loads(server.operator_get("/studio.json"))
            return [stream["name"] for stream in answer["streams"]]
        self.assertEqual(listed(), ["a", "b"])
        self.reload("rooms\n[stream a]\n[stream c]\n")
        self.assertEqual(listed(), ["a", "c"])

    def test_a_file_that_is_wrong_changes_nothing(self):
        server = self.start("[stream a]\n[stream b]\n")
        self.playlist("b")
        for text, reason in (
            ("[stream a]\nbitrate = 33\n", r"ringcast.conf:5: bitrate 33: it must be"),
            ("[stream status]\n", "its name must be none of the program's own"),
            ("[stream a]\n[stream b]\n[stream c]\nlisten-token-file = /none\n", "stream c: --listen-token-file"),
        ):
            before = server.log.count("\n")
            self.reload(text)
            self.assertRegex(server.log, reason)
            self.assertEqual(server.log.count("\n"), before + 2)
            self.assertEqual(self.streams(), ["a", "b"])

    def test_a_new_stream_has_its_own_token_and_a_private_port_stays_private(self):
        server = self.start("[stream a]\n")
        self.playlist("a")
        self.reload("[stream a]\n[stream b]\nlisten-token = hall-sesame\n")
        self.assertEqual(server.request("/b.json").status, 401)
        self.assertEqual(server.request("/b.json?token=hall-sesame").status, 200)
        self.reload("[stream a]\nlisten-token = open-sesame\n[stream b]\nlisten-token = hall-sesame\n")
        self.assertIn("needs a restart; the streams stay as they were", server.log)
        self.assertEqual(server.request("/a.json").status, 200)


class SourceClients(Case):
    HEAD = Case.HEAD.replace("source = tone\n", "")
    MOUNT = """SOURCE /NAME HTTP/1.0
Authorization: Basic KEY
Content-Type: audio/mpeg

"""

    def setUp(self):
        super().setUp()
        self.passwords = self.password_file("passwords")
        self.icecast = f"source = icecast\nsource-password-file = {self.passwords}\n"

    def password_file(self, name, text=PASSWORD):
        file = self.path.parent / name
        file.write_text(f"{text}\n")
        file.chmod(0o600)
        return file

    def status(self, name):
        """The status of the answer to a source client."""
        with RawClient(self.server, self.MOUNT.replace("NAME", name)) as client:
            return int(client.answer().split()[1])

    def client(self, name):
        """The source client of a stream, as operators see it."""
        streams = json.loads(self.server.operator_get("/status"))["streams"]
        return {stream["name"]: stream for stream in streams}[name].get("sourceClient")

    def sounds(self, name):
        """Waits until the newest sound of a stream is that of the client."""
        def holds():
            levels = json.loads(self.server.get(f"/{name}.json"))["levels"]
            return levels and all(level["rms"] > -15 for level in levels)
        wait_until(holds, TIMEOUT, lambda: f"the sound of a client in {name}\n{self.server.log}")

    def heard(self, name):
        """Checks that the sound of the client goes on in two segments that begin from now on."""
        sound = self.newest(name)[2304:]
        blocks = sound[:len(sound) // 4800 * 4800].reshape(-1, 4800)
        self.assertGreater(np.sqrt(np.mean(blocks ** 2, axis=1)).min(), 0.1, self.server.log)

    def set_title(self, name, title):
        key = base64.b64encode(f"source:{PASSWORD}".encode()).decode()
        return self.server.request(
            f"/admin/metadata?mode=updinfo&mount=/{name}.mp3&song={title}", headers={"Authorization": f"Basic {key}"})

    def test_a_client_connects_to_a_stream_that_was_added_and_is_refused_where_the_stream_was_removed(self):
        server = self.start("[stream a]\nsource = tone\n")
        self.playlist("a")
        self.reload(f"[stream a]\nsource = tone\n[stream b]\n{self.icecast}")
        self.assertIsNone(self.client("b"))
        self.assertEqual(Metrics(server)['ringcast_source_info{kind="icecast",stream="b"}'], 1)
        with FFmpeg(server, mount="/b.mp3") as client:
            self.sounds("b")
            self.heard("b")
            self.assertEqual(self.client("b")["user"], "source")
            self.assertEqual(self.set_title("b", "Bolero").status, 200)
            self.assertEqual(json.loads(server.get("/b/metadata"))["title"], "Bolero")
            self.reload("[stream a]\nsource = tone\n")
            client.process.wait(TIMEOUT)
        server.wait_log("is disconnected, because its stream is gone")
        self.assertEqual([self.status("b"), self.set_title("b", "x").status], [404, 404])
        server.wait_log("asks for /b, which takes no source clients; there is no mount")
        self.reload(f"[stream a]\nsource = tone\n[stream b]\n{self.icecast}")
        with FFmpeg(server, mount="/b"):
            self.sounds("b")

    def test_a_client_stays_live_over_a_change_of_the_stream(self):
        silence = self.path.parent / "silence.wav"
        silence.write_bytes(wav(np.zeros((48_000, 1)), 48_000))
        icecast = f"{self.icecast}fallback = file:{silence}\n"
        server = self.start(f"[stream a]\n{icecast}")
        with FFmpeg(server, mount="/a") as client:
            self.sounds("a")
            since = self.client("a")["since"]
            self.set_title("a", "Bolero")
            fallbacks = server.log.count("fallback")
            self.reload(f"[stream a]\n{icecast}bitrate = 64\nname = The A\n")
            self.heard("a")
            self.assertEqual(json.loads(server.get("/a.json"))["bitrate"], 64_000)
            self.assertEqual(json.loads(server.get("/a/metadata"))["title"], "Bolero")
            self.assertEqual(self.client("a")["since"], since)
            self.assertIsNone(client.process.poll())
            # The second run begins with the client: neither a loss nor the fallback is told.
            self.assertEqual(server.log.count("no source client is live"), 1, server.log)
            self.assertEqual(server.log.count("fallback"), fallbacks, server.log)
            # Another form of the sound, and another file of passwords, need another mount.
            self.reload(f"[stream a]\n{icecast}bitrate = 64\nsample-rate = 44100\n")
            client.process.wait(TIMEOUT)
        server.wait_log("is disconnected, because its stream is gone or has other settings for source clients")
        other = self.password_file("other", "geheim")
        self.reload(f"[stream a]\nsource = icecast\nsource-password-file = {other}\nsample-rate = 44100\n")
        self.assertEqual(self.status("a"), 401)
        with FFmpeg(server, mount="/a", password="geheim"):
            self.sounds("a")
            self.heard("a")
        self.stop()

    def test_passwords_that_cannot_be_read_change_nothing(self):
        server = self.start(f"[stream a]\n{self.icecast}")
        self.playlist("a")
        none = "source = icecast\nsource-password-file = /none\n"
        for text in (f"[stream a]\n{none}", f"[stream a]\n{self.icecast}[stream b]\n{none}"):
            before = server.log.count("\n")
            self.reload(text)
            self.assertRegex(server.log, r"reload: .*/none.*; the streams stay as they were")
            self.assertEqual(server.log.count("\n"), before + 2, server.log)
            self.assertEqual(self.streams(), ["a"])
        self.assertEqual(self.status("a"), 200)

    def test_a_password_that_is_gone_lets_in_nobody_though_the_configuration_has_a_fault(self):
        server = self.start(f"[stream a]\n{self.icecast}")
        self.playlist("a")
        self.assertEqual(self.status("a"), 200)
        self.password_file(self.passwords.name, "geheim")
        self.reload(f"[stream a]\n{self.icecast}bitrate = 7\n")
        self.assertRegex(server.log, r"reload: .*bitrate 7.*; the streams stay as they were")
        self.assertEqual(self.status("a"), 401)


class Rooms(Case, unittest.IsolatedAsyncioTestCase):
    alone = True
    HEAD = Case.HEAD + "rooms\nroom-open = talker\n[stream a]\n"
    STUDIO = "[stream air]\nsource = room:studio\n"

    async def change(self, text):
        await asyncio.to_thread(self.reload, text)

    async def room(self):
        room = VoiceRoom(self.server)
        self.addAsyncCleanup(room.close)
        return room

    async def tones(self):
        """The tones in the newest sound of the stream `air`. A tone that comes or goes may be none or both."""
        levels = spectrum.levels(await asyncio.to_thread(self.newest, "air"))
        return {tone for tone, level in levels.items() if level > spectrum.PRESENT}

    async def wait_tones(self, *tones):
        for _ in range(15):
            found = await self.tones()
            if found == set(tones):
                return
        self.fail(f"{tones} in the stream, but {found}\n{self.server.log}")

    async def test_a_stream_takes_the_sound_of_a_room_while_members_are_in_the_room(self):
        server = self.start("")
        room = await self.room()
        host = await room.operator(hertz=TONES[0])
        self.assertEqual(host.welcome["room"]["source_of"], [])
        await self.change(self.STUDIO)
        await host.wait("room", lambda told: told["source_of"] == ["air"])
        await host.send("agree", on=True)
        await host.wait("air", lambda air: air["members"] == [host.id])
        await asyncio.to_thread(self.playlist, "air")
        await self.wait_tones(TONES[0])
        # The member stays on the air over a change of the stream.
        await self.change(self.STUDIO + "bitrate = 64\n")
        await self.wait_tones(TONES[0])
        self.assertEqual(json.loads(server.get("/air.json"))["bitrate"], 64_000)
        self.assertFalse([told for told in host.received if told["type"] == "air" and not told["on"]])
        # Another stream takes the place of the last one at the same time.
        await self.change(self.STUDIO.replace("air", "tower"))
        await host.wait("room", lambda told: told["source_of"] == ["tower"])
        await asyncio.to_thread(self.playlist, "tower")
        self.assertFalse([told for told in host.received if told["type"] == "air" and not told["on"]])
        # With the last stream, the agreement ends.
        await self.change("")
        await host.wait("air", lambda air: not air["on"])
        self.assertIn("is off the air, because no stream takes the sound of the room any more", server.log)
        await self.change(self.STUDIO)
        await host.wait("room", lambda told: told["source_of"] == ["air"])
        await asyncio.to_thread(self.playlist, "air")
        self.assertEqual(await self.tones(), set())
        await host.send("agree", on=True)
        await self.wait_tones(TONES[0])
        await asyncio.to_thread(self.stop)

    async def test_the_room_of_a_stream_lets_in_its_listeners_from_the_reload_on(self):
        self.HEAD = Case.HEAD + "rooms\n[stream a]\n"
        server = self.start("")
        member = await RoomMember.connect(server, "hall")
        self.addAsyncCleanup(member.close)
        await member.send("hello", name="Ann")
        self.assertEqual((await member.wait_error())["code"], "not_admitted")
        await self.change("[stream hall]\nstream-room\n")
        member = await RoomMember.join(server, "hall", "Ann")
        self.addAsyncCleanup(member.close)
        self.assertEqual(member.welcome["room"]["stream"], "hall")
        await self.change("")
        await member.wait("room", lambda told: told.get("stream") is None)
        await member.send("chat", text="I am here")
        await member.wait("chat", lambda chat: chat["text"] == "I am here")

    async def test_nobody_agrees_to_a_stream_that_is_yet_to_come(self):
        server = self.start("[stream hall]\nstream-room\n")
        host = await RoomMember.join(server, "hall", "Host", token=server.operator_token)
        self.addAsyncCleanup(host.close)
        await host.send("agree", on=True)
        self.assertEqual((await host.wait_error())["code"], "no_stream")
        await self.change("[stream hall]\nsource = room:hall\nstream-room\n")
        await host.wait("room", lambda told: told["source_of"] == ["hall"])
        await asyncio.to_thread(self.playlist, "hall")
        self.assertFalse([told for told in host.received if told["type"] == "air"])

    async def test_listen_tokens_still_guard_the_room_of_a_stream_that_is_gone(self):
        self.HEAD = Case.HEAD + "rooms\nroom-open = talker\nlisten-token = letmehear\n[stream a]\n"
        server = self.start("[stream hall]\n")
        for streams, name in (("[stream hall]\n", "Ann"), ("", "Bea")):
            await self.change(streams)
            stranger = await RoomMember.connect(server, "hall")
            self.addAsyncCleanup(stranger.close)
            await stranger.send("hello", name="Eve")
            self.assertEqual((await stranger.wait_error())["code"], "not_admitted")
            friend = await RoomMember.join(server, "hall", name, token="letmehear")
            await friend.close()

    def test_a_station_without_rooms_gets_none(self):
        self.HEAD = Case.HEAD
        server = self.start("[stream a]\n")
        self.playlist("a")
        for stream in (self.STUDIO, "[stream b]\nstream-room\n"):
            before = server.log.count("\n")
            self.reload(f"rooms\n[stream a]\n{stream}")
            self.assertIn("the station has started without rooms: a stream with a room needs a restart", server.log)
            self.assertEqual(server.log.count("\n"), before + 2, server.log)
            self.assertEqual(self.streams(), ["a"])


class StandardInput(Case):
    STDIN = "[stream a]\n[stream in]\nsource = stdin\n"

    def start(self, text, **options):
        """The stream gets a quarter of a second of sound, which the pipe holds, and then waits for more."""
        server = super().start(text, stdin=subprocess.PIPE, **options)
        self.addCleanup(server.process.stdin.close)
        server.process.stdin.write(bytes(48_000))
        server.process.stdin.flush()
        return server

    def test_a_stream_that_reads_it_can_be_removed(self):
        server = self.start(self.STDIN)
        self.playlist("in")
        # Another stream changes beside it.
        self.reload(self.STDIN.replace("[stream a]\n", "[stream a]\nbitrate = 64\n"))
        self.assertEqual(json.loads(server.get("/a.json"))["bitrate"], 64_000)
        self.assertNotIn("stream in has begun", server.log)
        self.reload("[stream a]\nbitrate = 64\n")
        self.playlist("in", lambda playlist: playlist.ended)
        self.assertNotIn("a read still waits", server.log)
        # Nothing opens it again.
        for text in (self.STDIN, "[stream a]\nsource = stdin\n"):
            self.reload(text)
            self.assertIn("begins to read the standard input at the start only: it needs a restart", server.log)
            self.assertEqual(self.streams(), ["a"])
        self.stop()

    def test_a_read_that_still_waits_has_a_line_and_the_station_stops_all_the_same(self):
        server = self.start(self.STDIN, environment=self.enterContext(Preloaded("hanging_pipe")))
        server.wait_log("in: source: .*has given nothing")
        self.reload("[stream a]\n")
        line = "stdin: a read still waits; its thread ends with that read"
        server.wait_log(line)
        self.playlist("in", lambda playlist: playlist.ended)
        first = self.playlist("a").last
        self.playlist("a", lambda playlist: playlist.last > first)
        self.stop()
        self.assertEqual(server.log.count(line), 1, server.log)


if __name__ == "__main__":
    unittest.main()
