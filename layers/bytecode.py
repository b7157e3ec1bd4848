"""Writes bytecode into a built layer or function, of the kind that survives packaging.

SAM ships sources alone, and a zip of its making dates every file 1980: bytecode that is valid by its source's time never is,
and /opt and /var/task cannot be written to, so every cold start would compile everything again. Bytecode that names the hash
of its source instead stays valid. ``unchecked`` never looks at the source again: right for a layer, which is replaced as a
whole. ``checked`` compares: right for a function, whose source somebody may edit in the console.

    python layers/bytecode.py --mount /opt/python .aws-sam/build/CaseworkLayer/python
"""

from __future__ import annotations

import argparse
import compileall
import re
import sys
from pathlib import Path
from py_compile import PycInvalidationMode

RUNTIME = (3, 13)
MODES = {"unchecked": PycInvalidationMode.UNCHECKED_HASH, "checked": PycInvalidationMode.CHECKED_HASH}


def compile_folder(folder: Path, mount: str, mode: PycInvalidationMode = PycInvalidationMode.UNCHECKED_HASH) -> bool:
    """Compiles every module under ``folder``; ``mount`` is where the runtime will find it, and what tracebacks will name.

    The result depends on the sources alone, not on where they were built. False when a module does not compile.
    """
    return bool(
        compileall.compile_dir(
            folder, maxlevels=50, quiet=1, force=True, stripdir=str(folder), prependdir=mount, invalidation_mode=mode
        )
    )


def wrong_interpreter() -> str | None:
    """Why this interpreter cannot write the runtime's bytecode; ``None`` when it can."""
    if sys.version_info[:2] == RUNTIME:
        return None
    wanted, here = (".".join(map(str, version)) for version in (RUNTIME, sys.version_info[:2]))
    return (
        f"bytecode for the runtime must be written by Python {wanted}; this is Python {here}. Install {wanted} and build again."
    )


def main() -> int:
    """Compiles the folders named; 1 when a module does not compile, 2 when this is the wrong interpreter."""
    parser = argparse.ArgumentParser(description=re.split(r"\n\n", __doc__ or "")[0])
    parser.add_argument("--mount", required=True, help="where the runtime mounts the folder: /opt/python or /var/task")
    parser.add_argument("--mode", choices=sorted(MODES), default="unchecked")
    parser.add_argument("folders", nargs="+", type=Path)
    arguments = parser.parse_args()
    if problem := wrong_interpreter():
        sys.stderr.write(problem + "\n")
        return 2
    compiled = [compile_folder(folder.resolve(), arguments.mount, MODES[arguments.mode]) for folder in arguments.folders]
    return 0 if all(compiled) else 1


if __name__ == "__main__":
    raise SystemExit(main())
