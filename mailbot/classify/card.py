"""The model card: what the classifier was taught, how good it is and where it is weak, as a page to read."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from mailbot.casework.labels import Label
from mailbot.classify.corpus import Example

Report = Mapping[str, Any]

_WEAK = (
    "The honest line is “no author on both sides”, and the table of writers stands behind it: many of them were asked to write what is "
    "hard, and on the hardest of them one sure answer in four is wrong.",
    "The price of a look, the costs of mistakes and the lean towards officials were set with the two lines “on both sides” in view, the "
    "shifts of facts by leaving writers of histories out, the doubt over strange words with “foreign matter”: those lines flatter a "
    "little. The writers kept aside were looked at more than once. The sixth was sealed until most of this was done: 0.984, and 0.931 on "
    "case histories, when first measured.",
    "It counts words and pieces of words; it does not understand. Irony, a refusal put politely, or a message "
    "whose meaning lies in one “not” may be misread. The threshold, not the label, is the safeguard.",
    "“Other” is the hardest label. Praise that tells of trouble, and a grievance about somebody else's service that names "
    "nobody, are taken for complaints; thanks that name a stage, for an escalation; a grievance in an even voice, for an enquiry.",
    "On a case that is known, a new grievance and words about the old one are taken for each other one time in fourteen.",
    "Short notes between officials, without a verified sender or a thread, are sometimes mixed up: the examiner asks for "
    "papers and so does the Jobcentre. Officials are leaned towards, since their mail is the rarest: of what is called theirs, one in "
    "thirteen is not.",
    "Of flags, what was done with personal data and what a person needs in order to take part (accessibility) are raised "
    "without cause half the time; discrimination and the media are missed more often than heard, threats of law and being out "
    "of time nearly as often.",
    "Welsh is about three messages in a hundred; other languages hardly occur. Both go to a person more often.",
    "All examples are invented, and by few kinds of writer. What real mail adds must be learnt locally, from people's "
    "corrections.",
)


@dataclass(frozen=True)
class Speed:
    """Seconds of processor time."""

    one: float  # one message by itself, the median
    thousand: float
    training: float


@dataclass(frozen=True)
class Figures:
    """What was measured."""

    reports: Mapping[str, Report]  # by the name of the test, in the order in which they are shown
    writers: Mapping[str, Report]  # each writer by what the others taught
    candidates: Mapping[str, Mapping[str, float]]
    speed: Speed


def card(examples: Sequence[Example], figures: Figures, on: date) -> str:
    """The whole page in Markdown."""
    speed, reports = figures.speed, figures.reports
    parts = (
        f"# Model card: what kind of message is this?\n\nGenerated on {on:%A %-d %B %Y} by `scripts/model_card`.",
        "Linear support vectors over words, word pairs and pieces of words, what they mean in each mailbox, how clauses begin, what is asked, the envelope and "
        "the ends of the text: one line for each label, each kind of message within a label, and each flag; "
        "calibrated on writers that had not taught it (`calibration.toml`); known facts about sender and case are added as log-odds "
        "(`mailbot/classify/facts.py`); it abstains where a mistake is expected to cost more than a look "
        "(`mailbot/classify/decide.py`).",
        _taught(examples),
        f"One message takes {1000 * speed.one:.1f} ms, a thousand {speed.thousand:.2f} s, training {speed.training:.0f} s "
        "(processor time).",
        _summary(reports),
        *(_by_label(name, report) for name, report in reports.items() if " without " not in name),
        _coverage(reports),
        _writers(figures.writers),
        _candidates(figures.candidates),
        "## Known weaknesses\n\n" + "\n".join(f"- {line}" for line in _WEAK),
    )
    return "\n\n".join(part for part in parts if part) + "\n"


def _taught(examples: Sequence[Example]) -> str:
    labels = Counter(example.label for example in examples)
    hands = len({example.hand for example in examples})
    counts = ", ".join(f"{label.value} {labels[label]}" for label in Label)
    return (
        f"## What it was taught\n\n{len(examples)} invented messages by {hands} hands: {counts}.\n\n"
        "On 22 November 2026 two readers labelled 700 of them, seeing neither the labels nor each "
        "other's: they gave the writer's label to 697 and 695. 480 of these were messages that the classifier of "
        "that day had surely got wrong by what others taught: what it misses is there to be read."
    )


def _summary(reports: Mapping[str, Report]) -> str:
    head = "| test | messages | macro F1 (95 in 100) | accuracy | ECE | Brier | answered | right when answered | complaints surely called other |"
    lines = [_summary_line(name, report) for name, report in reports.items()]
    return "\n".join(("## How good it is\n", head, "| --- " * 9 + "|", *lines))


def _summary_line(name: str, report: Report) -> str:
    macro, lost = report["macro_f1"], report["complaints_surely_called_other"]
    figures = (
        f"{report['messages']}",
        f"{macro['value']:.3f} ({macro['low']:.3f} to {macro['high']:.3f})",
        f"{report['accuracy']['value']:.3f}",
        f"{report['ece']:.3f}",
        f"{report['brier']:.3f}",
        _percent(report["answered"]),
        _percent(report["right_when_answered"]),
        f"{lost['count']} of {lost['of']}",
    )
    return f"| {name} | " + " | ".join(figures) + " |"


def _percent(share: Report) -> str:
    return "none" if share["value"] is None else f"{100 * share['value']:.1f}%"


def _by_label(name: str, report: Report) -> str:
    names = [label.value for label in Label]
    lines = [
        f"| {one} | {row['precision']:.3f} | {row['recall']:.3f} | {row['f1']:.3f} | {row['support']} | "
        + " | ".join(str(report["confusion"][one][said]) for said in names)
        + " |"
        for one, row in report["labels"].items()
    ]
    head = (
        "| label | precision | recall | F1 | messages | "
        + " | ".join(f"called {one}" for one in names)
        + " |"
    )
    return "\n".join((f"### {name}: by label\n", head, "| --- " * 10 + "|", *lines))


def _coverage(reports: Mapping[str, Report]) -> str:
    limits = [row["confidence"] for row in next(iter(reports.values()))["coverage"]]
    head = "| test | " + " | ".join(f"confidence from {limit}" for limit in limits) + " |"
    lines = [
        f"| {name} | " + " | ".join(_answered_and_right(row) for row in report["coverage"]) + " |"
        for name, report in reports.items()
    ]
    title = "### Share answered, and right of those, by confidence\n"
    return "\n".join((title, head, "| --- " * (len(limits) + 1) + "|", *lines))


def _answered_and_right(row: Report) -> str:
    return f"{100 * row['answered']:.0f}%, " + (
        "none" if row["right"] is None else f"{100 * row['right']:.1f}%"
    )


def _writers(writers: Mapping[str, Report]) -> str:
    lines = [
        f"| {name} | {report['messages']} | {report['accuracy']['value']:.3f} | {_percent(report['answered'])} | "
        f"{_percent(report['right_when_answered'])} |"
        for name, report in writers.items()
    ]
    title = "## Each writer, judged by what the others taught\n"
    head = "| writer | messages | accuracy | answered | right when answered |"
    return "\n".join((title, head, "| --- " * 5 + "|", *lines))


def _candidates(candidates: Mapping[str, Mapping[str, float]]) -> str:
    if not candidates:
        return ""
    keys = list(next(iter(candidates.values())))
    lines = [
        f"| {name} | " + " | ".join(f"{row[key]:.3f}" for key in keys) + " |"
        for name, row in candidates.items()
    ]
    title = (
        "## Candidates compared, each writer judged by what the others taught (`scripts/compare_models`)\n\n"
        "Minutes of processor time for five folds, without making the features but for the kept one; MB in memory; MB to install besides.\n\n"
        "Sentence embeddings were tried by hand on 9,006 messages (all-MiniLM-L6-v2, whose weights come inside a package, "
        "with torch, 31 ms a message): alone 0.706; beside the features of support vectors over labels 0.892, against "
        "0.895 without.\n"
    )
    return "\n".join(
        (title, "| candidate | " + " | ".join(keys) + " |", "| --- " * (len(keys) + 1) + "|", *lines)
    )
