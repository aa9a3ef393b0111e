"""Facts in, two equal parts out; what is missing is named, what is hostile does no harm."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from mailbot.errors import RuleError
from mailbot.letters import Letters
from mailbot.shipped import folder

LETTERS = Letters([folder("templates")])


@pytest.mark.parametrize("name", LETTERS.names())
def test_every_letter_renders_with_its_sample_facts(name):
    letter = LETTERS.preview(name)
    assert letter.subject
    assert letter.text.strip()
    assert "<html" in letter.html


def test_a_missing_fact_is_named_with_the_letter_and_the_file_that_uses_it():
    facts = LETTERS.sample("ack_serco_1")
    del facts["received_long"]
    with pytest.raises(
        RuleError, match=r"letter ack_serco_1 lacks received_long \(used in blocks/at_a_glance.md\)"
    ):
        LETTERS.render("ack_serco_1", facts)


def test_a_fact_that_is_none_where_words_are_needed_is_named():
    with pytest.raises(RuleError, match="ack_serco_1: 'received_long' is undefined"):
        LETTERS.render("ack_serco_1", LETTERS.sample("ack_serco_1") | {"received_long": None})


def test_optional_facts_may_be_none_or_left_out():
    facts = LETTERS.sample("ack_serco_1")
    without = {key: value for key, value in facts.items() if key != "provider_name"}
    assert LETTERS.render("ack_serco_1", facts | {"provider_name": None}) == LETTERS.render(
        "ack_serco_1", without
    )


def test_an_unknown_letter_says_where_it_would_be_looked_for():
    with pytest.raises(RuleError, match=r"no template letters/nothing\.md"):
        LETTERS.preview("nothing")


def test_readers_outside_see_the_reference_at_the_end_of_the_subject():
    assert LETTERS.preview("ack_serco_1").subject == "We have your complaint [RST-24017-K]"
    assert LETTERS.preview("remind_t1").subject == "RST-24017-K due Fri 9 Jan"


HOSTILE = [
    "Sam\r\nBcc: everyone@mail.example",
    "{{ 7 * 7 }} {% include 'frame.html' %} {{ self.__class__ }}",
    "<script>alert(1)</script><img src=x onerror=y>&amp;&lt;",
    "# A heading\n\n- **bold** [link](https://mail.example) <https://mail.example> `code` \\",
    "{cy} Cymraeg",
    "1. one\n---\n> quoted\n+++",
    "a\u202eb\u0000c\u200bd\ud800",
]


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("fact", ["salutation", "provider_name", "contact_name", "ref"])
def test_a_hostile_value_stays_words(fact, value):
    plain = LETTERS.preview("ack_serco_1")
    letter = LETTERS.render("ack_serco_1", LETTERS.sample("ack_serco_1") | {fact: value})
    assert "\n" not in letter.subject
    assert "\r" not in letter.subject
    assert "49" not in letter.text
    assert re.findall(r"<(/?\w+)", letter.html) == re.findall(r"<(/?\w+)", plain.html)
    assert letter.html.count('lang="cy"') == plain.html.count('lang="cy"')
    assert letter.text.count("\n") == plain.text.count("\n")
    assert not {"\u202e", "\u0000", "\u200b", "\ud800"} & set(letter.text + letter.html + letter.subject)


def test_a_value_of_ten_thousand_characters_is_cut():
    facts = LETTERS.sample("ack_serco_1") | {"provider_name": "x" * 10_000, "ref": "y" * 10_000}
    letter = LETTERS.render("ack_serco_1", facts)
    assert "x" * 599 + "…" in letter.text
    assert len(letter.subject) < 100
    assert len(letter.text) < 6_000


def test_a_passage_that_a_person_drafted_keeps_its_paragraphs_and_nothing_else():
    facts = LETTERS.sample("holding") | {"reason": "First.\n\n# Second <b>\nsame paragraph.\r\n\r\n- third"}
    letter = LETTERS.render("holding", facts)
    assert "First.\n\n# Second <b> same paragraph.\n\n- third" in letter.text
    assert "<b>" not in letter.html


@dataclass(frozen=True)
class Body:
    name: str
    lines: tuple[str, ...] = ("1 Review Road\nTestford",)
    email: str | None = None
    phone: str | None = None
    website: str | None = None


def test_a_dataclass_may_be_a_fact_and_is_made_safe_like_any_other():
    facts = LETTERS.sample("final_restart") | {"next_body": Body("Example *Examiner*")}
    letter = LETTERS.render("final_restart", facts)
    assert "- Example *Examiner*\n- Post: 1 Review Road Testford\n\nHow to reach us" in letter.text


def test_values_appear_as_they_were_written():
    name = "O'Neil & Sons (Leeds) #1_a *b* ŵŷ £5 <x>"
    letter = LETTERS.render("ack_serco_1", LETTERS.sample("ack_serco_1") | {"provider_name": name})
    assert name in letter.text


def test_a_later_folder_overlays_the_earlier_file_by_file(tmp_path: Path):
    (tmp_path / "blocks").mkdir()
    (tmp_path / "blocks" / "automatic.md").write_text("Our own words.\n")
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "ours.md").write_text(
        '+++\nsubject = "A letter of our own"\n+++\nHello from {{ organisation }}.\n'
    )
    letters = Letters([folder("templates"), tmp_path])
    assert "Our own words." in letters.preview("ack_serco_1").text
    assert "What happens next" in letters.preview("ack_serco_1").text
    assert "Hello from Restart complaints team." in letters.preview("ours").html
    assert set(letters.names()) == {*LETTERS.names(), "ours"}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ('+++\nsubjet = "x"\n+++\nWords', "subjet"),
        ('+++\naudience = "friend"\n+++\nWords', "audience"),
        ("+++\nsubject = unquoted\n+++\nWords", "broken.md"),
        ('+++\nsubject = "x"\nWords', "closing"),
    ],
)
def test_a_faulty_head_names_file_and_key(tmp_path: Path, content, says):
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "broken.md").write_text(content)
    with pytest.raises(RuleError, match=says):
        Letters([folder("templates"), tmp_path]).preview("broken")


def test_a_file_that_is_not_utf_8_is_named(tmp_path: Path):
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "old.md").write_bytes(b"A price of \xa35")
    with pytest.raises(RuleError, match=r"old\.md is not in UTF-8"):
        Letters([folder("templates"), tmp_path]).preview("old")


def test_samples_may_be_overlaid_fact_by_fact_and_a_wrong_audience_is_named(tmp_path: Path):
    (tmp_path / "samples.toml").write_text('[complainant]\ncontact_name = "Our own team"\n')
    assert "Ask for: Our own team" in Letters([folder("templates"), tmp_path]).preview("ack_serco_1").text
    (tmp_path / "samples.toml").write_text('[customer]\nref = "X"\n')
    with pytest.raises(RuleError, match="no audience customer"):
        Letters([folder("templates"), tmp_path]).preview("ack_serco_1")


def test_a_letter_without_a_block_it_must_hold_cannot_be_rendered(tmp_path: Path):
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "bare.md").write_text(
        '+++\nsubject = "A letter with nothing"\nmust_include = ["at_a_glance"]\n+++\nWords.\n'
    )
    with pytest.raises(RuleError, match="bare lacks the block at_a_glance"):
        Letters([folder("templates"), tmp_path]).preview("bare")


def test_a_letter_cannot_reach_python_through_its_facts(tmp_path: Path):
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "bad.md").write_text('+++\nsubject = "Bad"\n+++\n{{ ref.__class__.__mro__ }}\n')
    with pytest.raises(RuleError, match="letter bad"):
        Letters([folder("templates"), tmp_path]).preview("bad")
