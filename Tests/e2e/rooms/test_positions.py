"""The room of a stream: each message has the position and the date of the sound at its moment."""

import json
import time
import unittest
from datetime import datetime

from support.clients.room_roads import EventReader
from support.server import Server

SAMPLE_RATE = 48000


class Positions(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(
            "--source", "tone", "--sample-rate", SAMPLE_RATE, "--rooms", "--room-open", "talker", "--stream-room")
        cls.addClassCleanup(cls.server.close)
        cls.server.wait_playlist(lambda playlist: len(playlist.entries) >= 2)

    def reader(self, room):
        reader = EventReader(self.server, f"/rooms/{room}/events")
        self.addCleanup(reader.close)
        self.assertEqual(reader.status, 200)
        return reader

    def say(self, room, reader):
        """Says a prompt. Returns the message."""
        answer = self.server.request(
            f"/rooms/{room}/events", "POST", self.server.operator_headers, json.dumps({"type": "prompt", "text": "?"}))
        self.assertEqual(answer.status, 201, answer)
        return reader.wait("prompt")[1]

    def test_the_position_moves_on_with_the_sound(self):
        reader = self.reader("live")
        first = self.say("live", reader)
        time.sleep(1.5)
        second = self.say("live", reader)
        samples = second["sample"] - first["sample"]
        self.assertGreater(samples, SAMPLE_RATE)
        dates = [datetime.fromisoformat(message["date"]) for message in (first, second)]
        # Dates are cut to milliseconds. The stream clock moves them by a thousandth at most.
        self.assertAlmostEqual((dates[1] - dates[0]).total_seconds(), samples / SAMPLE_RATE, delta=0.01)
        self.assertEqual((first["stream"], second["stream"]), ("live", "live"))

    def test_the_date_is_that_of_the_sound_which_is_captured_at_this_moment(self):
        message = self.say("live", self.reader("live"))
        date, spoken = (datetime.fromisoformat(message[key]).timestamp() for key in ("date", "time"))
        self.assertAlmostEqual(date, spoken, delta=0.2)
        # The sound has not come into the playlist of complete segments yet, and does so next.
        last = self.server.playlist().entries[-1]
        self.assertLess(abs(date - (last.date.timestamp() + last.duration)), 3)

    def test_a_room_of_another_name_has_no_position(self):
        message = self.say("quiz", self.reader("quiz"))
        self.assertTrue({"stream", "sample", "date"}.isdisjoint(message))

    def test_the_page_learns_the_name_of_the_room(self):
        self.assertEqual(self.server.information()["room"], "live")


if __name__ == "__main__":
    unittest.main()
