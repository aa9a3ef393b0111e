"""The errors that mailbot raises on purpose: each says what is wrong and how to mend it."""


class MailbotError(Exception):
    """A problem a person can mend: `problem` says what is wrong, `mend` what to do about it."""

    def __init__(self, problem: str, mend: str = "") -> None:
        super().__init__(problem if not mend else f"{problem}\n  To mend it: {mend}")
        self.problem = problem
        self.mend = mend


def place_of(error: BaseException) -> str:
    """Type and place of an unexpected fault, for logs: its text could quote somebody's message."""
    frame = error.__traceback__
    while frame and frame.tb_next:
        frame = frame.tb_next
    where = f"{frame.tb_frame.f_globals.get('__name__', '?')}:{frame.tb_lineno}" if frame else "?"
    return f"{type(error).__name__} at {where}"


class ConfigurationError(MailbotError):
    """The configuration file has a fault; `where` names the file and the key."""

    def __init__(self, where: str, problem: str, mend: str = "") -> None:
        super().__init__(f"{where}: {problem}", mend)
        self.where = where


class RuleError(MailbotError):
    """A rule, calendar, letter or example is wrong or does not reach far enough; the text names file and key."""


class MailboxUnavailable(MailbotError):  # noqa: N818 - the trade's word, and it is not a programmer's mistake
    """The mailbox cannot be reached now; the next tick tries again."""


class TransportUnavailable(MailbotError):  # noqa: N818 - as above
    """Nothing can be sent now (server away, account refused); letters stay queued."""
