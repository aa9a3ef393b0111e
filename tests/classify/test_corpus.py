"""Examples as they are read, and what they look like to the classifier."""

from pathlib import Path

import pytest

from mailbot.classify.corpus import evidence_from_corpus, read_examples, read_file
from mailbot.classify.quoting import live_part
from mailbot.classify.words import words_of
from mailbot.errors import RuleError


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
    assert len({example.id for example in examples}) == len(examples) > 9000


def test_a_line_that_is_no_example_is_named(tmp_path: Path) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_text('\n{"id": "x", "label": "nonsense"}\n', "utf-8")
    with pytest.raises(RuleError, match=r"bad\.jsonl line 2"):
        list(read_file(bad))
