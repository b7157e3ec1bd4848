"""Reading a policy file: every value is asked for by name and type, and a mistake names its place."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from casework.errors import InvalidPolicy

E = TypeVar("E", bound=StrEnum)


class Section:
    """One table of one file. It may say only what is in ``allowed``; ``None`` allows any key."""

    def __init__(self, file: str, key: str, values: object, allowed: Collection[str] | None = None) -> None:
        if not isinstance(values, dict):
            raise InvalidPolicy(file, key or "(top)", "a table")
        self.file, self.key, self.values = file, key, values
        for name in values:
            if allowed is not None and name not in allowed:
                raise self.wrong(name, f"one of the keys {', '.join(sorted(allowed))}")

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def __iter__(self) -> Iterator[str]:
        return iter(self.values)

    def wrong(self, name: str, expected: str) -> InvalidPolicy:
        """The error that names this key."""
        return InvalidPolicy(self.file, f"{self.key}.{name}" if self.key else name, expected)

    def text(self, name: str, default: str | None = None) -> str:
        """Some words; empty is not allowed, but as a default."""
        value = self._get(name, default)
        if not isinstance(value, str) or (not value.strip() and name in self.values):
            raise self.wrong(name, "some text")
        return value

    def one_of(self, name: str, choices: Collection[str], default: str | None = None) -> str:
        """One of the choices."""
        value = self._get(name, default)
        if not isinstance(value, str) or value not in choices:
            raise self.wrong(name, f"one of {', '.join(sorted(choices))}")
        return value

    def member(self, name: str, kind: type[E], default: E | None = None) -> E:
        """A member of an enumeration, by its value."""
        return kind(self.one_of(name, [each.value for each in kind], default))

    def flag(self, name: str, default: bool | None = None) -> bool:
        """True or false."""
        value = self._get(name, default)
        if not isinstance(value, bool):
            raise self.wrong(name, "true or false")
        return value

    def number(self, name: str, low: float, high: float, default: float | None = None) -> float:
        """A number from ``low`` to ``high``."""
        value = self._get(name, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise self.wrong(name, f"a number from {low:g} to {high:g}")
        return float(value)

    def whole(self, name: str, low: int, high: int, default: int | None = None) -> int:
        """A whole number from ``low`` to ``high``."""
        value = self._get(name, default)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise self.wrong(name, f"a whole number from {low} to {high}")
        return value

    def texts(self, name: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """A list of words; a single one may stand without its list."""
        value = self._get(name, default)
        listed = [value] if isinstance(value, str) else value
        if not isinstance(listed, list | tuple) or not all(isinstance(each, str) and each.strip() for each in listed):
            raise self.wrong(name, "a list of texts")
        return tuple(listed)

    def some_of(self, name: str, choices: Collection[str]) -> tuple[str, ...]:
        """One or several of the choices."""
        values = self.texts(name)
        if not values or not set(values) <= set(choices):
            raise self.wrong(name, f"one or several of {', '.join(sorted(choices))}")
        return values

    def section(self, name: str, allowed: Collection[str] | None = None, *, optional: bool = False) -> Section:
        """The table of this name; an optional one that is missing is empty."""
        value = self._get(name, {} if optional else None)
        return Section(self.file, f"{self.key}.{name}" if self.key else name, value, allowed)

    def sections(self, name: str, allowed: Collection[str]) -> tuple[Section, ...]:
        """The list of tables ``[[name]]``; a row is named by its number, from 1, and its ``id`` if it has one."""
        rows = self._get(name, None)
        if not isinstance(rows, list) or not rows:
            raise self.wrong(name, f"at least one [[{name}]]")
        return tuple(Section(self.file, _row(name, number, row), row, allowed) for number, row in enumerate(rows, 1))

    def _get(self, name: str, default: object) -> object:
        value = self.values.get(name, default)
        if value is None:
            raise self.wrong(name, "a value, but the key is missing")
        return value


def _row(name: str, number: int, row: object) -> str:
    known = row.get("id") if isinstance(row, Mapping) else None
    return f"{name}[{number}] {known}" if isinstance(known, str) else f"{name}[{number}]"


Document = dict[str, Any]
"""A policy file as TOML gives it."""
