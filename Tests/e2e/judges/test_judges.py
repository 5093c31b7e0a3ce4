"""Tests of the test tools: the reader of playlists, the ear and the aligner find the errors that they are made for."""

import unittest

import numpy as np

from support.formats import hls, mp3
from support.sound import browser_tone, ear, signals
from support.sound.browser_tone import own_flaws
from support.sound.soundcard import RATE, Recording

PLAYLIST = """\
#EXTM3U
#EXT-X-VERSION:6
#EXT-X-TARGETDURATION:2
#EXT-X-MEDIA-SEQUENCE:100
#EXT-X-DISCONTINUITY-SEQUENCE:1
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-PROGRAM-DATE-TIME:2026-11-21T07:00:00.000Z
#EXTINF:1.992,
live/3f09c2a17be4/100.mp3
#EXT-X-DISCONTINUITY
#EXT-X-PROGRAM-DATE-TIME:2026-11-21T07:00:02.992Z
#EXTINF:2.016,
live/3f09c2a17be4/101.mp3
#EXT-X-PROGRAM-DATE-TIME:2026-11-21T07:00:05.008Z
#EXTINF:1.992,
live/3f09c2a17be4/102.mp3
"""

# Replacements that make the playlist invalid.
WRONG = [
    ("#EXTM3U\n", ""), ("#EXTM3U", "\ufeff#EXTM3U"), ("#EXTM3U", "#EXTM3U\r"), ("#EXTM3U\n", "#EXTM3U\n\n"),
    ("VERSION:6", "VERSION:3"), ("VERSION:6", "VERSION:6\n#EXT-X-VERSION:6"), ("DURATION:2", "DURATION:1"),
    ("DURATION:2", "DURATION:2.0"), ("MEDIA-SEQUENCE:100", "MEDIA-SEQUENCE:0"),
    ("MEDIA-SEQUENCE:100", "MEDIA-SEQUENCE:101"), ("1.992,", "1.992"), ("1.992,", "1e0,"), ("1.992,", "-1,"),
    ("2.016,", "2.5,"), ("#EXT-X-INDEPENDENT-SEGMENTS\n", ""), ("#EXT-X-DISCONTINUITY-SEQUENCE:1\n", ""),
    ("02.992Z", "02.992"), ("05.008Z", "05.020Z"), ("05.008Z", "05.0080Z"), ("a17be4/102", "a17be4/103"),
    ("3f09c2a17be4/100", "3f09c2a17be/100"),
    ("101.mp3", "101.mp3?x"), ("#EXTINF:2.016,\n", ""), ("live/3f09c2a17be4/102.mp3\n", ""), ("102.mp3\n", "102.mp3"),
    ("#EXT-X-DISCONTINUITY\n", "#EXT-X-DISCONTINUITY\n#EXT-X-DISCONTINUITY\n"), ("a17be4/100", "a17be4/100\t"),
    ("102.mp3\n", "102.mp3\n#EXT-X-ENDLIST\n#EXT-X-ENDLIST\n"), ("102.mp3\n", "102.mp3\n#EXT-X-PART:DURATION=1\n"),
]

# Replacements that make a valid playlist, which contradicts the one above.
WRONG_AFTER = [
    [("SEQUENCE:100", "SEQUENCE:99"), ("a17be4/100", "a17be4/99"), ("a17be4/101", "a17be4/100"),
     ("a17be4/102", "a17be4/101")],
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
    def test_a_valid_playlist_is_read(self):
        playlist = hls.read(PLAYLIST.encode())
        self.assertEqual([entry.sequence for entry in playlist.entries], [100, 101, 102])
        self.assertEqual([entry.timeline for entry in playlist.entries], [1, 2, 2])
        hls.check_reload(playlist, playlist)

    def test_an_invalid_playlist_is_refused(self):
        for wrong in WRONG:
            with self.subTest(wrong), self.assertRaises(hls.PlaylistError):
                hls.read(replaced(wrong))

    def test_a_playlist_that_contradicts_the_one_before_is_refused(self):
        before = hls.read(PLAYLIST.encode())
        for wrong in WRONG_AFTER:
            with self.subTest(wrong), self.assertRaises(hls.PlaylistError):
                hls.check_reload(before, hls.parse(replaced(*wrong)))


class Ear(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.sound = ear.signal(10)

    def test_it_hears_no_flaw_where_there_is_none(self):
        self.assertTrue(ear.listen(self.sound).flawless)
        # The ear also accepts sound that is half a per cent faster from the middle on.
        positions = np.concatenate([np.arange(5 * RATE), 5 * RATE + 1.005 * np.arange(4 * RATE)])
        self.assertTrue(ear.listen(np.interp(positions, np.arange(len(self.sound)), self.sound)).flawless)

    def test_it_hears_a_splice(self):
        # Half a millisecond and longer, whole periods of one pilot, an MP3 frame, blocks of 10 and 50 ms.
        for missing in (24, 48, 109, 144, 317, 441, 480, 541, 1152, 2400, 4800):
            with self.subTest(missing):
                spliced = np.delete(self.sound, slice(5 * RATE, 5 * RATE + missing))
                self.assertEqual(ear.listen(spliced).jumps, [5.0])

    def test_it_hears_a_splice_that_is_undone(self):
        for shift, length in ((30, 1440), (109, 960), (480, 2400)):
            with self.subTest(shift=shift, length=length):
                sound = self.sound.copy()
                sound[5 * RATE : 5 * RATE + length] = self.sound[5 * RATE + shift : 5 * RATE + length + shift]
                self.assertIn(5.0, ear.listen(sound).jumps)

    def test_a_weak_pilot_that_swings_and_comes_back_is_no_splice(self):
        # MP3 does this where a burst meets the joint of two segments.
        for begin in (5 * RATE, 5 * RATE + 100, 5 * RATE + 200):
            with self.subTest(begin):
                time = np.arange(1152) / RATE
                swing = 0.03 * np.hanning(1152) * np.sin(2 * np.pi * ear.PILOTS[2] * time)
                sound = self.sound.copy()
                sound[begin : begin + 1152] += swing.astype(np.float32)
                self.assertTrue(ear.listen(sound).flawless, ear.listen(sound))

    def test_it_hears_a_gap(self):
        for length in (480, 1000, 9600):
            with self.subTest(length):
                sound = self.sound.copy()
                sound[4 * RATE : 4 * RATE + length] = 0
                (at, seconds), = ear.listen(sound).dropouts
                self.assertAlmostEqual(at, 4, delta=0.002)
                self.assertAlmostEqual(seconds, length / RATE, delta=0.002)

    def test_a_hole_in_the_browser_s_tone_is_no_flaw_of_the_page(self):
        time = np.arange(len(self.sound)) / RATE
        tone = sum(browser_tone.LEVEL * np.sin(2 * np.pi * hertz * time) for hertz in browser_tone.HERTZ)
        tone = tone.astype(np.float32)
        output = self.sound + tone
        self.assertEqual(own_flaws(output, ear.listen(output)), ([], []))
        for length in (480, 512, 960, 1152, 1400):
            with self.subTest(length):
                # The page is silent at 3 s, and the output is silent, or leaves a part out, at 6 s.
                torn = output.copy()
                torn[3 * RATE : 3 * RATE + length] = tone[3 * RATE : 3 * RATE + length]
                torn[6 * RATE : 6 * RATE + length] = 0
                own, shared = own_flaws(torn, ear.listen(torn))
                self.assertEqual([round(begin, 1) for begin, _ in own], [3.0])
                self.assertEqual(shared, [6.0])
                spliced = np.delete(output, slice(6 * RATE, 6 * RATE + length))
                self.assertEqual(own_flaws(spliced, ear.listen(spliced)), ([], [6.0]))
        # A page that closes its AudioContext ends the tone, too.
        torn = output.copy()
        torn[3 * RATE : 3 * RATE + RATE // 2] = 0
        self.assertEqual([round(begin, 1) for begin, _ in own_flaws(torn, ear.listen(torn))[0]], [3.0])
        # Without the tone every flaw is the page's.
        torn = self.sound.copy()
        torn[3 * RATE : 3 * RATE + 480] = 0
        self.assertEqual([round(begin, 1) for begin, _ in own_flaws(torn, ear.listen(torn))[0]], [3.0])

    def test_silence_is_not_flawless(self):
        self.assertFalse(ear.listen(np.zeros(5 * RATE, np.float32)).flawless)

    def test_it_hears_when_the_sound_begins_and_only_the_gaps_afterwards(self):
        silence = np.zeros(21 * RATE, np.float32)
        heard = ear.listen(np.concatenate([silence, self.sound]))
        self.assertAlmostEqual(heard.begins, 21, delta=0.002)
        self.assertTrue(heard.flawless, heard)
        # The sound may never come back.
        (at, seconds), = ear.listen(np.concatenate([silence, self.sound, silence])).dropouts
        self.assertAlmostEqual(at, 31, delta=0.002)
        self.assertAlmostEqual(seconds, 21, delta=0.002)

    def test_it_finds_a_delay_to_the_sample(self):
        for delay in (0, 1, 10_001, 15 * RATE):
            with self.subTest(delay):
                late = self.late(delay, self.sound)
                self.assertEqual(len(late), 10)
                self.assertEqual({round(each * RATE) for each in late}, {delay})

    def test_it_finds_the_delay_of_a_steered_rate_and_of_a_weak_and_noisy_sound(self):
        faster = np.interp(np.arange(0, len(self.sound) - 1, 1.0125), np.arange(len(self.sound)), self.sound)
        for number, each in enumerate(self.late(5000, faster)):
            said = number + 0.5
            self.assertAlmostEqual(each, 5000 / RATE + said / 1.0125 - said, delta=0.0005)
        noisy = 0.1 * self.sound + 0.005 * signals.pink(len(self.sound), 3).astype(np.float32)
        self.assertEqual({round(each * RATE) for each in self.late(5000, noisy)}, {5000})

    def test_a_burst_that_is_not_played_is_not_heard(self):
        heard = self.sound.copy()
        heard[3 * RATE : 4 * RATE] = 0
        self.assertEqual([each is None for each in self.late(4000, heard)], [number == 3 for number in range(10)])

    def test_a_torn_microphone_is_not_taken_for_a_late_loudspeaker(self):
        cut = np.delete(self.sound, slice(3 * RATE, 3 * RATE + 5000))
        self.assertEqual({round(each * RATE) for each in self.late(4000, cut, cut)}, {4000})

    def late(self, delay, heard, said=None):
        """The latency of each burst, if the sound comes `delay` samples late and its recording starts earlier than the
        microphone's."""
        mic = Recording(100.25, self.sound if said is None else said)
        early = 3 * RATE
        spk = Recording(100.25 - early / RATE, np.concatenate([np.zeros(early + delay, np.float32), heard]))
        return [burst.late for burst in ear.bursts(mic, spk)]


class Aligner(unittest.TestCase):
    def test_one_sample_lost_or_doubled_shows(self):
        sound = signals.reference(6, 48000, 1)[:, 0]
        for cut, paste in ((100_000, 100_001), (100_001, 100_000)):
            heard = np.concatenate([np.zeros(mp3.DELAY, np.float32), sound[:cut], sound[paste:]])
            found = signals.lags(sound, heard, mp3.DELAY, 4800, 1000)
            self.assertEqual((found[0], found[-1]), (mp3.DELAY, mp3.DELAY + cut - paste))

    def test_an_unrelated_sound_is_not_found(self):
        sound = signals.reference(3, 48000, 1)[:, 0]
        noise = signals.pink(len(sound), 7)
        self.assertEqual(set(signals.lags(sound, noise, 0, 4800, 1000)), {None})


if __name__ == "__main__":
    unittest.main()
