"""What ``sam build`` left: the built functions with their layers and variables, read from the built template."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from samtranslator.yaml_helper import yaml_parse

BUILD = Path(".aws-sam/build")


class NotBuilt(Exception):
    """There is no build that can be used here: none at all, none of this function, or for another Python."""


@dataclass(frozen=True, slots=True)
class BuiltFunction:
    """One function as it would be deployed."""

    name: str
    runtime: str
    handler: str
    code: Path
    layers: tuple[Path, ...]
    timeout: int
    memory: int
    variables: Mapping[str, str]
    """Those whose values the template itself knows."""
    unknown: tuple[str, ...]
    """The names of the others: they come with a deployment."""

    @property
    def import_path(self) -> str:
        """In the runtime's order: the function's own folder, then the layers. The last layer to name a file wins."""
        return os.pathsep.join(str(folder) for folder in (self.code, *(layer / "python" for layer in reversed(self.layers))))


def built_function(door: str, build: Path = BUILD) -> BuiltFunction:
    """The function of a folder in ``functions``. Raises ``NotBuilt``."""
    template = _template(build)
    logical_id = "".join(word.capitalize() for word in door.split("_")) + "Function"
    if logical_id not in template["Resources"]:
        raise NotBuilt(f"no {logical_id} in {build}")
    return _function(door, template, template["Resources"][logical_id]["Properties"], build)


def interpreter(function: BuiltFunction) -> list[str]:
    """An interpreter that sees neither this environment's packages nor the user's: only what was built.

    Raises ``NotBuilt`` when this is not the function's Python.
    """
    here = "python" + ".".join(map(str, sys.version_info[:2]))
    if here != function.runtime:
        raise NotBuilt(f"the build is for {function.runtime}, and this is {here}")
    return [str(Path(sys.base_prefix) / "bin" / here), "-S", "-P"]


def _template(build: Path) -> dict[str, Any]:
    path = build / "template.yaml"
    if not path.exists():
        raise NotBuilt(f"{path} is not there: run `make build` first")
    template: dict[str, Any] = yaml_parse(path.read_text())
    return template


def _function(door: str, template: Mapping[str, Any], own: Mapping[str, Any], build: Path) -> BuiltFunction:
    everyones = template["Globals"]["Function"]
    variables = {**everyones["Environment"]["Variables"], **own["Environment"]["Variables"]}
    known = {name: _value(value, template["Parameters"]) for name, value in variables.items()}
    return BuiltFunction(
        name=door,
        runtime=everyones["Runtime"],
        handler=own["Handler"],
        code=(build / own["CodeUri"]).resolve(),
        layers=tuple(_layer(layer["Ref"], template, build) for layer in everyones["Layers"]),
        timeout=own.get("Timeout", everyones["Timeout"]),
        memory=own.get("MemorySize", everyones["MemorySize"]),
        variables={name: value for name, value in known.items() if value is not None},
        unknown=tuple(name for name, value in known.items() if value is None),
    )


def _layer(logical_id: str, template: Mapping[str, Any], build: Path) -> Path:
    content = str(template["Resources"][logical_id]["Properties"]["ContentUri"])
    return (build / content).resolve()


def _value(value: object, parameters: Mapping[str, Any]) -> str | None:
    """A text of the template, or the default of the parameter it refers to; ``None`` for what only a deployment knows."""
    if isinstance(value, dict):
        default = parameters.get(str(value.get("Ref")), {}).get("Default")
        return None if default is None else str(default)
    return str(value)
