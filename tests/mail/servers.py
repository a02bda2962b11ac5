"""Real mail servers on loopback: aiosmtpd and Dovecot, with certificates of our own, and a wire that breaks."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

ACCOUNT = "fzb@district.example.cn"
PASSWORD = "Fz-zf+2019=Xq7"


@dataclass
class Certificates:
    """A certificate authority, and a certificate for 127.0.0.1 and localhost."""

    folder: Path
    authority: trustme.CA = field(default_factory=trustme.CA)

    def __post_init__(self) -> None:
        issued = self.authority.issue_cert("localhost", "127.0.0.1")
        self.trusted, self.chain, self.key = (
            self.folder / name for name in ("ca.pem", "chain.pem", "key.pem")
        )
        self.authority.cert_pem.write_to_path(self.trusted)
        for pem in issued.cert_chain_pems:
            pem.write_to_path(self.chain, append=True)
        issued.private_key_pem.write_to_path(self.key)

    def server_context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.chain, self.key)
        return context


@dataclass
class Inbox:
    """What an SMTP server took, and how it answers: by recipient, or by what a test puts in."""

    answers: dict[str, str] = field(default_factory=dict)
    at_data: Callable[[], str] = lambda: ""
    taken: list[tuple[tuple[str, ...], bytes]] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        answer = self.answers.get(address, "")
        if not answer:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        answer = self.at_data()
        if not answer:
            self.taken.append((tuple(envelope.rcpt_tos), envelope.content))
        return answer or "250 queued"

    def count(self, message_id: str, recipient: str) -> int:
        """How often a letter was taken for a recipient."""
        return sum(
            recipient in to and parsed(data)["Message-ID"] == message_id for to, data in self.taken
        )


def parsed(data: bytes) -> Message:
    return BytesParser().parsebytes(data)


@contextmanager
def smtp_server(
    inbox: Inbox,
    certificates: Certificates | None,
    implicit: bool = False,
    reply: str = "",
    largest: int | None = None,
) -> Iterator[int]:
    """A server on a free port; without certificates it offers no encryption.

    `reply` is what it says to a wrong password, which {} stands for: some servers quote it.
    """

    def authenticate(
        server: Any, session: Any, envelope: Any, mechanism: str, data: Any
    ) -> AuthResult:
        good = isinstance(data, LoginPassword) and data.password == PASSWORD.encode()
        inbox.logins.append("good" if good else "bad")
        if good:
            return AuthResult(success=True)
        given = data.password.decode() if isinstance(data, LoginPassword) else ""
        return AuthResult(success=False, handled=False, message=reply.format(given) or None)

    context = certificates.server_context() if certificates else None
    port = free_port()
    controller = Controller(
        inbox,
        hostname="127.0.0.1",
        port=port,
        ssl_context=context if implicit else None,
        tls_context=None if implicit else context,
        require_starttls=bool(context) and not implicit,
        authenticator=authenticate,
        auth_require_tls=not implicit and bool(context),
        auth_required=True,
        data_size_limit=largest,
    )
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Wire:
    """A wire to a port that breaks for good after so many bytes in one direction, until it is mended."""

    def __init__(self, port: int) -> None:
        self._target, self._listener = port, socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.mend()
        threading.Thread(target=self._serve, daemon=True).start()

    def mend(self, to_server: int | None = None, to_client: int | None = None) -> None:
        """Whole again, or to break again; bytes are counted over all connections."""
        self._left, self.broken = {"server": to_server, "client": to_client}, False

    def close(self) -> None:
        self._listener.close()

    def _carry(self, source: socket.socket, target: socket.socket, towards: str) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                left = self._left[towards]
                if left is not None:
                    data = data[:left]
                    self._left[towards] = left - len(data)
                target.sendall(data)
                if self._left[towards] == 0:
                    self.broken = True
                    break
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                if self.broken:
                    client.close()
                    continue
                server = socket.create_connection(("127.0.0.1", self._target))
                for ends in ((client, server, "server"), (server, client, "client")):
                    threading.Thread(target=self._carry, args=ends, daemon=True).start()


class Dovecot:
    """An IMAP server in a folder that everybody may enter; every account has the same password."""

    def __init__(self, folder: Path, certificates: Certificates) -> None:
        folder.chmod(0o755)
        program = shutil.which("dovecot") or "/usr/sbin/dovecot"
        assert Path(program).exists(), "dovecot is needed: apt-get install dovecot-imapd"
        self.port, self._folder = free_port(), folder
        self.starttls_port = free_port()
        mail, internal = self._users()
        self.maildir = folder / "mail"
        self.maildir.mkdir()
        if os.getuid() == 0:
            os.chown(self.maildir, mail.pw_uid, mail.pw_gid)
        config = folder / "dovecot.conf"
        config.write_text(
            _CONFIG.format(
                folder=folder, port=self.port, starttls=self.starttls_port, internal=internal,
                chain=certificates.chain, key=certificates.key, uid=mail.pw_uid, gid=mail.pw_gid,
                password=PASSWORD,
            )
        )  # fmt: skip
        self._process = subprocess.Popen([program, "-F", "-c", str(config)])

    @staticmethod
    def _users() -> tuple[pwd.struct_passwd, str]:
        if os.getuid() == 0:
            return pwd.getpwnam("nobody"), "nobody"
        me = pwd.getpwuid(os.getuid())
        return me, me.pw_name

    def wait(self) -> Dovecot:
        """Until it answers."""
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return self
            except OSError:
                time.sleep(0.05)
        raise AssertionError((self._folder / "log").read_text())

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(20)


_CONFIG = """
protocols = imap
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
ssl = required
ssl_cert = <{chain}
ssl_key = <{key}
auth_mechanisms = plain login
auth_failure_delay = 0
default_internal_user = {internal}
default_login_user = {internal}
default_internal_group = nogroup
first_valid_uid = 1
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u
}}
mail_location = maildir:~/Maildir
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = {starttls}
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
"""
