"""How stages and questions are called when people read of them: in notices, the digest and chronologies."""

from mailbot.casework.rules import UNSORTED

_QUESTIONS = {
    "what_is_this": "say what it is",
    "check_label": "check what it was taken for",
    "check_aside": "check what was set aside",
    "late_escalation": "escalation after its time",
    "early_escalation": "escalation before the answer",
    "after_the_last_stage": "wants to go on after the last stage",
    "acknowledge_by_hand": "acknowledge by hand",
    "linked_case": "may belong to another case",
    "information_rights": "information rights",
    "ended_case": "mail on a case that has ended",
    "redirect": "may be for somebody else to answer",
    "authority": "writes for somebody else",
    "outcomes_missing": "say what was found",
    "next_body_missing": "does the last answer name the next body?",
    "holding_to_check": "check a holding letter",
    "eight_weeks_over": "eight weeks without an answer",
    "revisit": "the examiner sends it back",
    "money": "money after a final report",
    "sort": "say what a message is, by its number",
    "held": "a message that could not be read",
    "held_alarm": "the same, when it may speak of harm",
}
_DESKS = {"ice": "ICE", "contribution": "contribution"}


def question(kind: str) -> str:
    """What a person is asked, in a few words."""
    return _QUESTIONS.get(kind, kind.replace("_", " "))


def stage(id: str) -> str:
    """Where a case is, in a few words, from the id of a stage or of a stage instance ("2", "ice.2", "unsorted")."""
    name = id.partition(".")[0]
    if name == UNSORTED:
        return "not sorted yet"
    return f"stage {name}" if name.isdigit() else _DESKS.get(name, name)
