"""HTML of any kind becomes lines, or a refusal in words, in time that its size bounds."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.fetching.failures import UnexpectedPage
from monitor.fetching.markup import absolute, expect_page, lines_of, parse_html, text_of, tree_of
from tests.fetching.sites_of_tests import page


def test_paragraphs_and_headings_are_a_line_each():
    markup = "<h2>Title</h2><p>One\n <b>bold</b> word.<br>Two.</p>loose<ul><li>x</li></ul>"
    assert text_of(markup) == "Title\nOne bold word.\nTwo.\nloose\nx"


def test_scripts_and_soft_hyphens_are_no_text_and_no_break_spaces_are():
    assert text_of("<p>a\u00adb<script>x()</script><style>y</style> 1\u00a0000</p>") == "ab 1\u00a0000"


def test_nested_content_is_told_once():
    tree = tree_of("<section><p>outer</p><section><p>inner</p></section></section>")
    assert lines_of(tree.iter("section")) == ["outer", "inner"]


@pytest.mark.parametrize("tag", ["div", "b", "table", "span", "svg", "ul><li", "b><div", "blockquote"])
def test_a_page_nested_100000_deep_is_refused(tag):
    with pytest.raises(UnexpectedPage, match="nests deeper"):
        parse_html(page(f"<{tag}>" * 100_000 + "text"))


@pytest.mark.parametrize("tag", ["p", "i><p", "a", "select"])
def test_tags_that_close_each_other_are_read_however_many(tag):
    try:
        tree = parse_html(page(f"<{tag}>" * 50_000 + "text"))
    except UnexpectedPage:
        return
    assert lines_of([tree]) == ["text"]


@pytest.mark.parametrize("attribute", ["a{}", "a{}=1", 'a{}=">"', "a{}='<'", "a{}/"])
def test_a_tag_of_100000_attributes_is_refused(attribute):
    attributes = " ".join(attribute.format(number) for number in range(100_000))
    with pytest.raises(UnexpectedPage, match="attributes"):
        parse_html(page(f"<p>x</p><div {attributes}>text</div>"))


def test_a_long_script_is_no_tag():
    script = "<script>" + "if (a < b) x y z; " * 50_000 + "</script>"
    assert lines_of([parse_html(page(f"{script}<p>text</p>"))]) == ["text"]


@pytest.mark.parametrize(
    "piece", ['<a "', "<a b='", "<", "<!--", "<script", "<![CDATA[", "<!x", "&lt", "</x"]
)
def test_unfinished_markup_takes_linear_time(piece):
    with suppress(UnexpectedPage):
        assert parse_html(page(piece * 200_000)).tag == "html"


@given(st.text(alphabet="<>/ab=\"'! -&;\x00\ud800é\n", max_size=60))
def test_any_markup_gives_text_without_control_characters(markup):
    assert not set(text_of(markup)) & {"\x00", "\ud800", "\r"}


@pytest.mark.parametrize(
    ("href", "address"),
    [
        ("argentina/", "https://www.state.gov/reports/argentina/"),
        ("//other.example/x#part", "https://other.example/x"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("http://[bad", None),
        ("http://", None),
        ("http://a.example/\x1b[0m", None),
    ],
)
def test_links_are_made_absolute_and_only_http_ones_count(href, address):
    assert absolute("https://www.state.gov/reports/", href) == address


def test_a_page_that_says_it_has_difficulties_is_no_page(sites):
    body = (
        "<h1>We\u2019re sorry, this site is currently experiencing technical difficulties.</h1>"
        + "<p>x</p>" * 9
    )
    with pytest.raises(UnexpectedPage) as caught:
        expect_page(page(f"<html><body>{body}</body></html>"), sites)
    assert caught.value.transient
    assert caught.value.snapshot is not None
    assert str(caught.value) == (
        "https://www.state.gov/reports/2024-trafficking-in-persons-report/argentina/: answered a page that "
        'says "technical difficulties" instead of the one asked for; it is tried again at the next check'
    )


def test_a_long_narrative_may_speak_of_technical_difficulties(sites):
    body = "<p>Technical difficulties delayed the case database of the courts.</p>" * 100
    assert len(expect_page(page(f"<html><body>{body}</body></html>"), sites).lines) == 100


def test_a_login_page_is_no_page(sites):
    with pytest.raises(UnexpectedPage, match="login page"):
        expect_page(page("<html><h1>Please sign in</h1><form><input name=u></form></html>"), sites)


@pytest.mark.parametrize("media_type", ["application/pdf", "image/png", "application/json"])
def test_another_media_type_is_no_page(media_type):
    with pytest.raises(UnexpectedPage, match=media_type):
        parse_html(page("<html>x</html>", media_type=media_type))


WORDS = st.one_of(
    st.sampled_from(
        [
            "&amp;",
            "&nbsp;",
            "&lt;b&gt;",
            "&#8217;",
            "&eacute;",
            "  ",
            "\n",
            "\xa0",
            "<br>",
            "<img src=x alt='y'/>",
        ]
    ),
    st.text(alphabet="ab. é\u00ad\u200b\t1", min_size=1, max_size=6),
)


def _within(tags: list[str], content: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    def wrapped(tag: str, pieces: list[str]) -> str:
        return f"<{tag}>{''.join(pieces)}</{tag.split(maxsplit=1)[0]}>"

    return st.builds(wrapped, st.sampled_from(tags), st.lists(content, max_size=4))


INLINE = st.recursive(
    WORDS, lambda inner: _within(["b", "a href='x'", 'span class="y z"', "em", "sup"], inner), max_leaves=6
)
PARAGRAPHS = _within(["p", "h2", "p class=x", "blockquote", "div id='a'", "li"], INLINE)


@given(st.lists(st.one_of(PARAGRAPHS, INLINE, _within(["div", "ul"], PARAGRAPHS)), max_size=5).map("".join))
def test_a_simple_fragment_has_the_text_that_its_tree_has(markup):
    assert text_of(markup) == "\n".join(lines_of([tree_of(f"<div>{markup}</div>")]))


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("a < b <p>c</p>", "a < b\nc"),
        ('<img alt="2 > 1">x', "x"),
        ("<!-- no -->x<p>y", "x\ny"),
        ("<p>x<script>y</script>", "x"),
        ("x<unknown>y</unknown>", "xy"),
        ("<P CLASS=a>x</P>y", "x\ny"),
    ],
)
def test_what_is_not_simple_is_read_all_the_same(markup, text):
    assert text_of(markup) == text
