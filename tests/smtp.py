"""A real SMTP server on loopback, which takes, refuses or lets wait, and one that is not there."""

import asyncio
import email
import email.policy
import socket
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

SMTP = "django.core.mail.backends.smtp.EmailBackend"
HOST = "127.0.0.1"
TIMEOUT_SECONDS = 0.5


class Server:
    """`replies` maps a recipient to what the server answers; `taken` holds the messages that it accepted."""

    def __init__(self, **options):
        self.replies, self.taken = {}, []
        self.port = free_port()
        self.controller = Controller(self, hostname=HOST, port=self.port, **options)

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802 aiosmtpd's name
        reply = self.replies.get(address, "250 OK")
        if reply == "never":
            await asyncio.sleep(10 * TIMEOUT_SECONDS)
        if reply.startswith("250"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 aiosmtpd's name
        self.taken.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"

    @property
    def recipients(self):
        return [message["To"] for message in self.taken]

    def __enter__(self):
        self.controller.start()
        return self

    def __exit__(self, *_error):
        self.controller.stop()


def free_port():
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        return listener.getsockname()[1]


def mailers(port, **options):
    return {
        "default": {"BACKEND": SMTP, "OPTIONS": {"host": HOST, "port": port, "timeout": TIMEOUT_SECONDS} | options}
    }


def certificate(folder):
    """A certificate for the loopback address, signed by itself: its file, and a context for the server."""
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)]), datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return path, context
