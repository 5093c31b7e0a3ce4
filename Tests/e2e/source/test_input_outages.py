"""Inputs that are missing, stall, fail or are replaced: the stream goes on, and takes them when they are there."""

import os
import subprocess
import tempfile
import threading
import time
import unittest
from pathlib import Path

import numpy as np

from support.formats.wav import wav
from support.machine.disk import InjectedCalls
from support.machine.preloaded import Preloaded
from support.server import Server
from support.sound import signals
from support.sound.soundcard import RATE as CARD_RATE
from support.sound.soundcard import SoundCard
from support.waiting import TIMEOUT, wait_until

RATE = 48000


def sine(amplitude, seconds, rate=RATE):
    return (amplitude * np.sin(2 * np.pi * 1000 * np.arange(round(rate * seconds)) / rate))[:, None]


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="input.")))

    def server(self, *flags, **options):
        flags = ["--segment-length", 0.5, "--ring-size", 40, *flags]
        return self.enterContext(Server(*flags, **options))

    def level(self, server, decibels):
        """Waits until the sound has this level, within 2 dB; None is silence."""
        def holds():
            levels = server.information()["levels"]
            return levels and all(
                abs(level["rms"] - decibels) < 2 if decibels is not None else level["rms"] < -90 for level in levels)
        wait_until(holds, TIMEOUT, lambda: f"a level of {decibels}, but {server.information()}\n{server.log}")

    def well(self, server):
        wait_until(
            lambda: (lambda now: (now["alarm"], now["notice"]) == (None, None))(server.information()), TIMEOUT,
            lambda: f"no alarm, but {server.information()}\n{server.log}")

    def alarm(self, server, notice):
        information = wait_until(
            lambda: (lambda now: now if now["alarm"] == "device" else None)(server.information()), TIMEOUT,
            lambda: f"an alarm, but {server.information()}\n{server.log}")
        self.assertEqual(information["notice"], notice)

    def goes_on(self, server, seconds=2):
        """Checks that segments come in real time."""
        first, began = server.wait_playlist().last, time.monotonic()
        server.wait_playlist(lambda playlist: playlist.last >= first + 2 * seconds)
        self.assertLess(time.monotonic() - began, seconds + 1.5)
        self.assertFalse(server.playlist().ended)


class Producer:
    """Writes a sine to a pipe in real time until it is told to pause."""

    def __init__(self, pipe, channels=2):
        self.pipe, self.running, self.ended = pipe, threading.Event(), False
        block = signals.int16(np.repeat(sine(0.25, 0.02), channels, axis=1))
        self.block = block
        self.running.set()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        due = time.monotonic()
        while not self.ended:
            if not self.running.is_set():
                self.running.wait()
                due = time.monotonic()
            try:
                self.pipe.write(self.block)
                self.pipe.flush()
            except (BrokenPipeError, ValueError):
                return
            due += 0.02
            time.sleep(max(0, due - time.monotonic()))


class Stall(Case):
    def test_a_pipe_that_gives_nothing_is_an_alarm_and_the_fallback_and_then_the_pipe_again(self):
        jingle = self.folder / "jingle.wav"
        jingle.write_bytes(wav(sine(0.05, 1), RATE))
        server = self.server(
            "--source", "stdin", "--silence-alarm", 3, "--on-silence", "fallback", "--fallback", f"file:{jingle}",
            stdin=subprocess.PIPE)
        producer = Producer(server.process.stdin)
        self.level(server, -15)
        self.well(server)
        producer.running.clear()
        server.wait_log("error: source: it has given nothing for 500 ms; the fallback is played until it is back")
        self.alarm(server, "The input gives nothing: the fallback is played until it is back")
        self.level(server, -29)
        self.goes_on(server)
        producer.running.set()
        server.wait_log("source: back after")
        self.well(server)
        self.level(server, -15)
        producer.ended = True
        self.assertNotIn("dates leap", server.log)

    def test_without_a_fallback_it_is_silence(self):
        server = self.server("--source", "stdin", stdin=subprocess.PIPE)
        producer = Producer(server.process.stdin)
        self.level(server, -15)
        producer.running.clear()
        self.alarm(server, "The input gives nothing: silence is sent until it is back")
        self.level(server, None)
        self.goes_on(server)
        producer.running.set()
        self.well(server)
        producer.ended = True

    def test_a_pipe_that_gives_nothing_from_the_start_is_silence_after_some_seconds(self):
        server = self.server("--source", "stdin", stdin=subprocess.PIPE)
        self.alarm(server, "The input gives nothing: silence is sent until it is back")
        self.goes_on(server)
        producer = Producer(server.process.stdin)
        self.well(server)
        self.level(server, -15)
        producer.ended = True


class Missing(Case):
    def test_a_file_that_comes_later_is_played_then(self):
        path = self.folder / "late.wav"
        server = self.server("--source", f"file:{path}", "--loop")
        server.wait_log(rf"error: source: file:{path}: No such file or directory; silence is sent until it is back")
        self.alarm(server, "The sound file is gone: silence is sent until it is back")
        self.goes_on(server)
        path.write_bytes(wav(sine(0.25, 1, 44100), 44100))
        server.wait_log(rf"source: back after \d+ frames: file {path}")
        self.well(server)
        self.level(server, -15)

    def test_a_device_that_does_not_exist_is_waited_for(self):
        server = self.server("--source", "alsa:hw:31,7", "--fallback", "tone")
        server.wait_log(r"error: source: alsa:hw:31,7: .*; the fallback is played until it is back")
        self.alarm(server, "The sound device is gone: the fallback is played until it is back")
        self.level(server, -22)
        self.goes_on(server)
        self.assertEqual(server.stop()[0], 0)


class Automatic(Case):
    def test_a_card_that_is_plugged_in_later_replaces_the_test_tone(self):
        card = self.enterContext(SoundCard())
        card.unplug()
        server = self.server(environment=card.environment)
        information = server.information()
        self.assertEqual(information["source"], "tone")
        self.assertEqual(information["notice"], "No capture device: playing the built-in test tone")
        self.assertEqual(information["alarm"], "device")
        self.level(server, -22)
        card.plug()
        server.wait_log("source: back after")
        card.play("mic", signals.int16(np.repeat(sine(0.25, 60, CARD_RATE), 2, axis=1)), channels=2)
        self.well(server)
        self.assertEqual(server.information()["source"], "alsa")
        self.level(server, -15)


class Replaced(Case):
    def setUp(self):
        super().setUp()
        self.path = self.folder / "jingle.wav"
        self.path.write_bytes(wav(sine(0.25, 2), RATE))

    def test_a_loop_that_is_written_anew_plays_the_new_file(self):
        server = self.server("--source", f"file:{self.path}", "--loop")
        self.level(server, -15)
        # Shorter, of another rate and of other channels.
        self.path.write_bytes(wav(np.repeat(sine(0.05, 0.5, 32000), 2, axis=1), 32000))
        server.wait_log("error: source: .*jingle.wav: it .*; silence is sent until it is back")
        self.well(server)
        self.level(server, -29)
        # Something that is no sound.
        self.path.write_text("This is no sound at all.\n")
        server.wait_log(r"source: .*it is not a WAV file.*; silence is sent until it is back")
        self.level(server, None)
        self.goes_on(server)
        self.path.write_bytes(wav(sine(0.25, 1), RATE))
        self.well(server)
        self.level(server, -15)
        self.assertNotIn("the input has ended", server.log)

    def test_a_loop_whose_file_is_replaced_or_removed_goes_on_without_a_gap(self):
        server = self.server("--source", f"file:{self.path}", "--loop")
        self.level(server, -15)
        other = self.folder / "other.wav"
        other.write_bytes(wav(sine(0.05, 1), RATE))
        os.replace(other, self.path)
        self.level(server, -29)
        self.path.unlink()
        self.goes_on(server, 3)
        self.assertNotIn("silence is sent", server.log)


class FaultyDisk(Case):
    def setUp(self):
        super().setUp()
        path = self.folder / "jingle.wav"
        path.write_bytes(wav(sine(0.25, 2), RATE))
        self.loop = self.server("--source", f"file:{path}", "--loop")
        self.level(self.loop, -15)

    def test_a_disk_that_hangs_is_silence_until_it_goes_on(self):
        with InjectedCalls(self.loop.process, "input", "pread64", "delay_enter=30000000"):
            self.loop.wait_log("error: source: it has given nothing for 500 ms; silence is sent until it is back")
            self.alarm(self.loop, "The sound file gives nothing: silence is sent until it is back")
            self.level(self.loop, None)
            self.goes_on(self.loop)
        self.well(self.loop)
        self.level(self.loop, -15)

    def test_a_read_error_is_silence_and_is_tried_again(self):
        with InjectedCalls(self.loop.process, "input", "pread64", "error=EIO"):
            self.loop.wait_log("error: source: file:.*: Input/output error; silence is sent until it is back")
            self.alarm(self.loop, "The sound file is gone: silence is sent until it is back")
            self.level(self.loop, None)
            self.goes_on(self.loop)
        self.well(self.loop)
        self.level(self.loop, -15)
        self.assertNotIn("the input has ended", self.loop.log)


class HangingDisk(Case):
    def test_a_server_whose_disk_hangs_stops_in_time(self):
        path = self.folder / "jingle.wav"
        path.write_bytes(wav(sine(0.25, 2), RATE))
        # A tracer as in `FaultyDisk` would hold up the end of the thread.
        server = self.server(
            "--source", f"file:{path}", "--loop",
            environment=self.enterContext(Preloaded("hanging_reads")))
        server.wait_log("error: source: it has given nothing for 500 ms; silence is sent until it is back")
        status, seconds = server.stop()
        self.assertEqual(status, 0)
        self.assertLess(seconds, 2)


class NamedPipe(Case):
    def test_it_starts_and_stops_without_a_writer_and_takes_one_after_the_other(self):
        path = self.folder / "pipe"
        os.mkfifo(path)
        server = self.server("--source", f"file:{path}")
        self.alarm(server, "The sound file gives nothing: silence is sent until it is back")
        for amplitude, decibels in ((0.25, -15), (0.05, -29)):
            with open(path, "wb") as pipe:
                # Six seconds of a WAV file at another rate; what is not taken is held back.
                pipe.write(wav(sine(amplitude, 6, 44100), 44100))
            self.level(server, decibels)
            server.wait_log("source: .*its writer has gone; silence is sent until it is back")
            self.level(server, None)
        self.goes_on(server)
        status, seconds = server.stop()
        self.assertEqual(status, 0)
        self.assertLess(seconds, 2)


class Ends(Case):
    def test_the_end_of_standard_input_is_the_end_of_the_stream(self):
        server = self.server("--source", "stdin", "--exit-at-end", stdin=subprocess.PIPE)
        server.process.stdin.write(signals.int16(np.repeat(sine(0.25, 1), 2, axis=1)))
        server.process.stdin.close()
        self.assertEqual(server.process.wait(TIMEOUT), 0)

    def test_an_input_that_turns_out_to_be_no_sound_ends_the_program_with_1_and_not_the_playlist(self):
        server = self.server("--source", "stdin", stdin=subprocess.PIPE)
        self.goes_on(server)
        server.process.stdin.write(b"fLaC" + bytes(10_000))
        server.process.stdin.close()
        self.assertEqual(server.process.wait(TIMEOUT), 1)
        self.assertIn("stdin: it begins like FLAC", server.log)
        playlist = (server.sound / "live/live.m3u8").read_text()
        self.assertNotIn("ENDLIST", playlist)


if __name__ == "__main__":
    unittest.main()
