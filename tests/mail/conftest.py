"""What the mail tests share: certificates that are trusted, a password, and Dovecot."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mail.servers import PASSWORD, Certificates, Dovecot
from xl_fzzf.mail import imap, smtp


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def trusted(certificates: Certificates, monkeypatch: pytest.MonkeyPatch) -> Certificates:
    """Certificates that this machine trusts, as after an administrator installed them; a password."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.trusted))
    monkeypatch.setenv("FZZF_MAIL_PASSWORD", PASSWORD)
    monkeypatch.setattr(smtp, "PATIENCE", 10.0)
    monkeypatch.setattr(imap, "PATIENCE", 10.0)
    return certificates


@pytest.fixture(scope="session")
def dovecot(certificates: Certificates) -> Iterator[Dovecot]:
    folder = Path(tempfile.mkdtemp(prefix="dovecot-"))
    server = Dovecot(folder, certificates)
    try:
        yield server.wait()
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
