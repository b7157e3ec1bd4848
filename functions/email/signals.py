"""Named facts about a mail that the desk may act on: machines answering, mail coming back, attempts to deceive.

A signal says what is so, never what follows. Header names are from RFC 3834, RFC 3464, RFC 2919 and from what mailers send.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from casework.message import Attachment, Decoding
from functions.email import auto_replies, bounces, loops
from functions.email.bodies import Said
from functions.email.parts import Mail
from functions.email.sender import Sender
from functions.email.verdicts import FAIL, Verdicts

_LIST_HEADERS = frozenset({"list-id", "list-post", "mailing-list", "x-mailing-list"})
_MAX_SUBJECT = 500
"""Characters of a subject in which a machine says what it is."""
_MANY_LOST = 50
"""One lost character in so many is many."""

_PROGRAMS = re.compile(
    r"\.(?:exe|scr|com|pif|bat|cmd|vbs?|vbe|jse?|wsf|wsh|hta|jar|msi|msp|ps1|psm1|lnk|reg|cpl|dll|iso|img|vhdx?|apk|dmg|pkg|"
    r"docm|dotm|xlsm|xltm|xlam|pptm|ppam|one|chm|url|appx|msix|application|gadget|inf|sct|xll)\s*$",
    re.IGNORECASE,
)
_PROGRAM_TYPES = frozenset(
    f"application/{kind}"
    for kind in ("x-msdownload", "x-msdos-program", "x-dosexec", "x-ms-installer", "x-executable", "hta", "java-archive")
)
_REVERSED = "\u202e"
"""Right-to-left override: makes ``gpj.exe`` read ``exe.jpg``."""


@dataclass(frozen=True, slots=True)
class Machine:
    """What a mail shows of machines: signals, and in ``facts`` what ``auto_reply`` and ``bounce`` are known by."""

    signals: tuple[str, ...]
    facts: dict[str, str]

    @property
    def is_bounce(self) -> bool:
        """Whether a mail of ours came back."""
        return "bounce" in self.signals


def machine(mail: Mail, name: str, sender: Sender, subject: str, said: Said, own_domains: Collection[str] = ()) -> Machine:
    """Tell whether a machine wrote a mail, or passed it on, and whether it is our own, by its ``name`` among others."""
    subject = subject[:_MAX_SUBJECT]
    evidence = auto_replies.evidence(mail, subject, sender.mailbox)
    is_away = auto_replies.is_away(mail, evidence, subject, said)
    own = tuple(loops.signals(mail.headers, name, sender, own_domains) if own_domains else ())
    is_feedback = bounces.is_feedback(mail, sender, subject, said)
    returned = () if is_feedback else bounces.evidence(mail, sender, subject, said, is_away=is_away)
    is_null = bounces.is_null(mail.headers.raw("return-path"))
    suppresses = "x-auto-response-suppress" in mail.headers
    holds = {
        "bounce": bool(returned),
        "feedback_report": is_feedback,
        "auto_reply": is_feedback or "mail_loop" in own or not all(auto_replies.is_passed_on(mail, each) for each in evidence),
        "out_of_office": is_away,
        "read_receipt": auto_replies.RECEIPT in evidence,
        bounces.NULL_PATH: is_null,
        "no_auto_answer": bool(evidence or own) or is_null or suppresses,
        "mailing_list": mail.headers.has_any(_LIST_HEADERS) or mail.headers.token("precedence") == "list",
    }
    facts = {"auto_reply": " ".join(evidence), "bounce": " ".join(returned)}
    named = [signal for signal, is_so in holds.items() if is_so]
    return Machine((*named, *own), {each: fact for each, fact in facts.items() if fact})


def scans(verdicts: Verdicts) -> Iterator[str]:
    """What SES's scans found."""
    if verdicts.spam == FAIL:
        yield "spam_fail"
    if verdicts.virus == FAIL:
        yield "virus_fail"


def content(mail: Mail, said: Said, files: tuple[Attachment, ...], decodings: Iterable[Decoding]) -> Iterator[str]:
    """What is odd about the content: what was cut, what was lost, what deceives, and that nothing was written now."""
    lost = sum(decoding.replaced for decoding in decodings)
    holds = {
        "no_message_id": not mail.headers.raw("message-id"),
        "many_replaced_characters": lost > 0 and lost * _MANY_LOST >= len(said.text) + len(said.history),
        "text_truncated": said.is_cut or mail.is_cut,
        "attachments_truncated": mail.is_cut or len(mail.files) > len(files),
        "executable_attachment": any(map(_is_program, files)),
        "link_differs": said.link_differs,
        "nothing_new": said.nothing_new,
        "parse_defects": bool(mail.defects),
    }
    return (name for name, is_so in holds.items() if is_so)


def _is_program(file: Attachment) -> bool:
    declared = file.media_type in _PROGRAM_TYPES or "executable" in file.flags
    return declared or bool(_PROGRAMS.search(file.name)) or _REVERSED in file.name
