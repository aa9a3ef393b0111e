"""One text, two parts: what Markdown the letters may use, and how it reads in plain text."""

from mailbot.letters.page import both_parts

WORDS = """# Title

One sentence.
Another *one* with **weight**.

- first
- second

1. one
2. two

Street\\
Town

---

{cy} Helo
"""


def as_text(words):
    return both_parts(words)[0]


def as_html(words):
    return both_parts(words)[1]


def test_plain_text_keeps_the_shape_without_the_marks():
    assert as_text(WORDS) == (
        "Title\n\nOne sentence. Another one with weight.\n\n- first\n- second\n\n1. one\n2. two\n\n"
        "Street\nTown\n\n---\n\nHelo\n"
    )


def test_styles_stand_on_the_elements_and_welsh_is_marked():
    html = as_html(WORDS)
    assert '<h1 style="' in html
    assert '<em style="font-style:normal;font-size:13px' in html
    assert '<p lang="cy" style="margin:0 0 16px">Helo</p>' in html
    assert "{cy}" not in html


def test_a_numbered_list_may_repeat_its_number_as_loops_do():
    assert as_text("1. one\n1. two\n") == "1. one\n2. two\n"


def test_html_in_the_words_is_text():
    assert "&lt;b&gt;" in as_html("A <b>bold</b> claim\n")
    assert as_text("A <b>bold</b> claim\n") == "A <b>bold</b> claim\n"
