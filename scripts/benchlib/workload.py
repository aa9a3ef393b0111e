"""Made mail of the kinds and sizes that a complaints mailbox gets; the same seed gives the same bytes."""

import base64
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr

TO = "complaints@desk.test"
_NEW, _HTML, _ATTACHED = 0.7, 0.3, 0.1  # shares: opening a conversation, with an HTML part, with a 50 KB file
_START = datetime(2026, 3, 2, 9, tzinfo=UTC)

_NAMES = [
    "Ann Lloyd",
    "Bilal Khan",
    "Carys Evans",
    "Dan Osei",
    "Ewa Nowak",
    "Gethin Rees",
    "Hana Novak",
    "Siân Wyn",
    "José Núñez",
]
_SUBJECTS = [
    "Complaint about my adviser",
    "My appointments",
    "Unhappy with the service",
    "Travel money never paid",
    "The course",
]
_OPENINGS = (
    "I wish to make a complaint about the way I was treated at my appointment on {day} March.",
    "I want to complain. My adviser cancelled three times and nobody told me, the last time on {day} March.",
    "This is a formal complaint: my travel costs of £{sum} from {day} March have still not been paid.",
    "I was promised a course by {day} March and have heard nothing. I would like this looked into as a complaint.",
)
_MIDDLES = (
    "I have rung the office {count} times and each time I was told that somebody would call me back.",
    "I was spoken to in front of other people in a way that left me upset for days.",
    "I keep my side of the agreement and I apply for every job that I am asked to.",
    "My doctor has written about my condition, and the letter is on your file since January.",
    "It costs me £{sum} each time to come in, and twice the door was closed when I arrived.",
)
_CLOSINGS = (
    "Please look into this and tell me what you will do about it.",
    "I would like an apology and the money that I am owed.",
    "I look forward to your answer in writing.",
)
_REPLIES = (
    "I have not heard anything since I wrote to you. Can you tell me where this stands?",
    "Here is the date that you asked for: it was {day} March, at about ten in the morning.",
    "Please add this to my complaint: it happened again on {day} March.",
)


@dataclass(frozen=True)
class Made:
    raw: bytes
    sender: str
    message_id: str
    opens: bool  # a new conversation, whose sender is owed an acknowledgement


def make(count: int, seed: str) -> list[Made]:
    rng = random.Random(f"{seed}/{count}")
    made: list[tuple[Made, EmailMessage]] = []
    for number in range(count):
        earlier = [pair for pair in made if pair[0].opens][:-20]  # what is answered came a while ago
        opens = not earlier or rng.random() < _NEW
        parent = None if opens else rng.choice(earlier)[1]
        message = _message(rng, number, seed, parent)
        sender = message["From"].addresses[0].addr_spec
        made.append((Made(message.as_bytes(), sender, message["Message-ID"], opens), message))
    return [one for one, _ in made]


def _message(rng: random.Random, number: int, seed: str, parent: EmailMessage | None) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    address = f"writer.{seed}.{number}@post-{number % 97}.example"
    message["From"] = parent["From"] if parent else formataddr((rng.choice(_NAMES), address))
    message["To"] = TO
    message["Subject"] = f"Re: {parent['Subject']}" if parent else rng.choice(_SUBJECTS)
    message["Date"] = format_datetime(_START + timedelta(seconds=7 * number))
    message["Message-ID"] = f"<{rng.getrandbits(64):x}.{number}@post.example>"
    if parent is not None:
        message["In-Reply-To"] = message["References"] = parent["Message-ID"]
    text = _words(rng, parent)
    message.set_content(text)
    if rng.random() < _HTML:
        message.add_alternative("".join(f"<p>{line}</p>\n" for line in text.split("\n\n")), subtype="html")
    if rng.random() < _ATTACHED:
        photo = base64.b64decode("/9j/4A==") + rng.randbytes(37_000)
        message.add_attachment(photo, maintype="image", subtype="jpeg", filename="photo.jpg")
    return message


def _words(rng: random.Random, parent: EmailMessage | None) -> str:
    facts = {"day": rng.randrange(2, 29), "sum": f"{rng.randrange(3, 90)}.40", "count": rng.randrange(2, 9)}
    if parent is None:
        middles = rng.sample(_MIDDLES, rng.randrange(1, 4))
        lines = ["Dear team,", rng.choice(_OPENINGS), *middles, rng.choice(_CLOSINGS), "Yours"]
    else:
        lines = [
            rng.choice(_REPLIES),
            "Yours",
            f"On {parent['Date']}, I wrote:",
            "> " + rng.choice(_OPENINGS),
        ]
    return "\n\n".join(lines).format(**facts) + "\n"
