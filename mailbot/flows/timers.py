"""What the passing of time makes true: a date has passed, a window is over, nobody has taken an alarm.

Each is a fact on the case, recorded once; nothing is refused, closed or decided by it.
"""

from datetime import datetime, timedelta

from mailbot.casework.facts import DuePassed, Fact, WindowEnded
from mailbot.flows import casebook, holding, writing
from mailbot.flows.apart import apart
from mailbot.flows.parts import Parts, Work
from mailbot.store import views


def pass_time(parts: Parts, now: datetime) -> int:
    """Record what time has made true since the last look; how many facts."""
    with parts.store.write() as connection:
        work = Work(parts, connection, now)
        facts: list[tuple[str, Fact]] = [
            *((ref, DuePassed(id, due)) for ref, id, due in views.deadlines_passed(connection, now)),
            *((ref, WindowEnded(id, end)) for ref, id, end in views.windows_ended(connection, now)),
        ]
        for ref, fact in facts:
            with apart(work, "time", ref):
                casebook.record(work, casebook.load(work, ref), fact, "timer")
        _page_the_second(work)
        with apart(work, "held", ""):
            holding.pass_time(work)
    return len(facts)


def _page_the_second(work: Work) -> None:
    """An alarm that nobody has taken goes to the second contact too."""
    safeguarding = work.parts.settings.organisation.safeguarding
    waited = work.now - timedelta(minutes=safeguarding.second_after_minutes)
    for ref, task_id, raised in views.alarms(work.connection):
        people = safeguarding.second or work.parts.settings.organisation.supervisors
        if raised > waited or writing.is_queued(work, ref, f"page/{task_id}/{people[0]}"):
            continue
        with apart(work, "page", ref):
            case = casebook.load(work, ref)
            if task := case.task(task_id):
                writing.tell(work, case, task, people, f"page/{task_id}")
