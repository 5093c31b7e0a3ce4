"""https: real clients, the renewal of a certificate, and errors in certificates."""

import contextlib
import http.client
import re
import signal
import socket
import ssl
import subprocess
import tempfile
import unittest
from pathlib import Path

from support import processes
from support.formats import mp3
from support.formats.low_latency import Playlist
from support.machine.certificate import Certificate
from support.server import ROOT, Server, program, refusal
from support.waiting import TIMEOUT, wait_until


class Clients(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.certificate = cls.enterClassContext(Certificate())
        cls.server = cls.enterClassContext(
            Server("--source", "tone", "--segment-length", "0.5", "--log-level", "debug", certificate=cls.certificate))
        cls.server.wait_playlist(lambda playlist: len(playlist.entries) >= 6)

    def test_the_log_says_where_and_until_when(self):
        self.assertRegex(self.server.url, r"^https://127\.0\.0\.1:\d+/$")
        self.assertRegex(self.server.log, r"info: tls: the certificate in \S+ is valid until \d{4}-")

    def test_curl_trusts_the_certificate_and_gets_page_and_segment(self):
        entry = self.server.playlist().entries[-1]
        result = processes.run(
            ["curl", "-sSf", "--cacert", self.certificate.chain, "-o", "/dev/null", "-o", "-",
             self.server.url, f"{self.server.url}{entry.uri}"])
        self.assertEqual((result.returncode, result.stderr), (0, b""))
        self.assertGreater(mp3.segment(result.stdout).samples, 0)

    def test_ffmpeg_plays_it(self):
        result = processes.run(
            ["ffmpeg", "-v", "error", "-tls_verify", "1", "-ca_file", self.certificate.chain, "-i",
             f"{self.server.url}live.m3u8", "-t", "2", "-f", "s16le", "-ac", "1", "-"])
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertGreaterEqual(len(result.stdout), 2 * 2 * 44100)

    def test_openssl_speaks_1_2_and_1_3_and_is_refused_below(self):
        for version, cipher in [
            ("-tls1_3", b"TLS_AES"), ("-tls1_2", b"ECDHE-ECDSA"), ("-tls1_1", None), ("-tls1", None),
        ]:
            with self.subTest(version):
                result = processes.run(
                    ["openssl", "s_client", "-connect", f"{self.server.host}:{self.server.port}", version,
                     "-cipher", "ALL@SECLEVEL=0"], stdin=subprocess.DEVNULL)
                output = result.stdout + result.stderr
                self.assertIn(b"Cipher is " + (cipher or b"(NONE)"), output)
                self.assertEqual(result.returncode == 0, cipher is not None)

    def test_a_client_that_cannot_be_served_gets_an_alert(self):
        for options, alert in [
            (["-tls1_1"], b"alert protocol version"), (["-tls1_2", "-cipher", "AES128-SHA"], b"alert handshake failure"),
            (["-alpn", "h3"], b"alert no application protocol"),
        ]:
            with self.subTest(options):
                result = processes.run(
                    ["openssl", "s_client", "-connect", f"{self.server.host}:{self.server.port}", "-cipher",
                     "ALL@SECLEVEL=0", *options], stdin=subprocess.DEVNULL)
                self.assertNotEqual(result.returncode, 0)
                self.assertIn(alert, result.stderr)

    def test_a_returning_client_resumes_its_session(self):
        for version in ("-tls1_3", "-tls1_2"):
            with tempfile.TemporaryDirectory() as folder:
                command = ["openssl", "s_client", "-connect", f"{self.server.host}:{self.server.port}", version]
                # A client of TLS 1.3 stores the ticket only if it reads up to the answer.
                request = b"GET /live.json HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                for option, word in (("-sess_out", b"New, "), ("-sess_in", b"Reused, ")):
                    result = processes.run([*command, "-ign_eof", option, Path(folder, "session")], input=request)
                    self.assertIn(word + b"TLSv1", result.stdout)
                    self.assertIn(b'{"stream":"live"', result.stdout)

    def test_http_is_told_that_this_is_https(self):
        connection = http.client.HTTPConnection(self.server.host, self.server.port, timeout=TIMEOUT)
        self.addCleanup(connection.close)
        connection.request("GET", "/")
        response = connection.getresponse()
        self.assertEqual((response.status, response.read()), (400, b"this port speaks https\n"))

    def test_low_latency_works_as_without_tls(self):
        connection = self.server.connect(TIMEOUT)
        self.addCleanup(connection.close)

        def ask(path):
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read()
        playlist = Playlist(ask("/live-ll.m3u8")[1]).check()
        for _ in range(8):
            # The hinted part is held until it is complete. The next playlist has the next hint.
            status, part = ask(f"/{playlist.hint}")
            self.assertEqual(status, 200)
            self.assertGreater(mp3.segment(part).samples, 0)
            sequence, index = playlist.hinted
            status, body = ask(f"/live-ll.m3u8?_HLS_msn={sequence}&_HLS_part={index}")
            self.assertEqual(status, 200)
            playlist = Playlist(body).check()

    def test_a_handshake_that_hangs_costs_nothing_and_ends(self):
        def cpu():
            fields = Path(f"/proc/{self.server.process.pid}/stat").read_text().rpartition(")")[2].split()
            return int(fields[11]) + int(fields[12])
        clients = [socket.create_connection((self.server.host, self.server.port)) for _ in range(20)]
        for client in clients:
            self.addCleanup(client.close)
            client.sendall(b"\x16\x03\x01\x02\x00")
        began = cpu()
        for client in clients:
            client.settimeout(TIMEOUT)
            # A TLS alert may come before the end of the connection.
            while client.recv(100):
                pass
        # In hundredths of a second, within ten seconds. A thread in a busy loop would use a thousand.
        self.assertLess(cpu() - began, 200)


class Renewal(unittest.TestCase):
    def setUp(self):
        self.certificate = self.enterContext(Certificate())
        self.server = self.enterContext(
            Server("--source", "tone", "--segment-length", "1", certificate=self.certificate))
        self.server.wait_playlist()

    def shown(self):
        return ssl.PEM_cert_to_DER_cert(ssl.get_server_certificate((self.server.host, self.server.port)))

    def hang_up(self, pattern):
        count = len(self.server.log.splitlines())

        def new_lines():
            return "\n".join(self.server.log.splitlines()[count:])
        self.server.process.send_signal(signal.SIGHUP)
        wait_until(lambda: "reload: done" in new_lines(), TIMEOUT, "the reload is done")
        self.assertRegex(new_lines(), pattern)

    def test_a_new_certificate_cuts_off_nobody(self):
        old, old_context = self.certificate.der, self.certificate.context
        self.assertEqual(self.shown(), old)
        sequence = Playlist(self.server.get("/live-ll.m3u8")).recording.sequence
        connection = http.client.HTTPSConnection(
            self.server.host, self.server.port, timeout=TIMEOUT, context=old_context)
        self.addCleanup(connection.close)
        connection.request("GET", f"/live/{sequence}.mp3")
        response = connection.getresponse()
        body = response.read1(100)
        self.certificate.renew()
        self.hang_up("valid until")
        self.assertEqual(self.shown(), self.certificate.der)
        self.assertNotEqual(self.shown(), old)
        # The answer goes on, and so does the connection.
        body += response.read()
        self.assertEqual(body, self.server.get(f"/live/{sequence}.mp3"))
        connection.request("GET", "/live.json")
        self.assertEqual(connection.getresponse().status, 200)

    def test_an_invalid_certificate_changes_nothing(self):
        old = self.certificate.der
        with Certificate() as other:
            self.certificate.key.write_bytes(other.key.read_bytes())
            self.hang_up(r"error: reload: --tls-key \S+: it must be the key of the first certificate in \S+; the "
                         r"certificate stays as it was")
        self.certificate.chain.unlink()
        self.hang_up(r"error: reload: --tls-cert \S+: No such file or directory \(open\); the certificate stays")
        self.assertEqual(self.shown(), old)


class Errors(unittest.TestCase):
    def test_errors_in_certificates_are_reported_before_anything_starts(self):
        with Certificate() as one, Certificate() as other, tempfile.TemporaryDirectory() as folder:
            garbage = Path(folder, "garbage")
            garbage.write_text("-----BEGIN CERTIFICATE-----\nno\n-----END CERTIFICATE-----\n")
            for chain, key, words in [
                (one.chain, None, [f"--tls-cert {one.chain}", "needs --tls-key"]),
                (None, one.key, [f"--tls-key {one.key}", "needs --tls-cert"]),
                (garbage, one.key, [f"--tls-cert {garbage}", "must be a chain of certificates in PEM"]),
                (one.chain, garbage, [f"--tls-key {garbage}", "must be a private key in PEM"]),
                (one.chain, other.key, [f"--tls-key {other.key}", f"the key of the first certificate in {one.chain}"]),
            ]:
                flags = [*(["--tls-cert", chain] if chain else []), *(["--tls-key", key] if key else [])]
                with self.subTest(flags):
                    message = refusal(*flags)
                    for word in words:
                        self.assertIn(word, message)

    def test_until_the_certificate_is_there_one_of_this_run_encrypts(self):
        with Certificate() as one, tempfile.TemporaryDirectory() as folder:
            chain = Path(folder, "chain.pem")
            process = processes.start(
                [str(part) for part in (
                    program(), "--source", "tone", "--port", 0, "--sound-dir", folder, "--web-dir", ROOT / "web",
                    "--tls-cert", chain, "--tls-key", one.key)], stderr=subprocess.PIPE)
            self.addCleanup(processes.end, process)
            lines = iter(lambda: process.stderr.readline().decode(), "")
            self.assertIn(
                f"error: --tls-cert {chain}: No such file or directory (open); until the file can be used, connections get a "
                "certificate of this run", next(lines))
            found = next(filter(None, (re.search(r"listening on https://127\.0\.0\.1:(\d+)/", line) for line in lines)))
            address = "127.0.0.1", int(found[1])

            def shown():
                return ssl.PEM_cert_to_DER_cert(ssl.get_server_certificate(address))
            wanted = ssl.PEM_cert_to_DER_cert(one.chain.read_text())
            self.assertNotEqual(shown(), wanted)
            stranger = ssl._create_unverified_context()
            with contextlib.closing(http.client.HTTPSConnection(*address, timeout=TIMEOUT, context=stranger)) as page:
                page.request("GET", "/")
                self.assertEqual(page.getresponse().status, 200)
            # Half a file changes nothing.
            chain.write_text("-----BEGIN CERTIFICATE-----\n")
            self.assertTrue(any("must be a chain of certificates in PEM" in line for line in lines))
            self.assertNotEqual(shown(), wanted)
            part = Path(folder, "part")
            part.write_bytes(one.chain.read_bytes())
            part.rename(chain)
            self.assertTrue(any(f"the certificate in {chain} is valid until" in line for line in lines))
            wait_until(lambda: shown() == wanted, TIMEOUT, "the certificate is shown")
            process.terminate()
            self.assertEqual(process.wait(10), 0)


if __name__ == "__main__":
    unittest.main()
