"""HTML as the text a reader sees: blocks become lines, styles and scripts nothing."""

import re
from html import unescape

from lxml import etree, html

from mailbot.mail.charsets import clean

CHARACTERS = 2_000_000
_PARSER = html.HTMLParser(
    recover=True, remove_comments=True, remove_pis=True, huge_tree=False, encoding="utf-8"
)
_PARAGRAPHS = frozenset({"blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "ol", "p", "pre", "table", "ul"})
_BLOCKS = _PARAGRAPHS | frozenset(
    {
        "address",
        "article",
        "aside",
        "br",
        "caption",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "footer",
        "form",
    }
    | {"header", "hr", "li", "main", "nav", "section", "tbody", "tfoot", "thead", "tr"}
)
_UNSEEN = frozenset({"head", "script", "style", "title", "template", "noscript", "object"})
# libxml2 stops at 256 levels, and what follows is not in the tree.
_GAVE_UP = frozenset({etree.ErrorTypes.ERR_INTERNAL_ERROR, etree.ErrorTypes.ERR_RESOURCE_LIMIT})
_HIDDEN = re.compile(r"display\s{0,3}:\s{0,3}none|visibility\s{0,3}:\s{0,3}hidden", re.I)
_SPACES = re.compile(r"[ \t\r\n\f\xa0]+")
_TAG = re.compile(r"<[^<>]{0,5000}>")


def tree(source: str) -> html.HtmlElement | None:
    """The document as elements; None when there is nothing in it, or when it nests so deep that the end is lost."""
    parser = html.HTMLParser(recover=True, remove_comments=True, remove_pis=True, encoding="utf-8")
    try:
        root = html.document_fromstring(clean(source)[:CHARACTERS].encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        return None
    return None if any(entry.type in _GAVE_UP for entry in parser.error_log) else root


def html_text(source: str) -> str:
    """`source` as text; when no parser can make anything of it, without its tags."""
    root = tree(source)
    if root is None:
        return _tidy(clean(unescape(_TAG.sub("\n", source[:CHARACTERS]))))
    return element_text(root)


def element_text(root: html.HtmlElement) -> str:
    """The text below an element, as lines."""
    pieces: list[str] = []
    skipping: html.HtmlElement | None = None
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start" and skipping is None:
            if _unseen(element):
                skipping = element
            else:
                _open(element, pieces)
        elif event == "end":
            if skipping is None:
                _close(element, pieces)
            elif skipping is element:
                skipping = None
            if skipping is None and element is not root:
                pieces.append(_SPACES.sub(" ", element.tail or ""))
    return _tidy("".join(pieces))


def _unseen(element: html.HtmlElement) -> bool:
    return element.tag in _UNSEEN or bool(_HIDDEN.search(element.get("style", "")[:1000]))


def _open(element: html.HtmlElement, pieces: list[str]) -> None:
    if element.tag in _BLOCKS:
        pieces.append("\n\n" if element.tag in _PARAGRAPHS else "\n")
    if element.tag == "li":
        pieces.append("- ")
    elif element.tag in ("td", "th"):
        pieces.append(" ")
    elif element.tag == "img" and element.get("alt"):
        pieces.append(element.get("alt")[:200])
    pieces.append(_SPACES.sub(" ", element.text or ""))


def _close(element: html.HtmlElement, pieces: list[str]) -> None:
    if element.tag in _BLOCKS and element.tag != "br":
        pieces.append("\n\n" if element.tag in _PARAGRAPHS else "\n")


def _tidy(text: str) -> str:
    """Lines without spaces at their ends, and no more than one blank line in a row."""
    lines: list[str] = []
    for line in text.split("\n"):
        line = " ".join(line.split())
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines).strip("\n")
