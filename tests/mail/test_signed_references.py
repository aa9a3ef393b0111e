"""Our own marks in mail: they say the same each time, and nobody else can make one."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.mail.parse import parse
from mailbot.mail.references import (
    Signer,
    case_reference,
    check_character,
    cited_ids,
    references_in,
    thread_index_root,
)

SIGNER = Signer(b"a secret for tests, long enough", "complaints.wrenfield.example")
OTHER = Signer(b"another secret that is as long.", "complaints.wrenfield.example")
REF = case_reference("RST", 123)

numbers = st.integers(min_value=0, max_value=999_999)


def test_a_reference_ends_in_its_check_character() -> None:
    assert REF == "RST-000123-D"
    assert check_character("A12425GABC1234002") == "M"  # the Global Release Identifier's published example


@pytest.mark.parametrize(
    "typed",
    [
        "RST-000123-D",
        "rst-000123-d",
        "Re: [RST-000123-D] My complaint",
        "[rst-000123-d]",
        "RST000123D",
        "RST 000123 D",
        "RST/000123/D",
        "RST.000123.D",
        "RST-123-D",  # zeros left out
        "RST-OOO123-D",  # letters for noughts
        "RST-OOOI23-D",  # and for the one
        "RST–000123–D",
        "RST—000123—D",
        "RST\u2011000123\u2011D",
        "ＲＳＴ－０００１２３－Ｄ",  # full width
        "R\u200bST-000\u200b123-D",  # invisible spaces
        "your ref:RST-000123-D.",
        "RST-000123-\n D",  # folded
        "RST_000123_D",
    ],
)
def test_a_reference_survives_people_and_programs(typed: str) -> None:
    assert references_in(typed, ["RST"]) == (REF,)


@pytest.mark.parametrize(
    "typed",
    [
        "RST-000123",
        "RST-000124-D",
        "RST-000132-D",
        "RST-00012D",
        "XRST-000123-D",
        "RST-000123-DX",
        "CHA-000123-D",
        "RST-D",
        "",
    ],
)
def test_what_is_not_a_reference_is_none(typed: str) -> None:
    assert references_in(typed, ["RST"]) == ()


def test_without_prefixes_nothing_is_a_reference() -> None:
    assert references_in(REF, []) == ()


def test_several_references_come_in_order_and_once() -> None:
    other = case_reference("CHA", 7)
    assert references_in(f"{other} and {REF}, again {other.lower()}", ["RST", "CHA"]) == (other, REF)


@given(numbers, st.integers(0, 5), st.sampled_from("0123456789"))
def test_one_wrong_digit_is_always_noticed(number: int, place: int, digit: str) -> None:
    right = case_reference("RST", number)
    wrong = right[: 4 + place] + digit + right[5 + place :]
    assert references_in(wrong, ["RST"]) == ((right,) if wrong == right else ())


def test_two_neighbours_changed_about_are_nearly_always_noticed() -> None:
    swaps = noticed = 0
    for number in range(0, 1_000_000, 97):
        digits = f"{number:06d}"
        for place in range(5):
            if digits[place] != digits[place + 1]:
                swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
                swaps += 1
                noticed += check_character(f"RST{swapped}") != check_character(f"RST{digits}")
    assert noticed / swaps > 0.98


@given(numbers, st.text(max_size=60))
def test_an_id_is_short_stable_and_names_its_case(number: int, purpose: str) -> None:
    ref = case_reference("RST", number)
    one = SIGNER.message_id(ref, purpose)
    assert one == SIGNER.message_id(ref, purpose)
    assert len(one) < 78
    assert SIGNER.read(one) == SIGNER.read(one.upper()) == ref
    assert SIGNER.read(SIGNER.thread_root(ref)) == ref


def test_each_purpose_has_an_id_of_its_own() -> None:
    ids = {
        SIGNER.message_id(REF, purpose) for purpose in ("ack/stage-1", "ack/stage-2", "reminder/2026-05-01")
    }
    assert len(ids | {SIGNER.thread_root(REF)}) == 4


@pytest.mark.parametrize(
    "forged",
    [
        "",
        "<>",
        "<a@b.example>",
        OTHER.message_id(REF, "ack"),
        OTHER.thread_root(REF),
        SIGNER.message_id(REF, "ack").replace("RST-000123-D", "RST-000124-B"),
        SIGNER.message_id(REF, "ack").replace("<mb.", "<mb.x."),
        "<mb.RST-000123-D.root.@wrenfield.example>",
        "<mb.RST-000123-D.\ud800.x@wrenfield.example>",
    ],
)
def test_an_id_that_we_never_made_names_nothing(forged: str) -> None:
    assert SIGNER.read(forged) is None


def test_a_long_domain_is_shortened_to_keep_ids_short() -> None:
    signer = Signer(b"a secret for tests, long enough", "complaints.customer-services.charity.gov.example")
    assert signer.message_id(REF, "ack").endswith("@charity.gov.example>")


def test_a_reference_that_fits_no_id_is_refused() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        SIGNER.message_id("RST-000123-K" * 5, "ack")
    with pytest.raises(ValueError, match="16 octets"):
        Signer(b"short", "x.example")


def test_a_secret_is_not_printed() -> None:
    assert "secret" not in repr(SIGNER)


@given(st.integers(1, 10**9))
def test_a_bounce_address_names_its_row(row: int) -> None:
    address = SIGNER.bounce_address(row, "bounce")
    assert len(address.partition("@")[0]) <= 64
    assert SIGNER.read_bounce_address(address.upper()) == str(row)
    assert OTHER.read_bounce_address(address) is None
    assert SIGNER.read_bounce_address(address.replace(f"+{row}.", f"+{row + 1}.")) is None


@pytest.mark.parametrize(
    "address", ["", "@", "a@b.example", "a+b@b.example", "bounce+1.@x.example", "bounce+.abc@x.example"]
)
def test_an_ordinary_address_is_no_bounce_address(address: str) -> None:
    assert SIGNER.read_bounce_address(address) is None


def test_the_loop_token_is_known_in_any_case_and_from_nobody_else() -> None:
    assert SIGNER.verify_loop(f" {SIGNER.loop_token().upper()} ")
    assert not SIGNER.verify_loop(OTHER.loop_token())
    assert not SIGNER.verify_loop("yes")


def test_what_a_message_answers_comes_before_older_letters() -> None:
    message = parse(b"In-Reply-To: <c@x>\r\nReferences: <root@x> <a@x> <b@x> <c@x>\r\n\r\n")
    assert cited_ids(message) == ("<c@x>", "<b@x>", "<a@x>", "<root@x>")


def test_of_many_references_the_first_and_the_last_twenty_count() -> None:
    ids = b" ".join(b"<%d@x>" % number for number in range(300))
    cited = cited_ids(parse(b"References: " + ids + b"\r\n\r\n"))
    assert cited[0] == "<299@x>"
    assert cited[-1] == "<0@x>"
    assert len(cited) == 21


def test_an_empty_id_cites_nothing() -> None:
    assert cited_ids(parse(b"In-Reply-To: <>\r\nReferences: <> < > \r\n\r\n")) == ()


def test_a_long_id_is_read_whole() -> None:
    long = "<" + "a" * 110 + "@host.example>"
    assert cited_ids(parse(f"In-Reply-To: {long}\r\nReferences:\r\n {long}\r\n\r\n".encode())) == (long,)


def test_outlooks_thread_index_is_known_by_its_first_22_octets() -> None:
    root = bytes(range(22))
    first = parse(b"Thread-Index: " + base64.b64encode(root) + b"\r\n\r\n")
    answer = parse(b"Thread-Index: " + base64.b64encode(root + b"later") + b"\r\n\r\n")
    assert thread_index_root(first) == thread_index_root(answer) == root.hex()


@pytest.mark.parametrize("value", [b"", b"!!", b"AAAA", b"\xff\xfe"])
def test_a_broken_thread_index_is_none(value: bytes) -> None:
    assert thread_index_root(parse(b"Thread-Index: " + value + b"\r\n\r\n")) is None
