"""Certificates for servers on loopback: good, expired, or for somebody else; made with the openssl command."""

import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

_CONFIG = """
[ca]
default_ca = here
[here]
database = {folder}/index.txt
new_certs_dir = {folder}
rand_serial = yes
default_md = sha256
policy = any
x509_extensions = names
[any]
commonName = supplied
[names]
subjectAltName = {names}
basicConstraints = critical, CA:true
"""


@dataclass(frozen=True)
class Certificate:
    """A self-signed certificate (its own authority) and its key, both PEM files."""

    file: Path
    key: Path


def make_certificate(
    folder: Path, names: str = "DNS:localhost,IP:127.0.0.1", ends: timedelta = timedelta(days=30)
) -> Certificate:
    """A certificate that began 60 days ago and ends `ends` from now (negative: it has expired)."""
    folder.mkdir(parents=True)
    config, request = folder / "ca.conf", folder / "request.pem"
    made = Certificate(folder / "certificate.pem", folder / "key.pem")
    config.write_text(_CONFIG.format(folder=folder, names=names))
    (folder / "index.txt").touch()
    now = datetime.now(UTC)
    span = ["-startdate", _moment(now - timedelta(days=60)), "-enddate", _moment(now + ends)]
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", str(made.key)]
    _openssl("req", "-new", *key, "-subj", "/CN=loopback", "-out", str(request))
    _openssl("ca", "-config", str(config), "-selfsign", "-keyfile", str(made.key), *span,
             "-in", str(request), "-out", str(made.file), "-notext", "-batch")  # fmt: skip
    return made


def _moment(when: datetime) -> str:
    return when.strftime("%Y%m%d%H%M%SZ")


def _openssl(*arguments: str) -> None:
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)
