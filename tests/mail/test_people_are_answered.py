"""People's own words seldom look like a machine's, and a machine's own words mostly do: counted on the labelled examples.

The examples are texts, so no header gives a machine away here: this is what is left when every header lies.
`pytest -rP tests/mail/test_people_are_answered.py` prints the counts.
"""

import json
from collections import Counter
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from mailbot.mail.compose import Draft, compose
from mailbot.mail.message import Address
from mailbot.mail.parse import parse
from mailbot.mail.references import Signer
from mailbot.mail.reply_text import live_text
from mailbot.mail.screen import OurMail, screen

EXAMPLES = Path(__file__).parents[2] / "classifiers" / "message_kind"
SIGNER = Signer(b"a secret for tests, long enough", "wrenfield.example")

pytestmark = pytest.mark.slow


def letter(example: dict[str, Any]) -> bytes:
    return compose(
        Draft(
            sender=Address(example["from_name"], example["from_addr"]),
            to=Address("", example["to_addr"]),
            subject=example["subject"],
            text=example["body"],
            html=example["html"] or "",
            message_id="<1@post.example>",
            date=datetime(2026, 5, 1, 9, 0, tzinfo=UTC),
            in_reply_to="<2@post.example>" if example["reply"] else "",
            auto_submitted="",
        )
    )


@cache
def counted() -> tuple[Counter[str], Counter[str]]:
    """How many there are of each sort, and to how many of them no letter may go."""
    there: Counter[str] = Counter()
    withheld: Counter[str] = Counter()
    for path in sorted(EXAMPLES.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            example = json.loads(line)
            sort = example["kind"] if example["label"] == "other" else example["label"]
            ours = OurMail(frozenset({example["to_addr"]}), SIGNER)
            message = parse(letter(example))
            assert bool(live_text(message)) == bool(message.text.strip())
            there[sort] += 1
            withheld[sort] += not screen(message, ours).may_acknowledge
    return there, withheld


@pytest.mark.parametrize(
    "sort",
    ["new_complaint", "escalation", "contribution_request", "follow_up", "enquiry", "withdrawal", "thanks"],
)
def test_at_most_one_person_in_a_hundred_is_taken_for_a_machine(sort: str) -> None:
    there, withheld = counted()
    print(f"{sort}: {withheld[sort]} of {there[sort]} withheld")
    assert withheld[sort] <= there[sort] / 100 + 1


@pytest.mark.parametrize("sort", ["auto_reply", "bounce"])
def test_most_machines_are_known_by_their_words_alone(sort: str) -> None:
    there, withheld = counted()
    print(f"{sort}: {withheld[sort]} of {there[sort]} withheld")
    assert withheld[sort] >= there[sort] * 0.8
