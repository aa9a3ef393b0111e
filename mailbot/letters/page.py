"""One text in light Markdown to the two parts of a message, which therefore always say the same."""

from collections.abc import Callable, Sequence
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

_READER = MarkdownIt("zero").enable(["heading", "list", "hr", "emphasis", "escape", "newline", "text_join"])

# Outlook reads only styles that stand on the element. No colours: the reader's own light or dark ones stay.
_STYLES = {
    "h1": "margin:0 0 16px;font-size:22px;line-height:28px;font-weight:bold",
    "h2": "margin:28px 0 8px;font-size:18px;line-height:26px;font-weight:bold",
    "p": "margin:0 0 16px",
    "ul": "margin:0 0 16px;padding:0 0 0 22px",
    "ol": "margin:0 0 16px;padding:0 0 0 26px",
    "li": "margin:0 0 6px",
    "em": "font-style:normal;font-size:13px;line-height:18px",  # quiet words, such as the reply line
    "hr": "margin:12px 0;border:0;border-top:1px solid #808080",
}
_WELSH = "{cy} "  # a paragraph or heading that opens so is in Welsh, for screen readers


def both_parts(words: str) -> tuple[str, str]:
    """The plain text, paragraphs on one line each, and the HTML body that `frame.html` goes around.

    Text is escaped in HTML; only the markup that _READER knows exists.
    """
    tokens, environment = _read(words)
    text = _text_of(SyntaxTreeNode(tokens)) + "\n"
    _style(tokens)
    return text, str(_READER.renderer.render(tokens, _READER.options, environment))


def _read(words: str) -> tuple[list[Token], dict[str, object]]:
    """Tokens of `words`, with Welsh blocks marked and their marker taken out."""
    environment: dict[str, object] = {}
    tokens = _READER.parse(words, environment)
    for opening, inline in pairwise(tokens):
        # The raw content tells: a marker that came in with a fact has backslashes before its braces.
        if inline.type == "inline" and inline.content.startswith(_WELSH) and inline.children:
            opening.attrSet("lang", "cy")
            inline.children[0].content = inline.children[0].content.removeprefix(_WELSH)
    return tokens, environment


def _style(tokens: Sequence[Token]) -> None:
    for token in tokens:
        _style(token.children or ())
        if token.nesting >= 0 and token.tag in _STYLES and not token.hidden:
            token.attrSet("style", _STYLES[token.tag])


def _text_of(node: SyntaxTreeNode) -> str:
    return _SAY[node.type](node)


def _in_a_row(node: SyntaxTreeNode) -> str:
    return "".join(map(_text_of, node.children))


def _apart(node: SyntaxTreeNode) -> str:
    return "\n\n".join(map(_text_of, node.children))


def _hyphens(node: SyntaxTreeNode) -> str:
    return "\n".join(f"- {_text_of(item)}" for item in node.children)


def _numbers(node: SyntaxTreeNode) -> str:
    return "\n".join(f"{number}. {_text_of(item)}" for number, item in enumerate(node.children, 1))


_SAY: dict[str, Callable[[SyntaxTreeNode], str]] = {
    "root": _apart,
    "paragraph": _in_a_row,
    "heading": _in_a_row,
    "list_item": _apart,
    "bullet_list": _hyphens,
    "ordered_list": _numbers,
    "inline": _in_a_row,
    "strong": _in_a_row,
    "em": _in_a_row,
    "text": lambda node: node.content,
    "softbreak": lambda _: " ",
    "hardbreak": lambda _: "\n",
    "hr": lambda _: "---",
}
