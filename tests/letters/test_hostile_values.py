"""Whatever a stranger writes is words in our letters: never markup, never a template, never a second header."""

from html import unescape

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from mailbot.letters import Letters
from mailbot.letters.facts import one_line
from mailbot.letters.lint import same_words
from mailbot.shipped import folder

LETTERS = Letters([folder("templates")])
NASTY = st.text(max_size=80) | st.text(alphabet="*_`#->+.1 \n\r\t\\[]()<>&{}%!|~=:/'\"cy", max_size=40)


@settings(max_examples=150, deadline=None)
@given(value=NASTY)
@example(value="12. a")
def test_any_value_is_printed_as_it_is_in_both_parts(value):
    line = one_line(value)
    assume(line)
    facts = LETTERS.sample("holding") | dict.fromkeys(("contact_name", "reason", "ref"), value)
    letter = LETTERS.render("holding", facts)
    assert f"- Ask for: {line}\n" in letter.text
    assert f"The reason: {line} You will" in " ".join(letter.text.split())
    assert f"Ask for: {line}</li>" in unescape(letter.html)
    assert same_words(letter)
    assert len(letter.subject.splitlines()) == 1
    (letter.subject + letter.text + letter.html).encode()
