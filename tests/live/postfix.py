"""A Postfix of our own on loopback: a port where the world delivers, a port for submission, the rest to a sink."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.live.dovecot import HOST, Dovecot, free_ports, wait_for_port

_MASTER = Path("/usr/lib/postfix/sbin/master")
_QUEUES = [
    "incoming",
    "active",
    "deferred",
    "bounce",
    "defer",
    "flush",
    "hold",
    "saved",
    "trace",
    "corrupt",
    "private",
    "pid",
]

_MAIN = """
compatibility_level = 3.6
queue_directory = {queue}
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = mx.desk.test
mydestination =
local_recipient_maps =
alias_maps =
inet_interfaces = {host}
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
disable_dns_lookups = yes
smtp_host_lookup = native
relayhost = [{host}]:{sink_port}
smtp_tls_security_level = none
virtual_mailbox_domains = {domains}
virtual_mailbox_maps = static:all
virtual_transport = lmtp:inet:{host}:{dovecot.lmtp_port}
recipient_delimiter = +
smtpd_peername_lookup = no
smtpd_client_connection_count_limit = 0
smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination
smtpd_tls_cert_file = {dovecot.certificate.file}
smtpd_tls_key_file = {dovecot.certificate.key}
smtpd_tls_security_level = may
smtpd_sasl_type = dovecot
smtpd_sasl_path = {dovecot.folder}/auth
in_flow_delay = 0
queue_run_delay = 2s
minimal_backoff_time = 2s
maximal_backoff_time = 4s
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
"""

_SERVICES = """
{host}:{mx_port} inet n - n - - smtpd
{host}:{submission_port} inet n - n - - smtpd
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_tls_auth_only=yes
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
pickup unix n - n 1 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 2 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass
class Postfix:
    """Mail for `domains` goes into `dovecot`, everything else to the sink; submission wants STARTTLS and AUTH."""

    folder: Path
    dovecot: Dovecot
    sink_port: int
    domains: tuple[str, ...]

    def __post_init__(self) -> None:
        self.mx_port, self.submission_port = free_ports(2)
        queue = self.folder / "queue"
        for part in _QUEUES:
            (queue / part).mkdir(parents=True)
            shutil.chown(queue / part, "postfix")
        for part, mode in (("maildrop", 0o730), ("public", 0o710)):
            (queue / part).mkdir()
            (queue / part).chmod(mode)
            shutil.chown(queue / part, "postfix", "postdrop")
        shutil.chown(queue / "pid", "root")
        (self.folder / "data").mkdir()
        shutil.chown(self.folder / "data", "postfix")
        facts = {**vars(self), "host": HOST, "queue": queue, "domains": " ".join(self.domains)}
        (self.folder / "main.cf").write_text(_MAIN.format(**facts))
        (self.folder / "master.cf").write_text(_SERVICES.format(**facts))
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with open(self.folder / "output", "ab") as output:
            self._process = subprocess.Popen([_MASTER, "-c", str(self.folder)], stdout=output, stderr=output)
        wait_for_port(self.mx_port)
        wait_for_port(self.submission_port)

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(20)
            self._process = None

    def flush(self) -> None:
        """Try deferred mail now."""
        subprocess.run(["postqueue", "-c", str(self.folder), "-f"], check=True, capture_output=True)
