"""What the passing of time makes true: a date has passed, a window is over, nobody has taken an alarm.

Each is a fact on the case, recorded once; nothing is refused, closed or decided by it.
"""

from datetime import datetime, timedelta

from mailbot.casework.facts import DuePassed, WindowEnded
from mailbot.flows import casebook, writing
from mailbot.flows.parts import Parts, Work
from mailbot.store import views


def pass_time(parts: Parts, now: datetime) -> int:
    """Record what time has made true since the last look; how many facts."""
    with parts.store.write() as connection:
        work = Work(parts, connection, now)
        passed = views.deadlines_passed(connection, now)
        for ref, deadline, due in passed:
            casebook.record(work, casebook.load(work, ref), DuePassed(deadline, due), "timer")
        ended = views.windows_ended(connection, now)
        for ref, window, end in ended:
            casebook.record(work, casebook.load(work, ref), WindowEnded(window, end), "timer")
        _page_the_second(work)
    return len(passed) + len(ended)


def _page_the_second(work: Work) -> None:
    """An alarm that nobody has taken goes to the second contact too."""
    safeguarding = work.parts.settings.organisation.safeguarding
    waited = work.now - timedelta(minutes=safeguarding.second_after_minutes)
    for ref, task_id, raised in views.alarms(work.connection):
        if raised > waited:
            continue
        case = casebook.load(work, ref)
        task = case.task(task_id)
        people = safeguarding.second or work.parts.settings.organisation.supervisors
        if task is not None and not writing.is_queued(work, ref, f"page/{task_id}/{people[0]}"):
            writing.tell(work, case, task, people, f"page/{task_id}")
