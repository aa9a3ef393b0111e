"""Quoted history in HTML, found by the marks that mail programs leave in the document."""

import re

from lxml import html

from mailbot.mail.html_text import element_text, tree

# An element that is a quotation: it goes, what stands around it stays (answers between quotations survive).
_QUOTATIONS = (
    "//blockquote[@type='cite']",
    "//blockquote[contains(@class, 'gmail_quote')]",
    "//*[contains(@class, 'gmail_attr') and not(contains(., 'orwarded message'))]",
    "//*[contains(@class, 'gmail_signature')]",
    "//*[contains(@class, 'moz-cite-prefix')]",
    "//*[contains(@class, 'moz-signature')]",
    "//*[contains(@class, 'protonmail_quote')]",
    "//*[contains(@class, 'tutanota_quote')]",
    "//*[contains(@class, 'yahoo_quoted') or starts-with(@id, 'yahoo_quoted')]",
    "//*[contains(@class, 'zmail_extra')]",
)
# An element after which all is history, as nothing encloses it.
_BEGINNINGS = (
    "//*[@id='divRplyFwdMsg' or @id='appendonsend' or @id='stopSpelling' or @id='OLK_SRC_BODY_SECTION']",
    "//*[@id='mail-editor-reference-message-container' or @name='messageReplySection']",
)
_DESKTOP_OUTLOOK = "//div[contains(@style, 'border-top')]"
_RULE_ABOVE = re.compile(r"border-top:\s?solid\s#[0-9a-f]{6}\s1\.0pt", re.I)
_SENDER_FIRST = re.compile(r"\s*(?:From|Von|De|Van|Da|Från|Fra|Oddi wrth)\s?:", re.I)


def without_quotes(source: str) -> str | None:
    """The text of an HTML message without its history; None when no known mail program marked any."""
    root = tree(source)
    if root is None:
        return None
    quotations = [found for path in _QUOTATIONS for found in root.xpath(path)]
    beginnings = [found for path in _BEGINNINGS for found in root.xpath(path)] + _outlook_headers(root)
    if not quotations and not beginnings:
        return None
    for element in quotations:
        if element.getparent() is not None:
            element.drop_tree()
    for element in beginnings:
        _drop_from(element)
    return element_text(root)


def _outlook_headers(root: html.HtmlElement) -> list[html.HtmlElement]:
    return [
        element
        for element in root.xpath(_DESKTOP_OUTLOOK)
        if _RULE_ABOVE.search(element.get("style", "")[:1000])
        and _SENDER_FIRST.match(element.text_content()[:200])
    ]


def _drop_from(element: html.HtmlElement) -> None:
    """Remove an element and everything after it."""
    current = element
    while (parent := current.getparent()) is not None:
        for sibling in list(current.itersiblings()):
            parent.remove(sibling)
        if current is not element:
            current.tail = None
        current = parent
    if (parent := element.getparent()) is not None:
        element.tail = None
        parent.remove(element)
