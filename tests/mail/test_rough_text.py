"""Words out of bytes that nobody could read: whatever wraps them, they come out, and in time."""

import base64
import os
import quopri
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.mail.rough_text import CHARACTERS, pieces, rough_text

SAID = "I cannot go on, dŵr, and I will end it tonight."
HEAD = b"Subject: goodbye\r\nContent-Type: "
WRAPPED = {
    "plain": HEAD + b"text/plain\r\n\r\n" + SAID.encode(),
    "Windows-1252 and a NUL in every other place": SAID.replace("ŵ", "w").encode("utf-16"),
    "base64": HEAD + b"text/plain\r\n\r\n" + base64.encodebytes(SAID.encode()),
    "base64 of one short line": HEAD + b"x\r\n\r\n" + base64.b64encode(b"I will end it tonight."),
    "quoted-printable": HEAD + b"text/plain\r\n\r\n" + quopri.encodestring(SAID.encode()),
    "HTML": HEAD + b"text/html\r\n\r\n<style>p {end: it}</style><p>I will <b>end</b>\r\nit&nbsp;tonight",
    "no header at all": SAID.encode(),
    "an encoded word": b"Subject: =?utf-8?B?" + base64.b64encode(SAID.encode()) + b"?=",
    "a part of a multipart that is broken": HEAD
    + b"multipart/mixed; boundary\r\n\r\n--x\r\n\r\n"
    + SAID.encode(),
    "after a picture": HEAD + b"x\r\n\r\n" + base64.encodebytes(os.urandom(60_000)) + b"\r\n" + SAID.encode(),
}


@pytest.mark.parametrize("wrapping", WRAPPED)
def test_the_words_come_out(wrapping: str) -> None:
    words = " ".join(rough_text(WRAPPED[wrapping]).split())
    assert "end it tonight" in words
    assert len(words) < 400


@given(st.binary(max_size=3_000))
def test_any_bytes_give_text(raw: bytes) -> None:
    assert "\x00" not in rough_text(raw).encode("utf-8").decode()


HEAVY = [
    b"<",
    b"A",
    b"\n",
    b"a-b:\n ",
    b"=",
    b"=?a?b?",
    b"A" * 60 + b"\n",
    b"&amp",
    b"<style>",
    b"<a ",
    b"=?x?q?",
]


@pytest.mark.slow
@pytest.mark.parametrize("piece", HEAVY)
def test_it_takes_time_with_the_size_only(piece: bytes) -> None:
    started = time.process_time()
    assert len(rough_text(piece * (4_000_000 // len(piece)))) <= CHARACTERS
    assert time.process_time() - started < 5


def test_the_pieces_of_a_text_overlap() -> None:
    text = "".join(map(chr, range(500)))
    assert list(pieces("", 300)) == [""]
    cut = list(pieces(text, 300))
    assert (cut[0], cut[-1][-1]) == (text[:300], text[-1])
    assert cut[0][-200:] == cut[1][:200]
