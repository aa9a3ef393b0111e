"""`mailbot demo`: the whole job over a simulated fortnight, on an embedded mailbox with invented people."""

from pathlib import Path
from typing import Annotated

import typer

from mailbot.cli.common import CACHE, out
from mailbot.cli.demo.play import Fortnight
from mailbot.cli.demo.scenario import read_scenario
from mailbot.cli.demo.show import leave_behind, summary, tell
from mailbot.errors import MailbotError


def register(app: typer.Typer) -> None:
    app.command()(demo)


def demo(
    folder: Annotated[
        Path, typer.Option("--out", help="where letters, reminders and digests are left")
    ] = Path("demo-output"),
) -> None:
    """Run the whole job on sample mail over a simulated fortnight, and show what happened."""
    if (folder / "demo.db").exists():
        for old in sorted(folder.rglob("*"), reverse=True):
            old.rmdir() if old.is_dir() else old.unlink()
    elif folder.exists() and any(folder.iterdir()):
        raise MailbotError(
            f"{folder} is not empty, and holds no earlier demo", "name another folder with --out"
        )
    scenario = read_scenario()
    if not any(CACHE.glob("message_kind-*")):
        out.print("First the classifier learns from its labelled examples: half a minute, this once.")
    fortnight = Fortnight(scenario, folder)
    try:
        for happened in fortnight.play():
            for line in tell(happened, scenario.zone):
                out.print(line, markup=False)
        leave_behind(fortnight)
        for line in summary(fortnight):
            out.print(line, markup=False)
    finally:
        fortnight.close()
