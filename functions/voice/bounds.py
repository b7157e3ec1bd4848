"""How much of a call is kept: so many turns, so much text, and never a part of a secret that goes on in what is left out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from casework.message import Turn
from functions.voice.call import AGENT, CUSTOMER

MAX_TEXT = 100_000
"""Characters of ``Message.text``, and again of the agent's turns: about two hours of one person's talk."""
MAX_TURNS = 20_000


def bounded(turns: Sequence[Turn]) -> tuple[list[Turn], tuple[str, ...]]:
    """Return the turns up to the limits: where the text ends, the call ends; the agent's turns have a limit of their own."""
    kept: dict[int, str] = {}
    room = {CUSTOMER: MAX_TEXT + 1, AGENT: MAX_TEXT + 1}
    for place, turn in enumerate(turns[:MAX_TURNS]):
        side = AGENT if turn.role == AGENT else CUSTOMER
        if fits := turn.text[: max(room[side] - 1, 0)].rstrip():
            kept[place] = fits
        room[side] -= len(turn.text) + 1
        if room[CUSTOMER] < 0:
            break
    cut = {"text_truncated": room[CUSTOMER] < 0, "turns_truncated": len(turns) > MAX_TURNS or room[AGENT] < 0}
    if any(cut.values()):
        _let_go(kept, turns)
    return [replace(turns[place], text=text) for place, text in kept.items()], tuple(name for name, holds in cut.items() if holds)


def _let_go(kept: dict[int, str], turns: Sequence[Turn]) -> None:
    """Leave out what a cut tears of what one party spells out, or both do, over however many turns."""
    from casework.redaction import finders_of_speech  # hardly any call is that long
    from casework.redaction.cuts import torn

    roles = tuple(dict.fromkeys(turn.role for turn in turns))
    for reading in (*({role} for role in roles), set(roles)):
        places = [place for place in kept if turns[place].role in reading]
        said = "\n".join(kept[place] for place in places)
        ahead = "".join(_ahead(turns, places[-1], kept[places[-1]], reading)) if places else ""
        if ahead:
            _shorten(kept, places, torn(said + ahead, len(said), finders=finders_of_speech())[0])


def _ahead(turns: Sequence[Turn], last: int, kept: str, roles: Collection[str]) -> Iterator[str]:
    """Yield what is said behind what is kept of the last turn, as far as a cut looks."""
    from casework.redaction.cuts import REACH

    yield turns[last].text[len(kept) :]
    room = REACH
    for turn in turns[last + 1 :]:
        if room > 0 and turn.role in roles:
            yield f"\n{turn.text[:room]}"
            room -= len(turn.text) + 1


def _shorten(kept: dict[int, str], places: Sequence[int], size: int) -> None:
    """Keep so many characters of the turns at these places, joined by newlines."""
    for place in places:
        text = kept[place]
        kept[place] = text[: max(size, 0)].rstrip()
        size -= len(text) + 1
        if not kept[place]:
            del kept[place]
