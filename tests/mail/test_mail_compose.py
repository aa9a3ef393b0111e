"""Letters: the same bytes each time, whole ids, and nothing a stranger wrote can become a header."""

import email
import email.policy
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.mail.compose import Draft, compose
from mailbot.mail.message import Address
from mailbot.mail.parse import parse
from mailbot.mail.references import Signer
from mailbot.mail.screen import MailKind, OurMail, screen

SIGNER = Signer(b"a secret for tests, long enough", "wrenfield.example")
ROOT = SIGNER.thread_root("RST-000123-D")
DRAFT = Draft(
    sender=Address("Wrenfield complaints", "restart.complaints@wrenfield.example"),
    to=Address("Nia Pryce", "nia.pryce@post.example"),
    subject="We have your complaint [RST-000123-D]",
    text="Dear Nia Pryce,\n\nWe have your complaint about £86.40 and the tŷ.\n",
    html="<p>Dear Nia Pryce,</p><p>We have your complaint about £86.40 and the tŷ.</p>\n",
    message_id=SIGNER.message_id("RST-000123-D", "ack/stage-1"),
    date=datetime(2026, 5, 1, 9, 30, tzinfo=UTC),
    thread_root=ROOT,
    in_reply_to="<1@post.example>",
    references=("<0@post.example>",),
    loop_token=SIGNER.loop_token(),
)
ids = st.text(
    st.characters(codec="ascii", exclude_characters="<> \t", categories=("L", "N", "P")),
    min_size=1,
    max_size=200,
).map(lambda text: f"<{text}>")


def test_a_letter_says_what_its_draft_says() -> None:
    message = parse(compose(DRAFT))
    assert message.sender == DRAFT.sender
    assert message.to == (DRAFT.to,)
    assert message.subject == DRAFT.subject
    assert message.text == DRAFT.text
    assert message.html == DRAFT.html
    assert message.message_id == DRAFT.message_id
    assert message.date == DRAFT.date
    assert message.in_reply_to == ("<1@post.example>",)
    assert message.references == (ROOT, "<0@post.example>", "<1@post.example>")
    assert message.defects == ()


def test_a_letter_is_marked_so_that_no_machine_answers() -> None:
    message = parse(compose(DRAFT))
    assert message.first("auto-submitted") == "auto-replied"
    assert message.first("x-auto-response-suppress") == "DR, RN, NRN, OOF, AutoReply"
    assert SIGNER.verify_loop(message.first("x-loop"))


def test_another_mailbot_does_not_answer_it() -> None:
    stranger = Signer(b"the secret of another mailbot!!", "other.example")
    screening = screen(parse(compose(DRAFT)), OurMail(frozenset({"nia.pryce@post.example"}), stranger))
    assert (screening.kind, screening.may_acknowledge) == (MailKind.AUTO_REPLY, False)


def test_a_letter_by_a_person_bears_no_marks_of_a_machine() -> None:
    message = parse(compose(replace(DRAFT, auto_submitted="")))
    assert not {"auto-submitted", "x-auto-response-suppress"} & message.names


def test_the_standard_library_reads_it_the_same_way() -> None:
    message = email.message_from_bytes(compose(DRAFT), policy=email.policy.default)
    body = message.get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == DRAFT.text
    assert message["subject"] == DRAFT.subject
    assert message["references"].split()[0] == ROOT
    assert message.defects == []


@pytest.mark.parametrize("length", [70, 77, 78, 79, 120, 250])
def test_long_ids_come_back_byte_for_byte(length: int) -> None:
    long = "<" + "a" * (length - 15) + "@host.example>"
    raw = compose(replace(DRAFT, in_reply_to=long))
    assert raw.count(long.encode()) == 2
    assert parse(raw).in_reply_to == (long,)
    assert parse(raw).references[-1] == long


@given(st.lists(ids, max_size=60), ids)
def test_references_begin_with_the_root_and_stay_short(older: list[str], answered: str) -> None:
    raw = compose(replace(DRAFT, references=tuple(older), in_reply_to=answered))
    message = parse(raw)
    assert message.references[0] == ROOT
    assert message.references[-1] == answered
    assert message.in_reply_to == (answered,)
    assert len(" ".join(message.references)) <= 1_500
    assert len(raw.partition(b"\r\n\r\n")[0]) < 4_096


@given(st.text(max_size=300), st.text(max_size=100), st.text(max_size=500), st.text(max_size=100))
def test_nothing_in_a_draft_can_start_a_header(subject: str, name: str, text: str, loop: str) -> None:
    draft = replace(
        DRAFT, subject=subject, to=Address(name, "nia.pryce@post.example"), text=text, loop_token=loop
    )
    raw = compose(draft)
    assert raw == compose(draft)
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")
    message = parse(raw)
    # Header names are ours alone, each once; the address is the one we meant.
    names = [name for name, _ in message.headers]
    assert set(names) <= KNOWN
    assert len(names) == len(set(names))
    assert [address.address for address in message.to] == ["nia.pryce@post.example"]


KNOWN = {
    *(
        "Date",
        "From",
        "To",
        "Subject",
        "Message-ID",
        "In-Reply-To",
        "References",
        "Auto-Submitted",
        "MIME-Version",
    ),
    *("X-Auto-Response-Suppress", "X-Loop", "Content-Language", "Content-Type", "Content-Transfer-Encoding"),
}


@given(
    st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=120).map(
        lambda text: " ".join(text.split())
    )
)
def test_any_subject_comes_back(subject: str) -> None:
    kept = subject.replace("\ufeff", "")
    kept = " ".join(kept.split())
    assert parse(compose(replace(DRAFT, subject=subject))).subject == kept


@pytest.mark.parametrize(
    "hostile",
    [
        "Jo\r\nBcc: x@evil.example",
        "Jo\x00",
        'Jo" <x@evil.example>, "',
        "=?utf-8?q?=0D=0ABcc:x?=",
        "Jo\u2028Bcc: x",
    ],
)
def test_hostile_names_and_subjects_stay_one_line(hostile: str) -> None:
    message = parse(compose(replace(DRAFT, to=Address(hostile, "nia.pryce@post.example"), subject=hostile)))
    assert "Bcc" not in {name for name, _ in message.headers}
    assert [address.address for address in message.to] == ["nia.pryce@post.example"]


def test_no_line_is_longer_than_mail_allows() -> None:
    raw = compose(replace(DRAFT, subject="£" * 250, text="x" * 5_000 + " £" * 5_000))
    assert max(map(len, raw.split(b"\r\n"))) <= 998


def test_a_letter_in_plain_text_has_one_part() -> None:
    message = parse(compose(replace(DRAFT, html="")))
    assert message.content_types == ("text/plain",)
    assert message.text == DRAFT.text
