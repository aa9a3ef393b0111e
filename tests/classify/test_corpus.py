"""Examples as they are read, and what they look like to the classifier."""

import json
from pathlib import Path

import pytest

from mailbot.classify.corpus import evidence_from_corpus, read_examples, read_file, read_rows
from mailbot.classify.quoting import live_part
from mailbot.classify.verdict import CaseFacts, Evidence
from mailbot.classify.words import words_of
from mailbot.errors import RuleError

CASE = (
    '{"id": "x", "label": "escalation", "sender_role": "examiner", "case": {"answered": true, "overdue": false, '
    '"window_open": true, "sender_is_party": true, "open_desk": "ice", "closed": null}}'
)


@pytest.mark.parametrize(
    ("body", "live"),
    [
        ("Not good enough.\n\nOn 3 May, Complaints wrote:\n> Dear Ann", "Not good enough."),
        ("No.\n\n-----Original Message-----\nFrom: us\nhello", "No."),
        ("> Did you go?\nYes.\n> And then?\nNothing.", "Yes.\nNothing."),
        ("Dear all\n\nFrom Monday I am away.", "Dear all\n\nFrom Monday I am away."),
        (
            "---------- Forwarded message ----------\nFrom: a\nthe letter",
            "---------- Forwarded message ----------\nFrom: a\nthe letter",
        ),
    ],
)
def test_history_is_cut_and_nothing_comes_out_empty(body: str, live: str) -> None:
    assert live_part(body) == live


def test_what_identifies_people_and_organisations_is_masked() -> None:
    row = {
        "procedure": "ipes",
        "subject": "KP-0712",
        "body": "Kestrel told Zelda to ring 07700 900100 or mail zelda@mail.example about AB12/345, £40.",
        "from_name": "Zelda Quill",
        "from_addr": "zelda@mail.example",
        "to_addr": "ipes@kestrelpathways.example",
    }
    words = words_of(evidence_from_corpus(row))
    assert words.subject == ("zref",)
    assert {"zus", "zme", "zaddr", "zref", "zmoney"} <= set(words.live)
    assert not {"kestrel", "zelda", "example"} & set(words.live)


def test_every_shipped_example_can_be_read_and_has_its_own_id(folder: Path) -> None:
    examples = read_examples([folder, folder / "validation", folder / "histories"])
    assert len({example.id for example in examples}) == len(examples) > 16_000


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    """A file whose second line is to be wrong."""
    return tmp_path / "bad.jsonl"


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ('{"id": "x", "label": "nonsense"}', "'label' must be one of new_complaint, escalation,"),
        ('{"id": "x"}', "'label' is missing"),
        ('{"id": "x", "label": ["other"]}', "'label' must be one of"),
        ('{"id": "x", "label": "other", "body": 7}', "'body' must be text"),
        ('{"id": "x", "label": "other", "subject": ["a"]}', "'subject' must be text"),
        ('{"id": "x", "label": "other", "flags": "mp"}', "'flags' must be a list of texts"),
        ('{"id": "x", "label": "other", "attachments": [1]}', "'attachments' must be a list of texts"),
        ('{"id": "x", "label": "other", "reply": "yes"}', "'reply' must be true or false"),
        ('{"id": "x", "label": "other", "sender_verified": "pass"}', "'sender_verified' must be true or false"),
        ('{"id": "x", "label": "other", "case": "open"}', "'case' must be an object"),
        ('{"id": "x", "label": "other", "case": {}}', "in its case 'answered' is missing, in its case 'overdue'"),
        (CASE.replace("true", '"yes"'), "in its case 'answered' must be true or false"),
        (CASE.replace("answered", "answerd"), "its case has an unknown key 'answerd' (known: answered, overdue,"),
        (CASE.replace("answered", "answerd"), "in its case 'answered' is missing"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_row_is_told_with_its_place(bad: Path, row: str, fault: str) -> None:
    bad.write_text(f"\n{row}", "utf-8")
    with pytest.raises(RuleError) as told:
        list(read_file(bad))
    assert f"{bad} line 2, message x: " in told.value.problem
    assert fault in told.value.problem
    assert "docs/examples.md" in told.value.mend


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"{", "line 1: not JSON"),
        (b'["x"]', "line 1: not an object"),
        ("{'id': 'ŵ'}".encode("utf-16"), "cannot be read"),
        (None, "cannot be read"),
    ],
)
def test_a_file_that_holds_no_rows_is_named(bad: Path, content: bytes | None, fault: str) -> None:
    if content is not None:
        bad.write_bytes(content)
    with pytest.raises(RuleError, match=rf"bad\.jsonl {fault}"):
        list(read_rows(bad))


def test_null_is_the_same_as_leaving_a_field_out(bad: Path) -> None:
    nulls = dict.fromkeys(("subject", "body", "flags", "attachments", "reply", "kind", "case", "label"))
    bad.write_text(json.dumps(nulls), "utf-8")
    (row,) = read_rows(bad)
    assert evidence_from_corpus(row) == Evidence("", "", "", "")


def test_a_row_says_what_was_known_of_sender_and_case(bad: Path) -> None:
    bad.write_text("\ufeff" + CASE, "utf-8")  # as Windows editors write it
    (example,) = read_file(bad)
    assert example.evidence.sender_role == "examiner"
    assert example.evidence.case == CaseFacts(
        answered=True, overdue=False, window_open=True, sender_is_party=True, open_desk="ice"
    )
