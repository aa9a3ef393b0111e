"""Reading in a process of its own: quick mail comes back the same, slow mail is given up, the next one is read."""

import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailbot.flows.examination import Examiner, TooSlow, examine
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
