"""The judges themselves: the playlist's reader, the ear and the aligner refuse what they are there to refuse."""

import unittest

import numpy as np

from support import ear, hls, mp3, signals
from support.soundcard import RATE

PLAYLIST = """\
#EXTM3U
#EXT-X-VERSION:6
#EXT-X-TARGETDURATION:2
#EXT-X-MEDIA-SEQUENCE:100
#EXT-X-DISCONTINUITY-SEQUENCE:1
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-PROGRAM-DATE-TIME:2026-11-21T07:00:00.000Z
#EXTINF:1.992,
live/100.mp3
#EXT-X-DISCONTINUITY
#EXT-X-PROGRAM-DATE-TIME:2026-11-21T07:00:02.992Z
#EXTINF:2.016,
live/101.mp3
#EXT-X-PROGRAM-DATE-TIME:2026-11-21T07:00:05.008Z
#EXTINF:1.992,
live/102.mp3
"""

# What is replaced by what, and makes it wrong.
WRONG = [
    ("#EXTM3U\n", ""), ("#EXTM3U", "\ufeff#EXTM3U"), ("#EXTM3U", "#EXTM3U\r"), ("#EXTM3U\n", "#EXTM3U\n\n"),
    ("VERSION:6", "VERSION:3"), ("VERSION:6", "VERSION:6\n#EXT-X-VERSION:6"), ("DURATION:2", "DURATION:1"),
    ("DURATION:2", "DURATION:2.0"), ("MEDIA-SEQUENCE:100", "MEDIA-SEQUENCE:0"),
    ("MEDIA-SEQUENCE:100", "MEDIA-SEQUENCE:101"), ("1.992,", "1.992"), ("1.992,", "1e0,"), ("1.992,", "-1,"),
    ("2.016,", "2.5,"), ("#EXT-X-INDEPENDENT-SEGMENTS\n", ""), ("#EXT-X-DISCONTINUITY-SEQUENCE:1\n", ""),
    ("02.992Z", "02.992"), ("05.008Z", "05.020Z"), ("05.008Z", "05.0080Z"), ("live/102", "live/103"),
    ("101.mp3", "101.mp3?x"), ("#EXTINF:2.016,\n", ""), ("\nlive/102.mp3\n", "\n"), ("102.mp3\n", "102.mp3"),
    ("#EXT-X-DISCONTINUITY\n", "#EXT-X-DISCONTINUITY\n#EXT-X-DISCONTINUITY\n"), ("live/100", "live/100\t"),
    ("102.mp3\n", "102.mp3\n#EXT-X-ENDLIST\n#EXT-X-ENDLIST\n"), ("102.mp3\n", "102.mp3\n#EXT-X-PART:DURATION=1\n"),
]

# A playlist by itself right, and wrong after the one above.
WRONG_AFTER = [
    [("SEQUENCE:100", "SEQUENCE:99"), ("live/100", "live/99"), ("live/101", "live/100"), ("live/102", "live/101")],
    [("DISCONTINUITY-SEQUENCE:1", "DISCONTINUITY-SEQUENCE:0")], [("DURATION:2", "DURATION:3")],
    [("DISCONTINUITY-SEQUENCE:1", "DISCONTINUITY-SEQUENCE:2")], [("#EXT-X-DISCONTINUITY\n", "")],
    [("2.016", "2.040")], [("07:00:0", "07:01:0")],
]


def replaced(*replacements):
    text = PLAYLIST
    for old, new in replacements:
        assert old in text, old
        text = text.replace(old, new)
    return text.encode()


class Playlists(unittest.TestCase):
    def test_a_right_one_is_read(self):
        playlist = hls.read(PLAYLIST.encode())
        self.assertEqual([entry.sequence for entry in playlist.entries], [100, 101, 102])
        self.assertEqual([entry.timeline for entry in playlist.entries], [1, 2, 2])
        hls.check_reload(playlist, playlist)

    def test_a_wrong_one_is_refused(self):
        for wrong in WRONG:
            with self.subTest(wrong), self.assertRaises(hls.PlaylistError):
                hls.read(replaced(wrong))

    def test_one_that_does_not_follow_from_the_one_before_is_refused(self):
        before = hls.read(PLAYLIST.encode())
        for wrong in WRONG_AFTER:
            with self.subTest(wrong), self.assertRaises(hls.PlaylistError):
                hls.check_reload(before, hls.parse(replaced(*wrong)))


class Ear(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.sound = ear.signal(10)

    def test_it_hears_nothing_wrong_where_nothing_is(self):
        self.assertTrue(ear.listen(self.sound).flawless)
        # Nor where it is played half a per cent faster from the middle on.
        positions = np.concatenate([np.arange(5 * RATE), 5 * RATE + 1.005 * np.arange(4 * RATE)])
        self.assertTrue(ear.listen(np.interp(positions, np.arange(len(self.sound)), self.sound)).flawless)

    def test_it_hears_a_splice(self):
        # Whole periods of the one pilot among them, single frames, blocks of 10 and 50 ms.
        for missing in (24, 109, 441, 1152, 2400, 4800):
            with self.subTest(missing):
                spliced = np.delete(self.sound, slice(5 * RATE, 5 * RATE + missing))
                self.assertEqual(ear.listen(spliced).jumps, [5.0])

    def test_it_hears_a_gap(self):
        for length in (480, 1000, 9600):
            with self.subTest(length):
                sound = self.sound.copy()
                sound[4 * RATE : 4 * RATE + length] = 0
                (at, seconds), = ear.listen(sound).dropouts
                self.assertAlmostEqual(at, 4, delta=0.002)
                self.assertAlmostEqual(seconds, length / RATE, delta=0.002)

    def test_silence_is_not_flawless(self):
        self.assertFalse(ear.listen(np.zeros(5 * RATE, np.float32)).flawless)


class Aligner(unittest.TestCase):
    def test_one_sample_lost_or_doubled_shows(self):
        sound = signals.programme(6, 48000, 1)[:, 0]
        for cut, paste in ((100_000, 100_001), (100_001, 100_000)):
            heard = np.concatenate([np.zeros(mp3.DELAY, np.float32), sound[:cut], sound[paste:]])
            found = signals.lags(sound, heard, mp3.DELAY, 4800, 1000)
            self.assertEqual((found[0], found[-1]), (mp3.DELAY, mp3.DELAY + cut - paste))

    def test_what_is_not_there_is_not_found(self):
        sound = signals.programme(3, 48000, 1)[:, 0]
        noise = signals.pink(len(sound), 7)
        self.assertEqual(set(signals.lags(sound, noise, 0, 4800, 1000)), {None})


if __name__ == "__main__":
    unittest.main()
