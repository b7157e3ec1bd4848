"""The page an analyst sees at three in the morning on a telephone: large, quiet, bilingual, and complete in itself.

No script, nothing from elsewhere, nothing to be cached, framed, indexed or referred to. Every value is escaped here.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from html import escape

from casework.case import Escalation
from functions.acknowledge.wording import DETAILS, LABELS, SEVERITIES, TEAMS, TITLES, Text

MAX_NAME = 80
JST = timezone(timedelta(hours=9), "JST")
"""Japan has had no daylight saving time since 1951."""

STYLE = """
:root { color-scheme: light dark; --ink: #1a1a1a; --page: #fff; --faint: #595959; --line: #d0d0d0;
  --act: #0a58ca; --on-act: #fff; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8e8e8; --page: #121212; --faint: #a8a8a8; --line: #3a3a3a;
    --act: #8ab4f8; --on-act: #121212; }
}
body { margin: 0 auto; max-width: 34rem; padding: 1.25rem; background: var(--page); color: var(--ink);
  font: 1.125rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.3; margin: 0 0 .75rem; }
[lang=ja] { display: block; }
h1 [lang=ja], dt [lang=ja], label [lang=ja] { font-size: .85em; font-weight: normal; color: var(--faint); }
dl { margin: 1.5rem 0; border-top: 1px solid var(--line); }
dt { padding-top: .6rem; font-size: .9rem; color: var(--faint); }
dt [lang=ja] { display: inline; margin-left: .5em; }
dd { margin: 0; padding-bottom: .6rem; border-bottom: 1px solid var(--line); font-weight: 600; }
dd [lang=ja] { display: inline; margin-left: .5em; }
time { display: block; font-variant-numeric: tabular-nums; }
input, button { box-sizing: border-box; width: 100%; min-height: 3.25rem; margin-top: .5rem; padding: .5rem .75rem; font: inherit;
  color: inherit; background: transparent; border: 1px solid var(--faint); border-radius: .5rem; }
button { margin-top: 1.25rem; border: 0; background: var(--act); color: var(--on-act); font-weight: 700; }
:focus-visible { outline: 3px solid var(--act); outline-offset: 2px; }
""".strip()

POLICY = "; ".join(
    (
        "default-src 'none'",
        f"style-src 'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Language": "en, ja",
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}


def notice(state: str) -> str:
    """Write the page for a link that leads nowhere; ``state`` is a key of ``TITLES``."""
    return _page(state, "")


def confirmation(escalation: Escalation) -> str:
    """Write the page that shows what would happen, with the button that does it."""
    return _page("open", _facts(_subject(escalation)) + _form())


def outcome(state: str, escalation: Escalation) -> str:
    """Write the page that says who has acknowledged it, and when: just now (``acknowledged``) or before (``already``)."""
    return _page(state, _facts((*_acknowledgement(escalation), *_subject(escalation))))


def _page(state: str, content: str) -> str:
    title = TITLES[state]
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="robots" content="noindex, nofollow">\n<meta name="format-detection" content="telephone=no">\n'
        f"<title>{escape(title.en)} · {escape(title.ja)}</title>\n<style>{STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n<h1>{_both(title)}</h1>\n<p>{_both(DETAILS[state])}</p>\n{content}</main>\n</body>\n</html>\n"
    )


def _form() -> str:
    """No action: the form goes back to the address it came from, token and stage prefix included."""
    return (
        f'<form method="post">\n<label for="name">{_both(LABELS["name"])}</label>\n'
        f'<input id="name" name="name" maxlength="{MAX_NAME}" autocomplete="name">\n'
        f'<button type="submit">{_both(LABELS["button"])}</button>\n</form>\n'
    )


def _facts(entries: Iterable[tuple[str, str]]) -> str:
    rows = "".join(f"<dt>{_both(LABELS[label])}</dt><dd>{value}</dd>\n" for label, value in entries)
    return f"<dl>\n{rows}</dl>\n"


def _subject(escalation: Escalation) -> Iterator[tuple[str, str]]:
    yield "severity", _named(SEVERITIES, escalation.severity)
    yield "team", _named(TEAMS, escalation.team)
    yield "category", escape(escalation.category.replace("_", " "))
    yield "raised", _instant(escalation.raised_at)
    yield "due", _instant(escalation.due_at)
    yield "case", escape(escalation.case_id)


def _acknowledgement(escalation: Escalation) -> Iterator[tuple[str, str]]:
    yield "by", escape(escalation.acknowledged_by)
    if escalation.acknowledged_at:
        yield "at", _instant(escalation.acknowledged_at)


def _named(names: dict[str, Text], code: str) -> str:
    return _both(names[code]) if code in names else escape(code)


def _instant(instant: datetime) -> str:
    """In both zones, with the date in each: at three in the morning in Tokyo it is yesterday in UTC."""
    zones = ((JST, "JST"), (UTC, "UTC"))
    moment = instant.astimezone(UTC).isoformat(timespec="seconds")
    return "".join(f'<time datetime="{moment}">{instant.astimezone(zone):%Y-%m-%d %H:%M} {name}</time>' for zone, name in zones)


def _both(text: Text) -> str:
    return f'{escape(text.en)} <span lang="ja">{escape(text.ja)}</span>'
