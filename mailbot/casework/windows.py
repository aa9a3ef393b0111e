"""The windows of a case: the times in which a complainant may raise a matter, go further, or go outside."""

from dataclasses import replace
from datetime import date, datetime

from mailbot.casework.case import Case, StageInstance, Window
from mailbot.casework.counting import Due, window_end
from mailbot.casework.procedure import Stage, WindowRule
from mailbot.casework.rules import Rules

EIGHT_WEEKS = "eight_weeks"
RAISE = "raise"


def opened(case: Case, instance: StageInstance, rules: Rules) -> tuple[Window, ...]:
    """The windows of an instance that have begun: new ones, and those whose end is now another."""
    if not rules.is_ladder(instance):
        return ()
    found = []
    for rule in rules.procedure.stage(instance.stage).windows:
        window = _window(case, instance, rule, rules)
        if window is not None and not _belongs_to_another(case, window, rule):
            before = case.window(window.id)
            if before is None or (before.ends != window.ends and not before.stopped_by):
                found.append(window)
    return tuple(found)


def stopped(case: Case, instance: StageInstance, rules: Rules) -> tuple[Window, ...]:
    """The windows that an answer ends: no more waiting for eight weeks once there is the answer that counts."""
    if not rules.is_ladder(instance):
        return ()
    any_answer = rules.procedure.settings["eight_weeks_stopped_by"] == "any_response"
    if not (any_answer or is_last(rules.procedure.stage(instance.stage))):
        return ()
    return tuple(
        replace(window, over=True, stopped_by=f"answer at {instance.id}")
        for window in case.windows
        if window.id.endswith(f"/{EIGHT_WEEKS}") and not window.over
    )


def is_last(stage: Stage) -> bool:
    """Whether only an outside body comes after it."""
    return stage.next is None or stage.next.startswith("external:")


def raised_late(case: Case, windows: tuple[Window, ...], rules: Rules) -> bool:
    """Whether the complaint came after the time that the text gives for raising it."""
    too_late = {window.id.partition("/")[0] for window in windows if _is_over_at(window, case.received)}
    covers_formal = rules.procedure.settings["raise_window_covers"] == "informal_and_formal"
    return any(
        (rule.soft or covers_formal) and rule.name == RAISE and stage.id in too_late
        for stage in rules.procedure.stages
        for rule in stage.windows
    )


def _is_over_at(window: Window, at: datetime) -> bool:
    return window.id.endswith(f"/{RAISE}") and window.ends is not None and window.ends < at


def _window(case: Case, instance: StageInstance, rule: WindowRule, rules: Rules) -> Window | None:
    moments: dict[str, date | None] = {
        "received": instance.received,
        "case_received": case.received,
        "responded": instance.responded,
        "event": case.known("event"),
        "case_closed": case.known("case_closed"),
    }
    opens = moments[rule.counted_from]
    if not isinstance(opens, datetime):
        return None
    end: Due | None = window_end(rule, moments, rules.calendar, rules.procedure.timezone)
    return Window(
        id=f"{instance.id}/{rule.name}",
        instance=instance.id,
        to=rule.to,
        opens=opens,
        ends=end.at if end else None,
        kind=rule.kind.value,
        source=rule.source,
        count=end.count if end else "the text gives no end",
    )


def _belongs_to_another(case: Case, window: Window, rule: WindowRule) -> bool:
    """What is counted from the first complaint has one window on the case, whatever stages follow."""
    if rule.counted_from != "case_received":
        return False
    return any(
        other.id.endswith(f"/{rule.name}") and other.instance != window.instance for other in case.windows
    )
