"""A few sure answers are checked by a person, always the same ones; where they were right, nothing changes."""

import pytest

from mailbot.flows import learning
from tests.flows.world import COMPLAINT, RUTH, World


@pytest.fixture
def asking(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """A world in which every sure answer is checked."""
    monkeypatch.setattr(learning, "to_check", lambda *_: True)
    return world


@pytest.mark.parametrize("word", ["accept", "complaint"])
def test_where_it_was_right_the_answer_moves_nothing(asking: World, word: str) -> None:
    asking.receive(COMPLAINT, "2026-05-01 10:00")
    asking.pass_at("2026-05-01 10:01")
    before = asking.case()
    (question,) = asking.letters_to(RUTH)
    asking.staff_replies(question, word, "2026-05-01 11:00")
    asking.pass_at("2026-05-01 11:01")
    after = asking.case()
    assert (after.stages, after.deadlines, after.state) == (before.stages, before.deadlines, before.state)
    assert [task.done_by for task in after.tasks] == [RUTH]


def test_an_unsure_answer_is_not_asked_about_twice(asking: World) -> None:
    asking.receive("Hmm, you know.", "2026-05-01 10:00")
    asking.pass_at("2026-05-01 10:01")
    assert [task.kind for task in asking.case().tasks] == ["what_is_this"]
