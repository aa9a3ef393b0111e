"""Flags: what a person must know of a message whatever its label."""

import re
from collections.abc import Mapping

from mailbot.classify.verdict import Evidence
from mailbot.classify.words import word_set


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_PATTERNS: Mapping[str, re.Pattern[str]] = {
    "mp": _words(
        r"\b(my|our|her|his) constituents?\b|\bM\.?P\.? for\b|\bMSP\b|house of commons|senedd|member of parliament"
    ),
    "employer": _words(r"\b(we|i) (are|am) an? employer\b|\bour (firm|company|business|warehouse|shop)\b"),
    "representative": _words(
        r"\bon (his|her|their|my \w+'?s?|behalf)\b.{0,12}\bbehalf|on behalf of|\bfor my (mum|dad|son|daughter|nan)\b"
    ),
    "data_protection": _words(
        r"\bGDPR\b|data (protection|breach|loss)|\bICO\b|personal (data|information)|confidential"
    ),
    "subject_access": _words(
        r"subject access|\bSAR\b|copy of (all |everything|the )?(the )?(personal )?(information|data|records?) (that )?"
        r"(you|is|are) (hold|held|have)|everything you hold (on|about) me|all the (personal )?(data|information) you hold"
    ),
    "withdrawal": _words(
        r"withdraw(ing)? (my|the|this|our) complaint|(leave|let|drop) (it|this|the complaint) (there|at that|be)\b"
        r"|don'?t want to (take|carry) (it|this) (any )?(further|on)|no longer wish to (pursue|complain)"
    ),
    "discrimination": _words(
        r"discriminat|equality act|\brac(ist|ism|ially)\b|because (i am|i'm) (black|asian|disabled|a woman)|homophob"
    ),
    "legal_threat": _words(
        r"\bsolicitors?\b|legal action|take you to court|county court|\bsue\b|judicial review|tribunal claim"
    ),
    "media": _words(
        r"\bjournalist\b|go(ing)? to the (press|papers?|media)|local paper|\bBBC\b|newspaper|\bpress\b"
    ),
    "policy": _words(r"\bpolic(y|ies)\b|made to attend|mandatory|mandated"),
    "accessibility": _words(
        r"large print|dyslexi|hearing aid|\bdeaf\b|\bblind\b|wheelchair|braille|easy read|screen reader|autis"
    ),
}
_WELSH = word_set(
    "yn y yr ac ei eich wedi mae roedd gan ddim fi chi cwyn am ond hyn rwy rwyf dwi nid i'r o'r oedd gyda efo"
)
_WELSH_SHARE = 0.18  # of the words; English shares only "i" and "am" with the list


def flags_of(evidence: Evidence) -> tuple[str, ...]:
    """The flags whose telling words stand in what was written now, in the order of the table."""
    text = f"{evidence.subject}\n{evidence.live_text}"
    found = [flag for flag, pattern in _PATTERNS.items() if pattern.search(text)]
    return (*found, *(("welsh",) if _is_welsh(evidence.live_text) else ()))


def _is_welsh(text: str) -> bool:
    words = re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", text.lower().replace("’", "'"))
    return len(words) > 3 and sum(word in _WELSH for word in words) / len(words) > _WELSH_SHARE
