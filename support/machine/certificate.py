"""Certificates for this machine: made with openssl, or by the server itself."""

import ssl
import tempfile
from pathlib import Path

from support import processes


class Certificate:
    """A self-signed certificate for localhost and its key, in files."""

    # Stands for a certificate that the server is to make.
    OWN = object()

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="certificate.")
        self.chain, self.key = Path(self._folder.name, "chain.pem"), Path(self._folder.name, "key.pem")
        self.renew()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._folder.cleanup()

    def renew(self):
        """Replaces certificate and key in the same files."""
        result = processes.run([
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-keyout", self.key, "-out", self.chain, "-days", "2", "-subj", "/CN=localhost",
            "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"])
        if result.returncode:
            raise AssertionError(result.stderr.decode())

    @property
    def flags(self):
        return ["--tls-cert", self.chain, "--tls-key", self.key]

    @property
    def der(self):
        return ssl.PEM_cert_to_DER_cert(self.chain.read_text())

    @property
    def context(self):
        """The TLS context of a client that trusts only this certificate."""
        return ssl.create_default_context(cafile=self.chain)


class OwnCertificate:
    """The certificate that a server makes in its folder (--tls-self). The files are there once the server listens."""

    flags = ["--tls-self"]

    def __init__(self, folder):
        self.chain, self.key = Path(folder, "tls-cert.pem"), Path(folder, "tls-key.pem")

    @property
    def der(self):
        return ssl.PEM_cert_to_DER_cert(self.chain.read_text())

    @property
    def context(self):
        """The TLS context of a client that trusts only this certificate."""
        return ssl.create_default_context(cafile=self.chain)
