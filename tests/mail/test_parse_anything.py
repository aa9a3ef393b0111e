"""Whatever bytes come, there is a record, it is clean, and it is there in time (`scripts/fuzz` goes on with this)."""

import json
import random
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailbot.mail.authentication import verdict
from mailbot.mail.message import Message
from mailbot.mail.parse import ENCLOSED, parse
from mailbot.mail.references import Signer, cited_ids, references_in, thread_index_root
from mailbot.mail.reply_text import live_text
from mailbot.mail.reports import delivery_report
from mailbot.mail.rough_text import rough_text
from mailbot.mail.screen import FormMailer, OurMail, reply_address, screen

CORPUS = [path.read_bytes() for path in sorted((Path(__file__).parents[1] / "corpus").glob("*.eml"))]
OURS = OurMail(
    addresses=frozenset({"restart.complaints@serco.example"}),
    signer=Signer(b"only for the tests, 32 octets long", "serco.example"),
    list_ids=frozenset({"restart-complaints.serco.example"}),
    border="mx.serco.example",
    form_mailers=(FormMailer("form@forms.serco.example", body_field="Email"),),
)
RECEIVED = datetime(2026, 5, 6, 8, 0, tzinfo=UTC)
# What mail is made of, so that random choices build something that looks like it.
PIECES = [
    *(
        b"From: ",
        b"To: ",
        b"Subject: ",
        b"Content-Type: ",
        b"Content-Transfer-Encoding: ",
        b"Date: ",
        b"References: ",
    ),
    *(
        b"multipart/mixed; boundary=b",
        b"multipart/alternative",
        b"message/rfc822",
        b"text/html",
        b"message/delivery-status",
    ),
    *(
        b"\r\n",
        b"\n",
        b"\r",
        b"\r\n\r\n",
        b" ",
        b"\t",
        b"--b\r\n",
        b"--b--",
        b"<",
        b">",
        b'"',
        b"(",
        b")",
        b",",
        b":",
        b";",
        b"@",
    ),
    *(
        b"a@b.example",
        b"=?utf-8?q?=C3=B4?=",
        b"=?x?b?AAA?=",
        b"=?",
        b"?=",
        b"charset=utf-7",
        b"base64",
        b"quoted-printable",
    ),
    *(
        b"\x00",
        b"\xff",
        b"\xe2\x82",
        b"\xef\xbb\xbf",
        b"\xfe\xff",
        b"\x1b$B",
        b"\xed\xa0\x80",
        b"=",
        b"+",
        b"<p>",
        b"<div style=display:none>",
    ),
    *(
        b"Re: ",
        b"On x wrote:",
        b"> ",
        b"-- \r\n",
        b"Return-Path: <>",
        b"Message-ID: <a@b>",
        b"In-Reply-To: <c@d>",
        b"filename*0*=''",
        b"format=flowed; delsp=yes",
        b"begin 644 a\n#1TE&\n`\nend\n",
        b"List-Id: <restart-complaints.serco.example>",
        b"X-Original-From: ",
    ),
]


def read_everything(raw: bytes) -> Message:
    """All that is ever asked of a message; none of it may raise."""
    message = parse(raw, RECEIVED)
    json.dumps(message.as_record(), ensure_ascii=False).encode("utf-8")
    screening = screen(message, OURS)
    assert not (screening.may_acknowledge and reply_address(message, OURS) is None)
    assert bool(live_text(message)) == bool(message.text.strip())
    rough_text(raw).encode("utf-8")
    delivery_report(message)
    verdict(message, OURS.border)
    thread_index_root(message)
    references_in(message.subject + message.text, ["RST"])
    assert len(cited_ids(message)) <= 41
    return message


@given(st.binary(max_size=2_000))
def test_any_bytes_are_read(raw: bytes) -> None:
    read_everything(raw)


@given(st.lists(st.sampled_from(PIECES), max_size=120).map(b"".join))
@settings(max_examples=300)
def test_anything_built_of_what_mail_is_made_of_is_read(raw: bytes) -> None:
    read_everything(raw)


def damaged(raw: bytes, chance: random.Random) -> bytes:
    """`raw` with a few bytes left out, put in or replaced."""
    changed = bytearray(raw)
    for _ in range(chance.randint(1, 8)):
        start = chance.randrange(len(changed) + 1)
        changed[start : start + chance.choice((0, 1, 1, 40))] = chance.choice([*PIECES, chance.randbytes(3)])
    return bytes(changed)


@given(st.sampled_from(CORPUS), st.integers(0, 2**32))
@settings(max_examples=300)
def test_any_damage_to_an_odd_message_is_read(raw: bytes, seed: int) -> None:
    read_everything(damaged(raw, random.Random(seed)))


def nested(levels: int) -> bytes:
    heads = [
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (level, level)
        for level in range(levels)
    ]
    return b"Subject: deep\r\n" + b"".join(heads) + b"Content-Type: text/plain\r\n\r\nhello"


REPLY = b"From: a@b.example\r\nIn-Reply-To: <x@y>\r\nSubject: Re: x\r\n"
HTML = REPLY + b"Content-Type: text/html\r\n\r\n"
HEAVY = {
    "1,000 levels": nested(1_000),
    "5,000 enclosed": b"Content-Type: message/rfc822\r\n\r\n" * 5_000,
    "20,000 addresses": b"To: " + b", ".join(b"p%d@example.org" % n for n in range(20_000)) + b"\r\n\r\n",
    "nested comments": b"From: " + b"(" * 200_000,
    "unclosed quotes": b"From: " + b'"\\' * 100_000,
    "20,000 encoded words": b"Subject: " + b"=?utf-8?q?x?= " * 20_000,
    "100,000 headers": b"X-A: b\r\n" * 100_000,
    "boundaries only": b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n" * 100_000,
    "carriage returns": b"\r" * 500_000,
    "20,000 From: lines": REPLY + b"\r\n" + b"From: a\r\n" * 20_000,
    "On On On": REPLY + b"\r\n" + b"On " * 200_000,
    "blank lines": REPLY + b"\r\n" + b"\r\n" * 100_000,
    "deep HTML": HTML + b"<div>" * 50_000 + b"hello",
    "quoted HTML": HTML + b"<blockquote type=cite>x" * 5_000,
}


@pytest.mark.parametrize("name", HEAVY)
def test_hostile_sizes_take_time_in_proportion(name: str) -> None:
    started = time.process_time()
    read_everything(HEAVY[name])
    assert time.process_time() - started < 2.5


def test_text_below_too_many_levels_is_kept() -> None:
    message = parse(nested(25))
    assert "hello" in message.text
    assert "more than 20 levels of parts" in message.defects


def test_enclosed_messages_are_opened_up_to_a_cap() -> None:
    part = b"--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\nx\r\n"
    message = parse(b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + part * (ENCLOSED + 10))
    assert len(message.nested) == ENCLOSED
    assert len(message.attachments) == ENCLOSED + 10
