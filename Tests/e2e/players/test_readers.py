"""Independent players: ffmpeg and mpv play the live stream without a warning."""

import re
import unittest

import numpy as np

from support import processes
from support.server import Server
from support.sound import ear
from support.sound.control_tone import with_control_tone
from support.sound.soundcard import RATE, SoundCard

# ffmpeg reads MP3 in blocks of 1024 bytes. A block that crosses a joint brings the next segment's timestamp before
# ffmpeg has put out the last frames of the segment before (at most three, of 384 bytes). These frames get the times of
# the next segment, and the frames after them are as many frames ahead, until the next joint.
FRAMES_AHEAD = (
    r"\[\w+ @ 0x\w+\] Application provided invalid, non monotonically increasing dts to muxer in stream 0: .*\n")


def ffmpeg(url, seconds):
    return processes.run(
        ["ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "warning", "-i", url, "-t", seconds, "-ac", 1,
         "-f", "f32le", "-"], seconds=seconds + 30)


class Case(unittest.TestCase):
    def flawless(self, sound, seconds):
        self.assertGreater(len(sound), (seconds - 0.1) * RATE)
        # The first frame of a decoder is incomplete.
        heard = ear.listen(sound[RATE // 10 :], ear.TONE_PILOTS)
        self.assertTrue(heard.flawless, heard)

    def server(self, *flags):
        server = self.enterContext(Server("--source", "tone", *flags))
        server.wait_playlist(lambda playlist: len(playlist.entries) >= 3)
        return server


class FFmpeg(Case):
    def test_it_reads_20_s_live_without_a_warning(self):
        # A segment is 80 frames of 384 bytes, a multiple of 1024.
        result = ffmpeg(f"{self.server('--segment-length', '1.92').url}live.m3u8", 20)
        self.assertEqual(result.stderr.decode(), "")
        self.assertEqual(result.returncode, 0)
        self.flawless(np.frombuffer(result.stdout, "<f4"), 20)


class FFmpegDefault(Case):
    def test_it_reads_20_s_of_segments_of_any_length_whole(self):
        result = ffmpeg(f"{self.server().url}live.m3u8", 20)
        self.assertEqual(re.sub(FRAMES_AHEAD, "", result.stderr.decode()), "")
        self.assertEqual(result.returncode, 0)
        self.flawless(np.frombuffer(result.stdout, "<f4"), 20)


class FFprobe(Case):
    def test_each_packet_is_where_the_samples_before_it_say(self):
        result = processes.run(
            ["ffprobe", "-loglevel", "warning", "-show_entries", "packet=dts,duration,size", "-of", "csv=p=0",
             "-read_intervals", "%+20", f"{self.server('--segment-length', '1.3').url}live.m3u8"])
        self.assertEqual(result.stderr.decode(), "")
        packets = [[int(field) for field in line.split(",")] for line in result.stdout.decode().split()]
        self.assertGreater(len(packets), 19.9 * RATE / 1152)
        self.assertEqual({tuple(packet[1:]) for packet in packets}, {(2160, 384)})
        off = [dts - packets[0][0] - number * 2160 for number, (dts, _, _) in enumerate(packets)]
        # Exact, or ahead for the reason above. Never behind, and the difference does not accumulate.
        self.assertLessEqual(set(off), {0, 2160, 2 * 2160, 3 * 2160})


class MPV(Case):
    # mpv plays in real time. On a busy machine its device runs dry, and no part of the product is at fault.
    alone = True

    def test_it_plays_it_to_the_loudspeaker_without_a_gap(self):
        server, card = self.server(), self.enterContext(SoundCard())
        log = server.sound / "mpv.log"

        def plays():
            recorder = card.record("spk")
            result = processes.run(
                ["mpv", "--no-config", "--no-video", "--no-terminal", "--ao=pulse", "--length=15", f"--log-file={log}",
                 f"{server.url}live.m3u8"], env=card.environment)
            recording = recorder.stop()
            self.assertEqual(result.returncode, 0, log.read_text())
            # Each line has its level: e, w and f are errors, warnings and fatal errors.
            complaints = [line for line in log.read_text().splitlines() if re.match(r"\[ *[\d.]+\]\[[ewf]\]", line)]
            self.assertEqual(complaints, [])
            audible = np.flatnonzero(np.abs(recording.sound) > 0.02)
            self.flawless(recording.sound[audible[0] : audible[-1]], 14)
        with_control_tone(card, 60, plays)


if __name__ == "__main__":
    unittest.main()
