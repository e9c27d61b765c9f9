"""Write locks/*.txt: every package a level installs, with the hashes of all its files.

    python -m tools.lock_requirements

One lock serves all systems and Pythons: markers say what only some need, and each package has the
hashes of all wheels of its version. Versions are those of constraints.txt. Torch is left out, and
what its builds for CUDA bring along: it comes from an index of its own.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tools.setup_environment import LEVELS, LOCKS, OLDEST, SetUpError
from tools.toolbox import ROOT, program

HEADER = "# Made by `make lock` from {sources}; edit those.\n"
LEFT_OUT = re.compile(r"(torch|torchvision|triton|nvidia-[\w-]+|cuda-[\w-]+)==")
OPTIONS = (
    *("--universal", f"--python-version={OLDEST[0]}.{OLDEST[1]}", "--generate-hashes"),
    *("--only-binary=:all:", "--no-emit-index-url", "--no-annotate", "--no-header", "--quiet"),
)


def compiled(requirements: str, constraints: str | None) -> str:
    """Return a lock of a requirement file; SetUpError if no set of versions fits."""
    limits = [f"--constraint={constraints}"] if constraints else []
    command = [str(program("uv")), "pip", "compile", requirements, *limits, *OPTIONS]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if run.returncode != 0:
        raise SetUpError(f"{requirements} cannot be locked: {run.stderr.strip()}")
    packages = re.split(r"^(?=\w)", run.stdout, flags=re.MULTILINE)
    kept = "".join(package for package in packages if not LEFT_OUT.match(package))
    sources = " and ".join(filter(None, [requirements, constraints]))
    return HEADER.format(sources=sources) + kept


def main() -> int:
    """Write all locks or none; return the exit status."""
    try:
        made = {LOCKS[level]: compiled(LEVELS[level], "constraints.txt") for level in LEVELS}
        made |= {
            f"locks/{name}.txt": compiled(f"requirements-{name}.txt", None)
            for name in ("tools", "experiments")
        }
    except (SetUpError, OSError) as error:
        print(f"lock: {error}", file=sys.stderr)
        return 1
    for name, text in made.items():
        Path(ROOT / name).write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
