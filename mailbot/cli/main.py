"""The command `mailbot`."""


def main() -> None:
    raise SystemExit("not yet")
