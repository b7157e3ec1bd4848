from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework import html_text
from tests.unit.email_door.mails import a_mail, read


def text(page: str) -> str:
    return html_text.read(page, 10_000).text


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("<div>One</div><div>Two<br></div><div><br></div><div>Three</div>", "One\nTwo\n\nThree"),
        ("One<br>Two<br/>Three", "One\nTwo\nThree"),
        ("<ul><li>One</li><li>Two</li></ul>", "- One\n- Two"),
        ("<table><tr><th>Coin</th><td>BTC</td></tr><tr><td>Amount</td><td>0.5</td></tr></table>", "Coin BTC\nAmount 0.5"),
        ("  a\n\t b&nbsp;&nbsp;c  ", "a b c"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("出<wbr>金", "出金"),
        ("a &lt;b&gt; &amp; &#x51fa;&#37329; &nosuch; &copy", "a <b> & 出金 &nosuch; ©"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("a<hr>b", "a\n---\nb"),
    ],
)
def test_a_page_reads_as_it_looks(page: str, expected: str) -> None:
    assert text(page) == expected


@pytest.mark.parametrize(
    "unseen",
    [
        "<script>if (a < b) alert('x')</script>",
        "<style>p { color: red }</style>",
        "<head><title>Mail</title></head>",
        "<!-- comment > -->",
        "<!--[if mso]><p>Outlook</p><![endif]-->",
        '<div style="display:none">x<div>y</div>z</div>',
        "<span style='font-size:0px'>x</span>",
        "<p style='VISIBILITY: hidden'>x</p>",
        "<div hidden>x</div>",
        "<img src='cid:x' alt='secret' style='display:none'>",
    ],
)
def test_what_nobody_sees_is_not_text(unseen: str) -> None:
    assert text(f"Seen {unseen}<b>too</b>").split() == ["Seen", "too"]


@pytest.mark.parametrize(
    "seen",
    ['<p class="hidden-xs hidden">x</p>', '<p style="overflow:hidden;font-size:0.9em">x</p>', "<p aria-hidden=false>x</p>"],
)
def test_what_only_sounds_hidden_is_text(seen: str) -> None:
    assert text(seen) == "x"


@pytest.mark.parametrize("broken", ["<div", "<script>", "<style>", "<!--", '<a href="', "<p title='", "<![CDATA[", "</"])
def test_broken_markup_never_swallows_what_a_customer_wrote(broken: str) -> None:
    assert "Help me" in text(f"<p>Help me</p>{broken}")
    assert "gone" in text(f"<p>Help me</p>{broken} my coins are gone")


def test_a_value_may_contain_what_looks_like_the_end_of_a_tag() -> None:
    assert text("<p title='a > b'>x</p>") == "x"
    assert text("<img alt=\"it's\">don't</b>") == "it's don't"


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ('<a href="https://www.example.com/">example.com</a>', "example.com"),
        ('<a href="mailto:a@b.example">a@b.example</a>', "a@b.example"),
        ('<a href="https://evil.example/x?a=1&amp;b=2">Log in</a>', "Log in <https://evil.example/x?a=1&b=2>"),
        ("<a href='https://evil.example'><img src=x alt='Button'></a>", "Button <https://evil.example>"),
        ('<a href="javascript:alert(1)">click</a>', "click"),
        ('<a href="#top">up</a>', "up"),
        ('<a href="https://a.example/ >evil">x</a>', "x <https://a.example/evil>"),
        ('<a href="https://a.example">one<a href="https://b.example">two</a>', "one <https://a.example>two <https://b.example>"),
    ],
)
def test_a_link_shows_where_it_leads_when_its_label_does_not(link: str, expected: str) -> None:
    assert text(link) == expected


@pytest.mark.parametrize(
    ("label", "target", "differs"),
    [
        ("https://exchange.example/login", "https://evil.example/login", True),
        ("exchange.example", "https://exchange.example.evil.test/", True),
        ("www.exchange.example", "https://exchange.example/", False),
        ("evilexchange.example", "https://exchange.example/", True),
        ("exchange.example", "https://evilexchange.example/", True),
        ("exchange.example", "https://user@exchange.example:443/x", False),
        ("help.exchange.example", "https://exchange.example/help", False),
        ("exchange.example", "https://exchange.example@evil.test/", True),
        ("statement.pdf", "https://drive.test/x", False),
        ("Log in", "https://evil.example/", False),
    ],
)
def test_a_label_that_names_another_site_is_told(label: str, target: str, differs: bool) -> None:
    page = f'<p>See <a href="{target}">{label}</a></p>'
    assert html_text.read(page, 1000).link_differs is differs
    assert ("link_differs" in read(a_mail(page, Content_Type="text/html")).signals) is differs


def test_quoted_mail_is_marked_and_indents_are_not() -> None:
    assert text("New<blockquote type=cite>Old<blockquote>Older</blockquote></blockquote>end") == "New\n> Old\n> > Older\nend"
    assert text('<blockquote style="margin:0 0 0 40px;border:none">Mine</blockquote>') == "Mine"


def test_long_pages_are_cut() -> None:
    message = read(a_mail("<p>word</p>" * 200_000, Content_Type="text/html"))
    assert len(message.text) <= 100_000
    assert "text_truncated" in message.signals


PIECES = [
    "<a href=",
    "<div style='display:none'",
    "</div>",
    "<!--",
    "-->",
    "<pre>",
    "<td>",
    "<blockquote>",
    "</blockquote>",
    "<br>",
]


@given(st.lists(st.sampled_from([*"<>/!-='\" &;#x\nab", *PIECES])).map("".join))
def test_any_page_becomes_text_without_marks(page: str) -> None:
    found = html_text.read(page, 1000).text
    assert not set(found) & set("\x00\x01\x02\x03\x1e")
