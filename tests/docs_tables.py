"""The tables of docs/team.md that follow from the program; run this file to write them anew."""

from datetime import date
from pathlib import Path

from mailbot import shipped
from mailbot.flows import commands, wording
from mailbot.flows.rulebook import Rulebook

TEAM = Path(__file__).parent.parent / "docs" / "team.md"
_MARK = "<!-- {}, written by tests/docs_tables.py -->"


def questions() -> str:
    """Each question, with the words that answer it."""
    lines = ["| question | reply | meaning |", "| --- | --- | --- |"]
    for kind, known in commands._BY_KIND.items():
        name = "a reminder" if kind == "reminder" else wording.question(kind)
        for number, one in enumerate(known):
            lines.append(f"| {'' if number else name} | `{one.command.value}` | {one.meaning} |")
    return "\n".join(lines)


def anywhere() -> str:
    """The words that may answer any notice about a case."""
    rows = [f"| `{one.command.value}` | {one.meaning} |" for one in commands.ANYWHERE]
    return "\n".join(["| reply | meaning |", "| --- | --- |", *rows])


def phrases() -> str:
    """What each procedure's letters say, by the rules in force when this was written."""
    rulebook = Rulebook([shipped.folder("rules")])
    lines = ["| procedure | a formal response says | a holding letter says |", "| --- | --- | --- |"]
    for id in rulebook.names():
        now = rulebook.on(id, date(2026, 11, 1))
        lines.append(f"| `{id}` | {', '.join(now.response_phrases)} | {', '.join(now.holding_phrases)} |")
    return "\n".join(lines)


TABLES = {"questions": questions, "any notice": anywhere, "phrases": phrases}


def with_tables(text: str) -> str:
    """`text` with each table between its marks written anew."""
    for name, table in TABLES.items():
        mark = _MARK.format(name)
        before, _, after = text.split(mark)
        text = f"{before}{mark}\n{table()}\n{mark}{after}"
    return text


if __name__ == "__main__":
    TEAM.write_text(with_tables(TEAM.read_text(encoding="utf-8")), encoding="utf-8")
