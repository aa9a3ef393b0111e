"""A Dovecot, a sink and fresh mailboxes for the measurements; all gone afterwards."""

import itertools
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchlib.contestants import Place
from benchlib.workload import Made
from tests.live.certificates import make_certificate
from tests.live.dovecot import Dovecot
from tests.live.sink import Sink


class Arena:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sink = Sink()
        self.sink.start()
        self.dovecot = Dovecot(folder / "dovecot", make_certificate(folder / "tls"))
        self.dovecot.start()
        self._numbers = itertools.count(1)

    def fresh(self) -> Place:
        """An empty mailbox and an empty sink."""
        self.sink.forget()
        work = self.folder / f"work-{next(self._numbers)}"
        work.mkdir()
        user = f"{work.name}@desk.test"
        password = self.dovecot.add(user, "pa55word")
        return Place(self.dovecot.imap_port, self.sink.port, user, password, work, self.folder / "cache")

    def deliver(self, place: Place, mail: list[Made]) -> None:
        for one in mail:
            self.dovecot.deliver(place.user, one.raw, one.sender)

    def close(self) -> None:
        self.dovecot.stop()
        self.sink.stop()


@contextmanager
def arena() -> Iterator[Arena]:
    folder = Path(tempfile.mkdtemp(prefix="mailbot-bench."))
    folder.chmod(0o755)  # Dovecot works as nobody
    opened = Arena(folder)
    try:
        yield opened
    finally:
        opened.close()
        shutil.rmtree(folder, ignore_errors=True)
