"""HTML letters as text to read: rules of layout, what is hidden, links, and what is never fetched."""

import pytest

from crm_tui.parsing.html import lay_out
from crm_tui.parsing.limits import Limits


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<p>one<p>two", "one\n\ntwo"),
        ("<div>one</div><div>two</div>", "one\ntwo"),
        ("one<br>two<br><br><br>three", "one\ntwo\n\nthree"),
        ("  a \n b\t<b> c</b>&nbsp; d ", "a b c d"),
        ("<h1>Title</h1>text", "Title\n\ntext"),
        ("<ul><li>a<li>b<ol><li>c<li>d</ol></ul>", "• a\n• b\n  1. c\n  2. d"),
        ("<ol><li>a</li><li>b</li></ol>after", "1. a\n2. b\n\nafter"),
        ("<ul><li><p>a</p></li><li><div>b</div></li><li></li></ul>", "• a\n\n• b"),
        ("<ul><li><ul><li>a</ul><li><pre>b\nc</pre></ul>", "  • a\n• b\nc"),
        ("<blockquote>a<blockquote>b</blockquote></blockquote>c", "> a\n>\n> > b\n\nc"),
        ("<pre>  x\n    y</pre>", "  x\n    y"),
        ("a<hr>b", "a\n" + "─" * 20 + "\nb"),
        ("<dl><dt>a<dd>b</dl>", "a\nb"),
        ("a&lt;b&gt;&amp;&#1103;", "a<b>&я"),
        ("", ""),
        ("<html><head><title>t</title></head></html>", ""),
        ("plain text", "plain text"),
    ],
)
def test_layout(source: str, expected: str) -> None:
    assert lay_out(source).text == expected


@pytest.mark.parametrize(
    "hidden",
    [
        '<div style="display:none">X</div>',
        '<div style="DISPLAY : NONE !important">X</div>',
        '<span style="visibility:hidden">X</span>',
        '<div style="mso-hide:all">X</div>',
        '<div style="max-height:0px;overflow:hidden">X</div>',
        '<span style="font-size:0">X</span>',
        '<div style="opacity:0">X</div>',
        "<div hidden>X</div>",
        "<script>X</script>",
        "<style>X</style>",
        "<!-- X -->",
        "<!--[if mso]><table><tr><td>X</td></tr></table><![endif]-->",
        "<title>X</title>",
        "<template>X</template>",
        "<select><option>X</select>",
        "<textarea>X</textarea>",
        "<svg><text>X</text></svg>",
        '<img width="1" height="1" alt="X" src="https://t.example/x.gif">',
        "&#8203;&#8204;&#847;&shy;&#8199;&zwnj;",
    ],
)
def test_what_a_browser_hides_is_not_shown(hidden: str) -> None:
    assert lay_out(f"<p>before{hidden}after</p>").text.replace(" ", "").replace("\n", "") == "beforeafter"


@pytest.mark.parametrize(
    "shown",
    [
        '<td style="font-size:0px"><p style="font-size:14px">X</p></td>',
        '<div style="opacity:0.9">X</div>',
        '<div style="max-height:100px">X</div>',
        '<p style="font-size:0.9em">X</p>',
        '<div style="line-height:0">X</div>',
    ],
)
def test_what_only_looks_hidden_is_shown(shown: str) -> None:
    assert lay_out(f"<table><tr>{shown}</tr></table>").text == "X"


def test_a_table_of_data_keeps_its_columns() -> None:
    source = "<table><tr><th>Good<th>Price<tr><td>Чай<td>5<tr><td>茶<td>10 000</table>"
    assert lay_out(source).text == "Good  Price\nЧай   5\n茶    10 000"


@pytest.mark.parametrize(
    "source",
    [
        '<table role="presentation"><tr><td>a<td>b<tr><td>c<td>d</table>',
        "<table><tr><td><table><tr><td>a<td>b</table><tr><td>c<td>d</table>",
        f"<table><tr><td>{'long ' * 20}<td>b<tr><td>c<td>d</table>",
    ],
)
def test_a_table_of_layout_flows(source: str) -> None:
    text = lay_out(source).text
    assert [word for word in text.split() if word != "long"][-2:] == ["c", "d"]
    assert "   " not in text


def test_links_are_numbered_once_each_with_the_host_that_is_called() -> None:
    page = lay_out(
        '<a href="https://x.example/a">one</a> <a href="https://y.example/">two</a> '
        '<a href="https://x.example/a">again</a> <a href="mailto:a@z.example">write</a>'
    )
    assert page.text == "one [1] two [2] again [1] write [3]"
    assert [(each.number, each.host) for each in page.links] == [
        (1, "x.example"),
        (2, "y.example"),
        (3, "z.example"),
    ]


@pytest.mark.parametrize(
    ("href", "text", "shown"),
    [
        ("https://evil.example/login", "www.bank.example", "www.bank.example [1: evil.example]"),
        ("https://bank.example@evil.example/", "bank.example", "bank.example [1: evil.example]"),
        ("https://bank.example\\@evil.example/", "evil.example", "evil.example [1: bank.example]"),
        ("https://пример.example/", "here", "here [1]"),
        ("https://www.bank.example/a", "bank.example", "bank.example [1]"),
        ("https://bank.example/", "https://bank.example", "https://bank.example"),
        ("mailto:a@bank.example", "a@bank.example", "a@bank.example"),
        ("javascript:alert(1)", "click", "click"),
        ("data:text/html,x", "click", "click"),
        ("file:///etc/passwd", "click", "click"),
        ("https://[broken", "click", "click [1]"),
        ("https://x.example/\x1b]8;;", "click", "click [1]"),
    ],
)
def test_a_link_cannot_lie_about_its_host(href: str, text: str, shown: str) -> None:
    page = lay_out(f'<a href="{href}">{text}</a>')
    assert page.text == shown
    assert all(each.host.isascii() and each.url.isprintable() for each in page.links)


def test_remote_images_are_counted_and_their_words_kept() -> None:
    page = lay_out(
        '<img src="https://t.example/a.png" alt="A photo"><img src="//t.example/b.png"><img src="cid:x" alt="Logo">'
        '<table background="http://t.example/c.png"><tr><td>x</table>'
    )
    assert page.remote_images == 3
    assert page.text.startswith("[A photo][Logo]")


def test_escape_sequences_become_visible() -> None:
    assert lay_out("<p>&#27;[31mred\x1b]0;title\x07 &#155;5n").text == "␛[31mred␛]0;title� ›5n"


def test_nesting_beyond_the_parsers_strength_still_gives_the_words() -> None:
    page = lay_out("<div>" * 2000 + "<script>no</script><p>words &amp; more</p>" + "</div>" * 2000)
    assert page.text == "words & more"
    assert page.problems == ("html_too_deep",)


def test_a_comment_without_end_hides_the_rest_as_in_a_browser() -> None:
    assert lay_out("<p>seen<!-- <p>unseen").text == "seen"


def test_more_than_the_limit_is_cut_and_said() -> None:
    page = lay_out("<p>" + "word " * 1000, Limits(html=100))
    assert len(page.text) <= 100
    assert page.problems == ("html_cut",)


def test_lone_surrogates_do_not_stop_it() -> None:
    lay_out("<p>\ud800x").text.encode()
