"""Range requests for a real segment, by the rules of RFC 9110 §14."""

import http.client
import random
import unittest

from Tests.e2e.delivery.ended_stream import EndedStream


class Ranges(EndedStream):
    def test_single_ranges(self):
        size, body = len(self.body), self.body
        self.assertEqual(self.ask().headers["Accept-Ranges"], "bytes")
        for value, first, last in [
            ("bytes=0-", 0, size - 1), ("bytes=0-0", 0, 0), ("bytes=5-9", 5, 9), ("bytes=-1", size - 1, size - 1),
            ("bytes=-500", size - 500, size - 1), (f"bytes=-{size * 2}", 0, size - 1),
            (f"bytes=7-{size * 2}", 7, size - 1), (f"bytes={size - 1}-", size - 1, size - 1), ("BYTES=1-2", 1, 2),
            ("bytes=3-99999999999999999999999999", 3, size - 1), ("bytes= 5-9 ,", 5, 9),
            (f"bytes={size}-,5-9", 5, 9),
        ]:
            with self.subTest(value):
                response = self.ask(Range=value)
                self.assertEqual(response.status, 206)
                self.assertEqual(response.headers["Content-Range"], f"bytes {first}-{last}/{size}")
                self.assertEqual(response.body, body[first : last + 1])
                self.assertEqual(response.headers["ETag"], self.ask().headers["ETag"])

    def test_ranges_that_cannot_be_satisfied(self):
        size = len(self.body)
        for value in (f"bytes={size}-", f"bytes={size}-{size + 5}", "bytes=-0", "bytes=99999999999999999999999-"):
            with self.subTest(value):
                response = self.ask(Range=value)
                self.assertEqual(response.status, 416)
                self.assertEqual(response.headers["Content-Range"], f"bytes */{size}")

    def test_invalid_ranges_are_ignored(self):
        for value in (
            "bytes=9-5", "bytes=", "bytes", "bytes=a-b", "bytes=--5", "bytes=1", "items=0-5", "bytes=0x1-2",
            "bytes=1-2;3-4", "bytes=1 - 2", "bytes=+1-2", "=1-2", "bytes=5-4,0-1",
        ):
            with self.subTest(value):
                response = self.ask(Range=value)
                self.assertEqual((response.status, response.body), (200, self.body))

    def test_several_ranges_come_as_parts(self):
        wanted = [(0, 9), (100, 149), (len(self.body) - 20, len(self.body) - 1)]
        response = self.ask(Range="bytes=0-9, 100-149,-20")
        self.assertEqual(response.status, 206)
        self.assertIsNone(response.headers["Content-Range"])
        self.assertEqual(response.headers.get_content_type(), "multipart/byteranges")
        boundary = response.headers.get_boundary().encode()
        pieces = response.body.split(b"--" + boundary)
        self.assertEqual(pieces[-1].strip(b"\r\n"), b"--")
        for (first, last), piece in zip(wanted, pieces[1:-1], strict=True):
            head, _, content = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
            self.assertIn(f"Content-Range: bytes {first}-{last}/{len(self.body)}".lower().encode(), head.lower())
            self.assertIn(b"content-type: audio/mpeg", head.lower())
            self.assertEqual(content, self.body[first : last + 1] + b"\r\n")

    def test_abusive_ranges_are_answered_with_the_whole_segment(self):
        for value in (
            "bytes=" + ",".join(f"{n}-{n}" for n in range(0, 4000, 2)), "bytes=0-,0-,0-,0-", "bytes=" + "0-5," * 300,
        ):
            response = self.ask(Range=value[:4000])
            self.assertIn((response.status, response.body), [(200, self.body)])

    def test_if_range(self):
        tag, date = self.ask().headers["ETag"], self.ask().headers["Last-Modified"]
        for value, status in [(tag, 206), ('"other"', 200), (f"W/{tag}", 200), ("garbage", 200)]:
            with self.subTest(value):
                self.assertEqual(self.ask(Range="bytes=0-4", If_Range=value).status, status)
        self.assertEqual(self.ask(Range="bytes=0-4", If_Range="Thu, 01 Jan 1970 00:00:00 GMT").status, 200)
        self.assertIn(self.ask(Range="bytes=0-4", If_Range=date).status, (200, 206))

    def test_a_range_on_the_playlist_is_ignored(self):
        whole = self.ask("/live.m3u8")
        for value in ("bytes=0-", "bytes=5-9", "bytes=99999999-"):
            response = self.ask("/live.m3u8", Range=value)
            self.assertEqual((response.status, response.body), (200, whole.body))
            self.assertIsNone(response.headers["Content-Range"])
        self.assertNotEqual(whole.headers["Accept-Ranges"], "bytes")

    def test_thousands_of_odd_ranges_on_one_connection(self):
        size, chance = len(self.body), random.Random(9110)
        connection = http.client.HTTPConnection(self.server.host, self.server.port, timeout=10)
        connection.connect()
        port = connection.sock.getsockname()[1]
        for _ in range(3000):
            first, last = chance.randrange(size + 50), chance.randrange(size + 50)
            form = chance.choice(("both", "open", "suffix"))
            value = {"both": f"{first}-{last}", "open": f"{first}-", "suffix": f"-{last}"}[form]
            if form == "suffix":
                first, last = max(0, size - last), size - 1 if last else -1
            elif form == "open":
                last = size - 1
            connection.request("GET", self.path, headers={"Range": f"bytes={value}"})
            response = connection.getresponse()
            body = response.read()
            if form == "both" and last < first:
                expected = (200, None, self.body)
            elif first >= size or last < 0:
                expected = (416, f"bytes */{size}", body)
            else:
                last = min(last, size - 1)
                expected = (206, f"bytes {first}-{last}/{size}", self.body[first : last + 1])
            self.assertEqual((response.status, response.headers["Content-Range"], body), expected, value)
        self.assertEqual(connection.sock.getsockname()[1], port, "the connection was not kept")
        connection.close()


if __name__ == "__main__":
    unittest.main()
