"""A real ALSA capture from a virtual sound card: the sound that is played into the card is in the segments."""

import signal
import tempfile
import time
import unittest
from datetime import datetime, timezone
from pathlib import Path

import numpy as np

from support import processes
from support.clients.segment_collector import SegmentCollector
from support.formats import mp3
from support.formats.wav import wav
from support.server import Server
from support.sound import signals
from support.sound.soundcard import RATE, SoundCard
from support.waiting import TIMEOUT, wait_until

# Frames of a tenth of a second.
BLOCK = RATE // 10


class Case(unittest.TestCase):
    def setUp(self):
        self.card = self.enterContext(SoundCard())

    def server(self, *flags):
        flags = ["--source", "alsa", "--channels", 2, "--segment-length", 1, "--ring-size", 40, *flags]
        return self.enterContext(Server(*flags, environment=self.card.environment))

    def lags(self, sound, collector):
        """The lag of each block, from the beginning of the sound on."""
        decoded = mp3.decode(b"".join(segment.payload for segment in collector.parsed()), 2)[:, 0]
        start = signals.lag(sound[: 5 * RATE, 0], decoded)
        self.assertGreater(start, 0, "the beginning of the sound was not heard")
        return signals.lags(sound[:, 0], decoded, start, BLOCK, RATE // 5)

    def follow(self, collector, count):
        """Collects `count` more segments. Returns the shortest time between a segment's end, by its date, and its
        listing: a busy machine makes a segment late, and never early."""
        # Segments from before the call do not count.
        collector.follow(lambda _: True)
        delays = []
        for _ in range(count):
            last = collector.playlist.last
            collector.follow(lambda collector: collector.playlist.last > last, pause=0.05)
            entry = collector.playlist.entries[-1]
            delays.append(datetime.now(timezone.utc).timestamp() - entry.date.timestamp() - float(entry.duration))
        return min(delays)


class Capture(Case):
    def test_no_sample_is_lost_or_doubled(self):
        sound = signals.reference(25, RATE, 2)
        server = self.server()
        server.wait_playlist()
        self.card.play("mic", signals.int16(sound), channels=2)
        collector = SegmentCollector(server, 40).follow(lambda collector: collector.duration >= 25)
        found = self.lags(sound, collector)
        self.assertGreaterEqual(len(found), 200)
        self.assertEqual(len(set(found)), 1, found)
        self.assertNotRegex(server.log, "overrun|lost|back")


class Channels(Case):
    def test_chosen_channels_of_a_card_are_played_in_their_order(self):
        # A sine on the left channel, and silence on the right one.
        left = 0.5 * np.sin(2 * np.pi * 440 * np.arange(60 * RATE) / RATE)
        self.card.play("mic", signals.int16(np.stack([left, np.zeros_like(left)], 1)), channels=2)
        for chosen, silent in [("1,2", [False, True]), ("2,1", [True, False]), ("2", [True]), ("1", [False])]:
            with self.subTest(chosen), Server(
                    "--source", "alsa", "--input-channels", chosen, "--segment-length", 1,
                    environment=self.card.environment) as server:
                server.wait_playlist()

                def holds():
                    levels = server.information()["levels"]
                    return levels and [level["rms"] < -80 for level in levels] == silent
                wait_until(holds, TIMEOUT, lambda: f"{chosen}: {server.information()}\n{server.log}")


class SmallPeriods(Case):
    def test_a_period_of_64_frames_loses_nothing_either(self):
        sound = signals.reference(12, RATE, 2)
        server = self.server("--block-size", 64)
        server.wait_playlist()
        self.card.play("mic", signals.int16(sound), channels=2)
        collector = SegmentCollector(server, 40).follow(lambda collector: collector.duration >= 12)
        found = self.lags(sound, collector)
        self.assertGreaterEqual(len(found), 90)
        self.assertEqual(len(set(found)), 1, found)


class Stopped(Case):
    """The process does not run for a while, as on a machine that is overloaded, or frozen."""

    def stopped(self, seconds, total):
        sound = signals.reference(total, RATE, 2)
        server = self.server()
        server.wait_playlist()
        self.card.play("mic", signals.int16(sound), channels=2)
        collector = SegmentCollector(server, 40)
        delay = self.follow(collector, 5)
        server.process.send_signal(signal.SIGSTOP)
        time.sleep(seconds)
        server.process.send_signal(signal.SIGCONT)
        collector.follow(lambda collector: collector.duration >= total)
        # The length of the stream agrees with the clock.
        self.assertLess(abs(self.follow(collector, 2) - delay), 0.5, server.log)
        return server, self.lags(sound, collector)


class Interrupted(Stopped):
    def test_a_short_while_loses_nothing(self):
        _, found = self.stopped(1.5, 10)
        self.assertGreaterEqual(len(found), 70)
        self.assertEqual(len(set(found)), 1, found)


class Frozen(Stopped):
    def test_sound_lost_in_a_long_stop_is_replaced_by_as_much_silence(self):
        # Longer than the 4 MiB that PulseAudio keeps for a client that does not read.
        server, found = self.stopped(14, 27)
        before, after = found[:20], found[-20:]
        self.assertEqual((len(set(before)), len(set(after))), (1, 1), found)
        self.assertIn(None, found)
        self.assertIsNotNone(after[0], found)
        # Within two periods, because PulseAudio delivers in large pieces.
        self.assertLess(abs(after[0] - before[0]), RATE // 50)
        self.assertRegex(server.log, "warning: source: .* frames .*silence")


class Outage(Case):
    """The card fails during a capture. The stream goes on, and its notice says why there is no sound."""

    def begin(self, *flags):
        """Plays eight seconds into the microphone. Returns the server and its collector."""
        self.sound = signals.reference(8, RATE, 2)
        server = self.server(*flags)
        collector = SegmentCollector(server, 40)
        self.player = self.card.play("mic", signals.int16(self.sound), channels=2)
        self.before = self.follow(collector, 3)
        return server, collector

    def goes_on(self, server, collector, notice):
        """Checks that four segments come in time, with an alarm and a notice."""
        self.assertEqual(server.information()["alarm"], "device")
        self.assertRegex(server.information()["notice"], notice)
        self.assertLess(abs(self.follow(collector, 4) - self.before), 0.5)

    def is_back(self, server, collector):
        """Checks that the sound is live again, complete, and at the right time."""
        server.wait_log("source: back")
        information = server.information()
        self.assertEqual((information["alarm"], information["notice"]), (None, None))
        processes.end(self.player)
        self.card.play("mic", signals.int16(self.sound), channels=2)
        self.assertLess(abs(self.follow(collector, 5) - self.before), 0.5)
        second = self.decoded(collector)[-6 * RATE :]
        found = signals.lags(self.sound[:, 0], second, signals.lag(self.sound[:, 0], second), BLOCK, RATE // 5)
        self.assertEqual(len(set(found[-20:])), 1, found)
        self.assertIsNotNone(found[-1])

    def decoded(self, collector):
        return mp3.decode(b"".join(segment.payload for segment in collector.parsed()), 2)[:, 0]


class Unplugged(Outage):
    def test_a_card_that_goes_and_comes_back_is_silence_in_between(self):
        server, collector = self.begin()
        self.card.unplug()
        server.wait_log("source: .*silence is sent until it is back")
        self.goes_on(server, collector, "The sound device is gone: silence")
        self.card.plug()
        self.is_back(server, collector)


class Hanging(Outage):
    def test_a_card_that_hangs_without_an_error_is_silence_until_it_goes_on(self):
        server, collector = self.begin()
        self.card.freeze()
        server.wait_log("source: it has given nothing for 500 ms; silence is sent until it is back")
        self.goes_on(server, collector, "The sound device gives nothing: silence")
        self.card.thaw()
        self.is_back(server, collector)


class HangingForGood(Outage):
    def test_a_card_that_hangs_and_is_then_exchanged_is_found_again(self):
        server, collector = self.begin()
        self.card.freeze()
        server.wait_log("source: it has given nothing")
        self.goes_on(server, collector, "gives nothing")
        self.card.unplug()
        self.card.plug()
        self.is_back(server, collector)

    def test_a_server_whose_card_hangs_stops_in_time(self):
        server = self.server()
        server.wait_playlist()
        self.card.freeze()
        server.wait_log("source: it has given nothing")
        status, seconds = server.stop()
        self.assertEqual(status, 0)
        self.assertLess(seconds, 2)


class OtherRate(Outage):
    def test_a_card_that_comes_back_with_another_rate_sounds_as_before(self):
        server, collector = self.begin("--source", "alsa:fixed")
        self.card.unplug()
        server.wait_log("source: .*silence is sent until it is back")
        self.card.set_rate(44100)
        self.card.plug()
        self.is_back(server, collector)
        self.assertRegex(server.log, "source: its sample rate has changed from 48000 to 44100 Hz")
        self.assertRegex(server.log, "back after .*44100 Hz")


class Substituted(Outage):
    def pitch(self, collector):
        """The strongest frequency of the last two seconds, in Hz, and its amplitude."""
        last = self.decoded(collector)[-2 * RATE :]
        spectrum = np.abs(np.fft.rfft(last * np.hanning(len(last))))
        peak = int(np.argmax(spectrum))
        return peak / 2, spectrum[peak] * 4 / len(last)

    def substituted(self, fallback, hertz, amplitude):
        server, collector = self.begin("--fallback", fallback)
        self.card.unplug()
        server.wait_log("source: .*the fallback is played until it is back")
        self.goes_on(server, collector, "The sound device is gone: the fallback is played until it is back")
        found, level = self.pitch(collector)
        self.assertAlmostEqual(found, hertz, delta=1)
        self.assertAlmostEqual(level, amplitude, delta=amplitude / 5)
        self.card.plug()
        self.is_back(server, collector)

    def test_the_test_tone_replaces_a_card_that_is_gone(self):
        self.substituted("tone", 440, 0.1)

    def test_a_recording_of_another_format_replaces_a_card_that_is_gone(self):
        path = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="fallback."))) / "fallback.wav"
        path.write_bytes(wav(0.3 * np.sin(2 * np.pi * 700 * np.arange(3 * 44100) / 44100)[:, None], 44100))
        self.substituted(f"file:{path}", 700, 0.3)


class Silent(Case):
    def test_a_silent_source_raises_an_alarm_and_gives_way_to_the_fallback_until_there_is_sound(self):
        server = self.server("--silence-alarm", 2, "--on-silence", "fallback", "--fallback", "tone")
        server.wait_log("warning: source: silent for 2 s; the fallback is played until there is sound")
        information = server.information()
        self.assertEqual(information["alarm"], "silence")
        self.assertEqual(information["notice"], "No sound comes in; the fallback is played until there is sound")
        wait_until(
            lambda: all(abs(level["rms"] + 22) < 4 for level in server.information()["levels"]), TIMEOUT,
            lambda: f"the level of the test tone, but {server.information()}")
        loud = np.full((30 * RATE, 2), 0.01, np.float32) * np.sin(np.arange(30 * RATE) / 10)[:, None]
        # The card is heard a second and a half after the sound begins.
        loud[: 4 * RATE] = np.sign(loud[: 4 * RATE])
        self.card.play("mic", signals.int16(loud), channels=2)
        server.wait_log("source: there is sound again")
        self.assertIsNone(server.information()["alarm"])
        server.wait_log(r"source: clipping, \d+ samples at full scale")
        # A sine at one hundredth of full scale.
        wait_until(
            lambda: all(abs(level["rms"] + 43) < 1 for level in server.information()["levels"]), 25,
            lambda: f"the level of the sine, but {server.information()}")
        self.assertGreater(server.information()["clipped"], RATE // 2)


if __name__ == "__main__":
    unittest.main()
