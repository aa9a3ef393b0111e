"""Reading in a process of its own: quick mail comes back the same, slow mail is given up, the next one is read."""

import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailbot.flows import examination
from mailbot.flows.examination import Examiner, NoReader, TooSlow, examine
from mailbot.mail.references import Signer
from mailbot.mail.screen import OurMail

_OURS = OurMail(
    addresses=frozenset({"desk@team.example"}), signer=Signer(b"0123456789abcdef", "team.example")
)
_AT = datetime(2026, 5, 1, 9, tzinfo=UTC)
_MAIL = (
    b"From: Ann Lee <ann@post.example>\r\nTo: desk@team.example\r\nSubject: Hello\r\n\r\nThe roof leaks.\r\n"
)


def test_the_other_process_says_the_same() -> None:
    examiner = Examiner()
    try:
        assert examiner(_MAIL, _AT, _OURS) == examine(_MAIL, _AT, _OURS)
    finally:
        examiner.close()


def test_a_message_that_takes_too_long_is_given_up_and_the_next_one_is_read() -> None:
    examiner = Examiner(patience=20)
    try:
        examiner(_MAIL, _AT, _OURS)
        assert examiner._child is not None
        os.kill(examiner._child.pid, signal.SIGSTOP)  # as stuck as a process can be
        examiner._patience = 0.2
        with pytest.raises(TooSlow, match=r"0\.2 seconds"):
            examiner(_MAIL, _AT, _OURS)
        examiner._patience = 20
        assert examiner(_MAIL, _AT, _OURS).message.subject == "Hello"
    finally:
        examiner.close()


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_the_other_process_ends_with_ours() -> None:
    examiner = Examiner()
    examiner(_MAIL, _AT, _OURS)
    assert examiner._child is not None
    pid = examiner._child.pid
    examiner.close()
    assert not Path(f"/proc/{pid}/cmdline").exists()


def test_a_machine_that_can_start_no_process_says_nothing_of_the_message(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise OSError(12, "Cannot allocate memory")

    examiner = Examiner()
    with monkeypatch.context() as away:
        away.setattr(examination.subprocess, "Popen", fails)
        with pytest.raises(NoReader, match="Cannot allocate memory"):
            examiner(_MAIL, _AT, _OURS)
    try:
        assert examiner(_MAIL, _AT, _OURS).message.subject == "Hello"
    finally:
        examiner.close()


def test_a_message_that_ends_the_process_is_given_up_and_the_next_one_is_read() -> None:
    examiner = Examiner()
    try:
        with pytest.raises(EOFError):
            examiner(_MAIL, _AT, EndOfTheProcess())  # type: ignore[arg-type]  # arrives, and is the end
        assert examiner(_MAIL, _AT, _OURS).message.subject == "Hello"
    finally:
        examiner.close()


class EndOfTheProcess:
    """As a fault in a library written in C: whoever unpacks this is gone."""

    def __reduce__(self) -> tuple[object, ...]:
        return os._exit, (1,)
