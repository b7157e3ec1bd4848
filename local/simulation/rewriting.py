"""Changing one function of the code that ships, for as long as a mutant lives, by its own words.

The function keeps its identity, whoever has imported it, and gets the code of the changed source in place of its own.
"""

from __future__ import annotations

import importlib
import inspect
import textwrap
import tokenize
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import CodeType, FunctionType
from typing import Any


class Stale(Exception):
    """The source is not what a mutant was written for: the mutant must be written anew."""


@contextmanager
def rewritten(where: str, changes: Sequence[tuple[str, str]]) -> Iterator[None]:
    """While this lasts, ``module:function`` (or ``module:Class.method``) says something else: pairs of old and new words.

    Raises ``Stale`` unless it says each of the old ones once.
    """
    function = _function(where)
    before = function.__code__
    function.__code__ = _code(where, function, changes)
    try:
        yield
    finally:
        function.__code__ = before


def _function(where: str) -> FunctionType:
    module, _, path = where.partition(":")
    found: Any = importlib.import_module(module)
    for name in path.split("."):
        found = vars(found)[name] if isinstance(found, type) else getattr(found, name)
    found = found.fget if isinstance(found, property) else found
    found = getattr(found, "__wrapped__", found)
    if not isinstance(found, FunctionType):
        raise Stale(f"{where} is no function")
    return found


def _code(where: str, function: FunctionType, changes: Sequence[tuple[str, str]]) -> CodeType:
    source = _source(where, function)
    for old, new in changes:
        if source.count(old) != 1:
            raise Stale(f"{where} says {source.count(old)} times: {old}")
        source = source.replace(old, new)
    changed = compile(f"from __future__ import annotations\n{source}", function.__code__.co_filename, "exec", dont_inherit=True)
    code = next(each for each in changed.co_consts if isinstance(each, CodeType) and each.co_name == function.__name__)
    if code.co_freevars != function.__code__.co_freevars:
        raise Stale(f"{where} needs other surroundings for what it is to say")
    return code


def _source(where: str, function: FunctionType) -> str:
    try:
        return textwrap.dedent(inspect.getsource(function))
    except (OSError, SyntaxError, tokenize.TokenError) as error:
        raise Stale(f"{where} is no longer where it was") from error
