"""Files written into the text: taken out whole, and words never with them."""

import binascii
import hashlib

import pytest

from mailbot.mail.parse import parse
from mailbot.mail.uuencoded import FILES, take_files

CONTENT = bytes(range(256)) * 2


def encoded(content: bytes, zero: str = "`", spare: str = "") -> bytes:
    lines = [binascii.b2a_uu(content[n : n + 45]).decode().rstrip("\n") for n in range(0, len(content), 45)]
    return "".join(line.replace(" ", zero) + spare + "\r\n" for line in lines).encode()


@pytest.mark.parametrize(("zero", "spare"), [("`", ""), (" ", ""), ("`", "`"), (" ", "X")])
def test_what_is_taken_out_is_the_file_to_the_last_octet(zero: str, spare: str) -> None:
    body = b"See this.\r\nbegin 644 a letter.doc\r\n" + encoded(CONTENT, zero, spare) + b"`\r\nend\r\nNia\r\n"
    taken = take_files(body)
    assert (taken.text, taken.files) == (b"See this.\r\nNia\r\n", ((b"a letter.doc", CONTENT),))
    (attachment,) = parse(b"From: nia@post.example\r\n\r\n" + body).attachments
    assert (attachment.size, attachment.sha256) == (512, hashlib.sha256(CONTENT).hexdigest())


@pytest.mark.parametrize(
    "words", ["begin 644 x\r\n", "begin 644 x\r\nEND OF STORY\r\n", "begin 9 x\r\n#1TE&\r\n"]
)
def test_words_stay(words: str) -> None:
    assert take_files(words.encode()).text == words.encode()


def test_files_are_taken_up_to_a_cap() -> None:
    taken = take_files(b"begin 644 x\n#1TE&\n`\nend\n" * (FILES + 1))
    assert len(taken.files) == FILES
    assert taken.text.startswith(b"begin 644 x")
