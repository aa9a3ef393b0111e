"""A Dovecot of our own on loopback: IMAP, IMAPS and LMTP on free ports, mailboxes made on demand."""

import os
import pwd
import re
import shutil
import smtplib
import socket
import subprocess
import time
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from tests.live.certificates import Certificate

HOST = "127.0.0.1"
CAPABILITIES = [
    "IMAP4rev1",
    "LITERAL+",
    "ENABLE",
    "IDLE",
    "NAMESPACE",
    "UIDPLUS",
    "CONDSTORE",
    "ESEARCH",
    "LIST-EXTENDED",
    "MOVE",
    "SPECIAL-USE",
    "UNSELECT",
]

_CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
instance_name = mailbot-{ports[0]}
log_path = {folder}/log
protocols = imap lmtp
listen = {host}
ssl = yes
ssl_cert = <{certificate.file}
ssl_key = <{certificate.key}
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
first_valid_uid = 1
mail_uid = {uid}
mail_gid = {gid}
mail_home = {folder}/mail/%d/%n
mail_location = maildir:~/store
mail_max_userip_connections = 100
recipient_delimiter = +
postmaster_address = postmaster@desk.test
imap_capability = {capabilities}
passdb {{
  driver = passwd-file
  args = username_format=%Lu {folder}/users/%Lu
}}
userdb {{
  driver = passwd-file
  args = username_format=%Lu {folder}/users/%Lu
  default_fields = uid={uid} gid={gid} home={folder}/mail/%d/%n
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox {sent} {{
    auto = create
    special_use = \\Sent
  }}
  mailbox Drafts {{
    auto = create
    special_use = \\Drafts
  }}
}}
service imap-login {{
  process_min_avail = 1
  service_count = 0
  inet_listener imap {{
    port = {ports[0]}
  }}
  inet_listener imaps {{
    port = {ports[1]}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = {host}
    port = {ports[2]}
  }}
}}
service auth {{
  unix_listener {folder}/auth {{
    mode = 0666
  }}
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  unix_listener stats-writer {{
    mode = 0666
  }}
}}
"""


@dataclass
class Dovecot:
    """Runs in `folder`, which everybody must be able to enter; `hidden` capabilities are not advertised."""

    folder: Path
    certificate: Certificate
    hidden: Collection[str] = ()
    sent: str = "Sent"
    passwords: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for part in ("run", "state", "mail", "users"):
            (self.folder / part).mkdir(parents=True)
        nobody = pwd.getpwnam("nobody")
        os.chown(self.folder / "mail", nobody.pw_uid, nobody.pw_gid)
        ports = free_ports(3)
        self.imap_port, self.imaps_port, self.lmtp_port = ports
        self.config = self.folder / "dovecot.conf"
        self.config.write_text(
            _CONFIG.format(
                folder=self.folder,
                host=HOST,
                ports=ports,
                certificate=self.certificate,
                uid=nobody.pw_uid,
                gid=nobody.pw_gid,
                sent=self.sent,
                capabilities=" ".join(word for word in CAPABILITIES if word not in self.hidden),
            )
        )
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = ["dovecot", "-F", "-c", str(self.config)]
        with open(self.folder / "output", "ab") as output:
            self._process = subprocess.Popen(command, stdout=output, stderr=output)
        wait_for_port(self.imap_port)
        wait_for_port(self.lmtp_port)

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(20)
            self._process = None

    def add(self, address: str, password: str = "pa55 wörd") -> str:
        """A mailbox for `address`; answers its password."""
        line = f"{address}:{{PLAIN.HEX}}{password.encode().hex()}::::::\n"
        (self.folder / "users" / address).write_text(line)  # a file each: Dovecot sees a new file at once
        self.passwords[address] = password
        return password

    def deliver(self, address: str, raw: bytes, sender: str = "") -> None:
        """Straight into the mailbox, through LMTP."""
        with smtplib.LMTP(HOST, self.lmtp_port) as lmtp:
            lmtp.sendmail(sender, [address], raw)

    def store(self, address: str) -> Path:
        """The Maildir of `address` on the disk."""
        user, domain = address.split("@")
        return self.folder / "mail" / domain / user / "store"

    def kick(self, address: str) -> None:
        """Break off every live session of `address`."""
        self.doveadm("kick", address)

    def renumber(self, address: str) -> None:
        """Give the inbox a new UIDVALIDITY and its messages new UIDs, as a migration does."""
        uidlist = self.store(address) / "dovecot-uidlist"
        validity = int(re.search(r" V(\d+)", uidlist.read_text())[1])  # type: ignore[index]
        self.kick(address)
        for index in self.store(address).glob("dovecot.index*"):
            index.unlink()
        uidlist.write_text(f"3 V{validity + 1} N1\n")
        shutil.chown(uidlist, "nobody")

    def doveadm(self, *arguments: str) -> None:
        subprocess.run(["doveadm", "-c", str(self.config), *arguments], capture_output=True, timeout=30)


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on; all are held until all are found."""
    sockets = [socket.create_server((HOST, 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def wait_for_port(port: int, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            socket.create_connection((HOST, port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.02)
    raise TimeoutError(f"nothing listens on port {port} after {seconds} s")
