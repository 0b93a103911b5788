"""Templates with their style sheet worked in."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import UndefinedError

from monitor.delivery.mail_templates import filled, load_mail_templates, with_inlined_css
from tests.delivery.samples import TEMPLATES


def test_inlining_leaves_the_tags_of_a_template_where_they_were() -> None:
    row = "{% if cell < 3 and 'a' != \"b\" %}{{ cell }}{% endif %}"
    link = '<a href="{{ link }}">{{ "x" if 1 > 0 }}</a>'
    loop = "<table><tbody>{{% for cell in cells %}}<tr>{}</tr>{{% endfor %}}</tbody></table>"
    page = "<html><head>{}</head><body>{}</body></html>"
    source = page.format("<style>td {color: red;}</style>", loop.format(f"<td>{row}</td>") + link)
    assert with_inlined_css(source) == page.format(
        "", loop.format(f'<td style="color: red;">{row}</td>') + link
    )


def test_a_style_sheet_marked_to_be_kept_stays_where_it_is() -> None:
    source = '<html><head><style data-css-inline="keep">@media print { p { color: red; } }</style></head>'
    assert with_inlined_css(source) == source + "<body></body></html>"


def test_a_name_that_a_template_is_not_given_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        TEMPLATES.digest.text.render()


def test_a_missing_directory_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load_mail_templates(tmp_path / "missing")


def test_lines_are_filled_but_addresses_stay_whole() -> None:
    address = "https://example.org/" + "a" * 80 + "-" + "b" * 20
    assert filled("word " * 16 + address, "  ").splitlines() == [
        "  " + " ".join(["word"] * 14),
        "  word word",
        "  " + address,
    ]
