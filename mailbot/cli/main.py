"""The command `mailbot`: every command, one clear error form, and exit codes 0 fine, 1 finding, 2 usage or configuration."""

import logging
import sys

import structlog
import typer
from rich.console import Console

from mailbot.cli import cases, db, demo, examples, held, letters, reading, rules, service, setup, sorting
from mailbot.errors import MailbotError

app = typer.Typer(
    name="mailbot",
    help="Keeps, classifies, threads and acknowledges complaints, and reminds before a promise breaks.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for group in (demo, setup, service, cases, held, sorting, reading, rules, letters, examples, db):
    group.register(app)


def main() -> None:
    """Run a command; an error of ours is shown in words, with the way out, and exits with 2."""
    _log_to_stderr()
    try:
        app()
    except MailbotError as error:
        Console(stderr=True, soft_wrap=True).print(
            f"mailbot: {error}", style="red", markup=False, highlight=False
        )
        sys.exit(2)


def _log_to_stderr() -> None:
    """Lines for people on a terminal, JSON lines for a log collector; ids and states only, never words of a message."""
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    renderer = structlog.dev.ConsoleRenderer() if sys.stderr.isatty() else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            renderer,
        ],
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
    )


if __name__ == "__main__":
    main()
