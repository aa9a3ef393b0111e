"""What a person wrote now: a view on the text for reading and classifying, while the whole is always kept."""

from mailbot.mail.message import Message
from mailbot.mail.quoted_html import without_quotes
from mailbot.mail.quoted_text import without_attributions, without_footer, without_history
from mailbot.mail.subjects import is_forward, is_reply

__all__ = ["live_text"]


def live_text(message: Message) -> str:
    """The text without history, signature and phone footer for a reply; a new or forwarded message whole.

    Never empty unless the text was: when cutting leaves nothing, the whole is the answer.
    """
    if is_forward(message.subject) or not _answers_something(message):
        return message.text.strip()
    return next((text for text in _views(message) if text), message.text.strip())


def _answers_something(message: Message) -> bool:
    return bool(message.in_reply_to or message.references) or is_reply(message.subject)


def _views(message: Message) -> list[str]:
    cut = without_quotes(message.html) if message.html else None
    by_marks = without_footer(without_history(without_attributions(cut))).strip() if cut else ""
    return [by_marks] if by_marks else [without_footer(without_history(message.text)).strip()]
