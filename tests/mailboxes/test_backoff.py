"""The pauses between attempts: growing, jittered, bounded, and over after a success."""

from mailbot.mailboxes.backoff import Backoff


def test_pauses_grow_to_two_minutes_and_end_with_a_success() -> None:
    backoff = Backoff()
    assert backoff.left == 0
    pauses = []
    for _ in range(12):
        backoff.failed()
        pauses.append(backoff.left)
    full = [min(120, 2**failures) for failures in range(12)]
    assert all(most / 2 - 0.1 <= pause <= most for pause, most in zip(pauses, full, strict=True))
    backoff.succeeded()
    assert backoff.left == 0


def test_two_daemons_do_not_come_back_at_the_same_moment() -> None:
    one, other = Backoff(), Backoff()
    for backoff in (one, other):
        for _ in range(8):
            backoff.failed()
    assert abs(one.left - other.left) > 1e-6
