"""The simulation's oracle says which texts are one matter. The shipped policy must be sure to think so, too."""

from __future__ import annotations

from itertools import product

import pytest

from casework.case import Outcome, Receipt, Team
from casework.desk import Desk
from casework.message import Channel, Message
from local.simulation.scenario import NOBODY, OWNERS, PSEUDONYMS, STRANGER, Writing, messages
from local.simulation.table import MemoryTable
from local.simulation.tellings import MATTERS, redacted, telling
from local.simulation.world import rules
from tests.builders import a_message, an_account, minutes

TOLD = [(matter.name, way) for matter in MATTERS.values() for way in range(len(matter.tellings))]


def received(*texts: str) -> list[Receipt]:
    desk = Desk(MemoryTable(), rules(), PSEUDONYMS)
    channels = list(Channel)
    return [
        desk.receive(a_message(text, name=str(place), channel=channels[place % 3], at=minutes(place), identities=(an_account(),)))
        for place, text in enumerate(texts)
    ]


@pytest.mark.parametrize("matter", MATTERS)
def test_every_way_to_tell_a_matter_joins_it(matter: str) -> None:
    ways = range(len(MATTERS[matter].tellings))
    for first, second in product(ways, ways):
        told, again = received(telling(matter, 0, first), redacted(telling(matter, 0, second)))
        assert (told.outcome, again.outcome) == (Outcome.OPENED, Outcome.ATTACHED), (first, second)


def test_two_matters_of_a_customer_are_never_joined() -> None:
    for (one, way), (other, another) in product(TOLD, TOLD):
        if one != other and {one, other} != {"theft", "phishing"}:
            first, second = received(telling(one, 0, way), telling(other, 0, another))
            assert (first.outcome, second.outcome) == (Outcome.OPENED, Outcome.OPENED), (one, other)


def test_a_theft_and_a_phishing_site_are_two_matters() -> None:
    for way in range(len(MATTERS["theft"].tellings)):
        outcomes = [receipt.outcome for receipt in received(telling("theft", 0, way), telling("phishing", 0, 0))]
        assert outcomes == [Outcome.OPENED, Outcome.OPENED], way


@pytest.mark.parametrize(("matter", "way"), TOLD)
def test_a_telling_demands_what_the_oracle_says(matter: str, way: int) -> None:
    (receipt,) = received(telling(matter, 1, way))
    assert receipt.assessment
    told = MATTERS[matter]
    demanded = bool(receipt.escalations)
    assert demanded is bool(told.severities)
    if demanded:
        assert (receipt.assessment.team, receipt.assessment.severity) == (told.team, told.severities[way])
    assert told.team is not Team.NONE or not demanded


def test_everybody_has_names_of_their_own() -> None:
    assert set(OWNERS.values()) == {0, 1, 2, 3, STRANGER}
    assert NOBODY not in OWNERS.values()


def test_a_writing_may_come_in_several_messages() -> None:
    message: Message = a_message("hello")
    other = a_message("hello [PII]")
    assert list(messages(Writing(0, 0, "", message, other=other))) == [message, other]
