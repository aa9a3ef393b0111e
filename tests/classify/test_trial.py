"""Trials: whoever is judged has taught nothing."""

from dataclasses import replace

import pytest

from mailbot.casework.labels import Label
from mailbot.classify import trial
from mailbot.classify.corpus import Example
from mailbot.classify.verdict import Evidence

_SAYS = {
    Label.NEW_COMPLAINT: "the adviser shouted at me on {}",
    Label.ESCALATION: "your answer of {} will not do and must go up",
    Label.ICE_CORRESPONDENCE: "the examiner asks for the file of {}",
    Label.CONTRIBUTION_REQUEST: "we need your part of our reply by {}",
    Label.OTHER: "thank you for the kind letter of {}",
}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")


def example(author: str, label: Label, day: str, sender: str) -> Example:
    text = _SAYS[label].format(day)
    evidence = Evidence("restart", "", text, text, from_address=sender)
    return Example(f"{author}-{label}-{day}", author, evidence, label, "", ())


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    return [
        example(author, label, day, f"{day}@{author}.example")
        for author in ("amber", "birch", "cedar")
        for label in Label
        for day in _DAYS
    ]


def test_every_example_is_judged_in_its_place(examples: list[Example]) -> None:
    judged = trial.held_out(examples, trial.by_author(examples))
    assert [verdict.label for verdict in judged.verdicts] == [example.label for example in examples]


def test_a_writer_is_judged_by_what_others_taught(examples: list[Example]) -> None:
    contrary = [
        replace(example("dale", Label.NEW_COMPLAINT, day, "d@dale.example"), label=Label.OTHER)
        for day in _DAYS
    ]
    everything = [*examples, *contrary]
    judged = trial.held_out(everything, trial.by_author(everything))
    assert {verdict.label for verdict in judged.verdicts[-len(contrary) :]} == {Label.NEW_COMPLAINT}


def test_no_sender_is_on_both_sides(examples: list[Example]) -> None:
    folds = trial.by_sender(examples)
    of_sender: dict[str, set[int]] = {}
    for one, fold in zip(examples, folds, strict=True):
        of_sender.setdefault(one.sender, set()).add(fold)
    assert len(set(folds)) > 1
    assert all(len(own) == 1 for own in of_sender.values())
