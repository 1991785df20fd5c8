"""The selectors of tests/support/dom.py mean what they say."""

from __future__ import annotations

import pytest

from tests.support.dom import parse

PAGE = """
<main id="top"><h1>Two <b>roles</b></h1>
<form action="/quiz/2/"><p>A<br>B</p>
<input type="radio" name="T1" value="1"><input type="radio" name="T1" value="2" checked>
<textarea name="notes">
a < b</textarea>
<select name="form"><option value="full">Full</option><option value="short" selected>S
</select><button class="button big" name="action" value="save">Save &amp; go</button>
</form>
<table class="figures"><tr><th>Fit</th><td>14</td></tr>
<tr><th>Lean</th><td>3</td></tr></table>
</main><script>var main = "<p>not text</p>";</script>
"""


@pytest.mark.parametrize(
    ("selector", "values"),
    [
        ("input", ["1", "2"]),
        ("input:checked", ["2"]),
        ("form input[name=T1][value='1']", ["1"]),
        ("form[action^='/quiz'][action$='2/'] .button.big", ["save"]),
        ("#top form[action*=quiz]", ["/quiz/2/"]),
        ("table input", []),
        ("textarea", ["a < b"]),
        ("select", ["short"]),
        ("button:text(Save & go)", ["save"]),
        ("button:text(Leave)", []),
    ],
)
def test_selector_finds_values(selector: str, values: list[str]) -> None:
    assert parse(PAGE).values(selector) == values


def test_text_is_what_a_reader_sees() -> None:
    page = parse(PAGE)
    assert page.one("h1").text == "Two roles"
    assert page.one("p").text == "A B"
    assert "not text" not in page.text


def test_table_has_rows() -> None:
    assert parse(PAGE).rows(".figures") == [["Fit", "14"], ["Lean", "3"]]


def test_one_refuses_none_and_several() -> None:
    for selector in ("aside", "input"):
        with pytest.raises(AssertionError):
            parse(PAGE).one(selector)
