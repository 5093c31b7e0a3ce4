"""The cases of Autobahn's test suite for WebSockets, run by kosoku, which brings them along. The sections 12 and 13 are left
out: they test compression, which the server does not offer."""

import asyncio
import sys
import unittest

from support.clients.echo_server import EchoServer
from support.server import ROOT

# scripts/setup installs kosoku there.
sys.path.append(str(ROOT / ".build/python"))
try:
    import kosoku
except ImportError:
    kosoku = None


class Autobahn(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if kosoku is None:
            raise unittest.SkipTest("kosoku is not installed")
        cls.server = EchoServer()
        cls.addClassCleanup(cls.server.close)

    def run_cases(self, pattern, count):
        try:
            results = asyncio.run(kosoku.run_fuzzingclient(self.server.url(), [pattern], concurrency=4))
        except kosoku.FailureError as failure:
            results = failure.results
        self.assertEqual(len(results), count)
        for result in results:
            with self.subTest(result.case_id):
                # Informational cases have no right answer.
                self.assertIn(result.behavior.value, ("OK", "INFORMATIONAL"), result.result)
                self.assertIn(result.behavior_close.value, ("OK", "INFORMATIONAL"), result.result_close)

    def test_1_framing(self):
        self.run_cases("1.*", 16)

    def test_2_pings_and_pongs(self):
        self.run_cases("2.*", 11)

    def test_3_reserved_bits(self):
        self.run_cases("3.*", 7)

    def test_4_opcodes(self):
        self.run_cases("4.*", 10)

    def test_5_fragmentation(self):
        self.run_cases("5.*", 20)

    def test_6_utf8(self):
        self.run_cases("6.*", 145)

    def test_7_close_handling(self):
        self.run_cases("7.*", 37)

    def test_9_limits(self):
        self.run_cases("9.*", 54)

    def test_10_auto_fragmentation(self):
        self.run_cases("10.*", 1)
