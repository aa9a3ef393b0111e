"""Setting up: `init` writes a configuration from answers, `doctor` tries every part."""

import typer


def register(app: typer.Typer) -> None:
    pass
