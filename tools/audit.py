"""Ask whether a known vulnerability concerns what is installed in .venv.

    python -m tools.audit [--strict]

Exit status: 0 none is known, 1 some are. Where the advisories cannot be reached, that is said, and
it is an error with --strict alone: a machine without the internet can still run the other checks.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from typing import Any

from tools.toolbox import program

LIMIT_S = 300


def findings(report: dict[str, Any]) -> list[str]:
    """Return a line for each advisory in pip-audit's report, such as "x 1.0: PYSEC-1, in 1.1"."""
    return [
        f"{package['name']} {package['version']}: {found['id']}"
        + (f", mended in {', '.join(found['fix_versions'])}" if found["fix_versions"] else "")
        for package in report["dependencies"]
        for found in package.get("vulns", [])
    ]


def unknown(report: dict[str, Any]) -> list[str]:
    """Return the packages that could not be looked up, with the reason."""
    packages = report["dependencies"]
    return [f"{it['name']}: {it['skip_reason']}" for it in packages if "skip_reason" in it]


def ask() -> dict[str, Any] | str:
    """Return pip-audit's report on this Python's packages, or why there is none."""
    places = sysconfig.get_paths()["purelib"]
    options = ["--path", places, "--format", "json", "--progress-spinner", "off"]
    try:
        command = [str(program("pip-audit")), *options]
        run = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_S)
        report: dict[str, Any] = json.loads(run.stdout)
    except OSError as error:
        return str(error)
    except subprocess.TimeoutExpired:
        return f"no answer in {LIMIT_S} s"
    except ValueError:  # it reports nothing where it could not ask
        return (run.stderr.strip().splitlines() or [f"status {run.returncode}"])[-1]
    return report


def main(argv: Sequence[str] | None = None) -> int:
    """Say what was found; return the exit status."""
    parser = argparse.ArgumentParser(description="Look for known vulnerabilities.")
    parser.add_argument("--strict", action="store_true", help="not to have asked is an error")
    options = parser.parse_args(argv)
    report = ask()
    if not isinstance(report, str) and len(unknown(report)) == len(report["dependencies"]):
        report = "the index that answered knows none of the packages"
    if isinstance(report, str):
        print(f"audit: nothing was checked, the advisories cannot be reached: {report}")
        return int(options.strict)
    for line in unknown(report):
        print(f"audit: not checked: {line}")
    found = findings(report)
    print(*found, sep="\n", end="\n" if found else "")
    print(f"audit: {len(found)} known vulnerabilities in {len(report['dependencies'])} packages")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
