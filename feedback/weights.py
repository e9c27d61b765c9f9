"""Weights that learnt from answers: `python -m feedback.weights list | show | promote | ...`."""

from __future__ import annotations

import argparse
import getpass
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from sqlalchemy import Engine

from environment import ROOT, read_environment
from feedback.connection.engine import open_engine
from feedback.connection.settings import read_settings
from feedback.errors import RowRefused, SettingsError, StoreUnavailable, WeightsDamaged
from feedback.learning.exporting import NotExported, export_weights
from feedback.learning.kept_weights import list_weights, load_stored_weights, show_weights
from feedback.learning.live_weights import list_promotions, live_version
from feedback.learning.promoting import promote, reject, roll_back
from feedback.learning.telling import details, history, named, table

FOLLOW = "running dashboards follow within 30 s"
NOT_SAID = "no reason was given"
ASKED_S = 150.0  # what MLflow's registry may take


def main(argv: Sequence[str] | None = None) -> int:
    """Do what the arguments say and print what came of it; return the exit status."""
    chosen = _parser().parse_args(argv)
    environ = read_environment()
    try:
        settings = read_settings(environ)
        if settings.url is None:
            raise SettingsError(f"there are no weights but the shipped ones: {settings.place}")
        engine = open_engine(settings)
        try:
            chosen.run(engine, chosen, environ)
        finally:
            engine.dispose()
    except (SettingsError, StoreUnavailable, RowRefused, WeightsDamaged, NotExported) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _list(engine: Engine, chosen: argparse.Namespace, environ: Mapping[str, str]) -> None:
    rows = list_weights(engine)
    if chosen.json:
        print(json.dumps([asdict(row) for row in rows], default=str))
        return
    print(f"live: {named(live_version(engine))}")
    if rows:
        made = list(history(list_promotions(engine)))
        print(*table(rows), "", *(made or ["nothing was promoted so far"]), sep="\n")
    else:
        print(
            "the store holds no others: `python run_model.py --mode finetune --from-store "
            "--publish` makes one"
        )
    _tell_of_setting(environ)


def _show(engine: Engine, chosen: argparse.Namespace, environ: Mapping[str, str]) -> None:
    row = show_weights(engine, chosen.version)
    if chosen.json:
        print(json.dumps(asdict(row), default=str))
        return
    for line in details(row):
        print(line)


def _promote(engine: Engine, chosen: argparse.Namespace, environ: Mapping[str, str]) -> None:
    live = live_version(engine)
    made = promote(
        engine,
        chosen.version,
        by=chosen.by,
        why=chosen.why,
        expected_live=live,
        anyway=chosen.anyway,
        shipped=None if live else _shipped_version(),
    )
    print(f"{named(made.version)} is live, in place of {named(made.parent_live)}: {FOLLOW}")
    _tell_of_setting(environ)
    _tell_registry(made.version, environ)


def _roll_back(engine: Engine, chosen: argparse.Namespace, environ: Mapping[str, str]) -> None:
    made = roll_back(engine, by=chosen.by, why=chosen.why)
    verb = "is" if made.version else "are"
    print(
        f"{named(made.version)} {verb} live again, in place of {named(made.parent_live)}: {FOLLOW}"
    )
    _tell_of_setting(environ)
    _tell_registry(made.version, environ)


def _reject(engine: Engine, chosen: argparse.Namespace, environ: Mapping[str, str]) -> None:
    reject(engine, chosen.version, by=chosen.by, why=chosen.why)
    print(f"{chosen.version} is rejected: it stays in the store, and is never promoted")


def _export(engine: Engine, chosen: argparse.Namespace, environ: Mapping[str, str]) -> None:
    tensors, graph = export_weights(load_stored_weights(engine, chosen.version), chosen.file)
    print(f"{tensors} and {graph.name} are {chosen.version}; WEIGHTS={graph} reads with them")


def _tell_of_setting(environ: Mapping[str, str]) -> None:
    if environ.get("WEIGHTS"):
        print(
            f"WEIGHTS is set here ({environ['WEIGHTS']}), and stands above promotions: what runs "
            "with that setting reads with that file",
            file=sys.stderr,
        )


def _shipped_version() -> str | None:
    """Return what a report must be made against while nothing is promoted; None: not known."""
    command = [sys.executable, "-m", "model.weight_files.shipped"]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() or None


def _tell_registry(version: str | None, environ: Mapping[str, str]) -> None:
    """Let MLflow's registry follow, where trainings are tracked; a sentence where it cannot."""
    command = [sys.executable, "-W", "ignore", "-m", "model.tracking.model_registry", "live"]
    command += [] if version is None else [version]
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=ASKED_S
        )
        said = done.stderr.strip()
    except (OSError, subprocess.TimeoutExpired) as error:
        said = f"MLflow's registry was not told: {error}"
    if said:
        print(said, file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m feedback.weights",
        description="Versions of weights in the store: what each learnt, what the gate found, "
        "which one is live.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: object, says: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=says, description=says)
        made.set_defaults(run=run)
        return made

    for name, run, says in (
        ("list", _list, "every version, the live one with a star, and the history"),
        ("show", _show, "one version, with the gate's report"),
    ):
        made = command(name, run, says)
        if name == "show":
            made.add_argument("version", metavar="VERSION")
        made.add_argument("--json", action="store_true", help="as JSON, on one line")
    promoting = command("promote", _promote, "make a version live, if the gate lets it pass")
    promoting.add_argument("version", metavar="VERSION")
    promoting.add_argument(
        "--anyway", action="store_true", help="your word for what is no worse, but not better"
    )
    going_back = command("rollback", _roll_back, "make live again what was before")
    rejecting = command("reject", _reject, "never promote a version")
    rejecting.add_argument("version", metavar="VERSION")
    for one in (promoting, going_back, rejecting):
        is_needed = one is promoting
        usual = None if is_needed else NOT_SAID
        one.add_argument("--why", required=is_needed, default=usual, help="the reason, kept")
        one.add_argument("--by", default=_user(), help="whose word it is (default: %(default)s)")
    exporting = command("export", _export, "write a version's two files")
    exporting.add_argument("version", metavar="VERSION")
    exporting.add_argument("file", metavar="FILE", type=Path, help="NAME.onnx or NAME.safetensors")
    return parser


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container's user may have no name
        return "the command line"


if __name__ == "__main__":
    sys.exit(main())
