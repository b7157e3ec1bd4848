"""IAM policies, as far as this system's go: whether a document allows a request.

Identity policies (of a role) and resource policies (of a queue, a function, a log group) are the same language. What is not
understood here is an error, never a silent yes or no: a condition operator that is missing below raises ``UnknownCondition``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

Values = tuple[str, ...]


class UnknownCondition(Exception):
    """A policy uses a condition operator that this module does not know."""


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody wants to do: ``service:Action`` on an ARN, under the condition keys the service would set."""

    action: str
    resource: str
    conditions: Mapping[str, Values] = field(default_factory=dict)
    principal: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a policy. ``NotAction`` and ``NotResource`` are not understood and refused when parsed."""

    allow: bool
    actions: Values
    resources: Values
    conditions: Mapping[str, Mapping[str, Values]]
    principals: Values
    sid: str

    def covers(self, request: Request) -> bool:
        """Whether this statement speaks of the request. A statement without principal is a role's own."""
        return (
            any(matches(action.lower(), request.action.lower()) for action in self.actions)
            and any(matches(resource, request.resource) for resource in self.resources)
            and (not self.principals or any(matches(principal, request.principal) for principal in self.principals))
            and all(_holds(operator, keys, request.conditions) for operator, keys in self.conditions.items())
        )


def allows(statements: Iterable[Statement], request: Request) -> bool:
    """Whether one statement allows the request and none denies it."""
    covering = [statement for statement in statements if statement.covers(request)]
    return bool(covering) and all(statement.allow for statement in covering)


def parse(document: str | Mapping[str, Any]) -> tuple[Statement, ...]:
    """Read a policy document. Raises ``ValueError`` for what this module does not understand."""
    content = json.loads(document) if isinstance(document, str) else document
    return tuple(_statement(each) for each in _many(content.get("Statement", ())))


def of_function(statements: Iterable[Mapping[str, Any]], arn: str) -> tuple[Statement, ...]:
    """Read a function's own policy as moto keeps it: with fields of the request that made it, and about ``$LATEST``."""
    wanted = ("Sid", "Effect", "Action", "Principal", "Condition")
    cleaned = [{key: each[key] for key in wanted if key in each} | {"Resource": arn} for each in statements]
    return parse({"Statement": cleaned})


def _statement(source: Mapping[str, Any]) -> Statement:
    if strange := set(source) - {"Sid", "Effect", "Action", "Resource", "Condition", "Principal"}:
        raise ValueError(f"cannot judge a policy that says {', '.join(sorted(strange))}")
    conditions = source.get("Condition", {})
    return Statement(
        allow=source["Effect"] == "Allow",
        actions=_texts(source["Action"]),
        resources=_texts(source["Resource"]),
        conditions={operator: {key: _texts(value) for key, value in keys.items()} for operator, keys in conditions.items()},
        principals=_principals(source.get("Principal", ())),
        sid=source.get("Sid", ""),
    )


def _principals(source: Any) -> Values:
    named = source.values() if isinstance(source, Mapping) else [source] if source else ()
    return tuple(name for names in named for name in _texts(names))


def _many(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _texts(value: Any) -> Values:
    return tuple(str(each).lower() if isinstance(each, bool) else str(each) for each in _many(value))


# --- patterns and conditions ------------------------------------------------------------------------------------------


def matches(pattern: str, text: str) -> bool:
    """Whether a text fits a pattern in which ``*`` is any text and ``?`` any one character."""
    return _compiled(pattern).fullmatch(text) is not None


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), re.DOTALL)


def _equal(wanted: str, found: str) -> bool:
    return wanted == found


def _equal_ignoring_case(wanted: str, found: str) -> bool:
    return wanted.lower() == found.lower()


_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "StringEquals": _equal,
    "StringEqualsIgnoreCase": _equal_ignoring_case,
    "StringLike": matches,
    "ArnEquals": matches,
    "ArnLike": matches,
    "Bool": _equal_ignoring_case,
}


def _holds(operator: str, keys: Mapping[str, Values], found: Mapping[str, Values]) -> bool:
    return all(_one_holds(operator, wanted, _found(key, found)) for key, wanted in keys.items())


def _found(key: str, found: Mapping[str, Values]) -> Values | None:
    """Look a condition key up, whose name is not case-sensitive."""
    return next((values for name, values in found.items() if name.lower() == key.lower()), None)


def _one_holds(operator: str, wanted: Values, found: Values | None) -> bool:
    quantifier, _, name = operator.rpartition(":")
    if name == "Null":
        return (not found) == (wanted == ("true",))
    name, if_exists = name.removesuffix("IfExists"), name.endswith("IfExists")
    negative = name not in _OPERATORS and name.replace("Not", "", 1) in _OPERATORS
    if not found:
        return if_exists or negative or quantifier == "ForAllValues"
    compare = _comparison(name.replace("Not", "", 1) if negative else name)
    fits = [any(compare(each, value) for each in wanted) != negative for value in found]
    return any(fits) if quantifier == "ForAnyValue" else all(fits)


def _comparison(name: str) -> Callable[[str, str], bool]:
    if name not in _OPERATORS:
        raise UnknownCondition(name)
    return _OPERATORS[name]
