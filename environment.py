"""How the process is configured: the one place that reads environment variables and `.env`."""

from __future__ import annotations

import io
import os
import re
import stat
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from dotenv.parser import Binding, parse_stream

ROOT = Path(__file__).resolve().parent
# Those of .env.example. What else is in the environment is not ours to judge.
SETTINGS = (
    "DB_HOST",
    "DB_PORT",
    "DB_NAME",
    "DB_USER",
    "DB_PASSWORD",
    "DB_INSTANCE_CONNECTION_NAME",
    "DB_PASSWORDLESS",
    "DB_SSLMODE",
    "DB_SSLROOTCERT",
    "MIGRATE_AT_START",
    "EMBEDDED_STORE",
    "SPOOL_DIR",
    "KEEP_DAYS",
    "OPERATOR_PASSWORD",
    "TRUSTED_PROXIES",
    "METRICS",
    "API_TOKEN",
    "API_RATE",
    "API_PORT",
    "EMBED_ORIGINS",
    "LOG_FORMAT",
    "DATA_DIR",
    "WEIGHTS",
    "MODELS_DIR",
    "MLFLOW_TRACKING_URI",
    "PORT",
)
LONGEST = 4096  # characters of a value; the longest of use, a login token, has half as many


def read_environment(env_file: Path = ROOT / ".env") -> dict[str, str]:
    """Return the settings by name: the process's environment over `.env`, empty values left out.

    An empty value counts as not set, so that `DB_HOST=` in a copied `.env.example` means nothing.
    A file that cannot be read, a line in it that is no setting, and a value that no setting can
    have end the program with a sentence that names file and line, never the value. What a line
    says but a reader may not expect goes to stderr, once.
    """
    merged: Mapping[str, str | None] = {**_read_file(env_file), **os.environ}
    settings = {name: value for name, value in merged.items() if value}
    for name in SETTINGS:
        if (problem := _what_is_wrong(settings.get(name, ""))) is not None:
            sys.exit(f"{name} {problem}")
    return settings


def _what_is_wrong(value: str) -> str | None:
    if len(value) > LONGEST:
        return f"has {len(value):,} characters, more than the {LONGEST:,} that a setting may have"
    if any("\ud800" <= character <= "\udfff" for character in value):
        return "has bytes that are no text in UTF-8: set it again"
    if re.search(r"[\0-\x1f\x7f]", value):
        return "has a line break or another control character in it: set it again without"
    return None


def _read_file(env_file: Path) -> dict[str, str | None]:
    text = _text_of(env_file)
    settings: dict[str, str | None] = {}
    problems = []
    # As it stands, without replacing anything: a password may hold `${`.
    for binding in parse_stream(io.StringIO(text)):
        line = _line_of(binding)
        if binding.error or (binding.key is not None and binding.value is None):
            problems.append(f"line {line} is not of the form NAME=value")
        elif binding.key is not None:
            for surprise in _surprises(binding, settings):
                _say_once(f"{env_file}, line {line}: {surprise}")
            settings[binding.key] = binding.value
    if problems:
        sys.exit(
            f"{env_file}: {'; '.join(problems)}. Correct it, or put a # before what is a comment"
        )
    return settings


def _text_of(env_file: Path) -> str:
    """Return what the file says, nothing where there is none."""
    try:
        kind = env_file.stat().st_mode
        if stat.S_ISDIR(kind):
            sys.exit(f"{env_file} is a folder, but should be a file with a setting a line")
        if not stat.S_ISREG(kind):
            sys.exit(f"{env_file} is a pipe or a device, but should be a file")
        content = env_file.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except OSError as error:
        sys.exit(f"{env_file} cannot be read ({error.strerror or error}): check its permissions")
    try:
        return content.decode("utf-8-sig")  # some editors begin a file with a mark
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        sys.exit(f"{env_file} is not in UTF-8 (line {line}): save it again as plain text in UTF-8")


def _line_of(binding: Binding) -> int:
    """Return the line of the setting itself; the parser counts from the blank lines before it."""
    string = binding.original.string
    return binding.original.line + string[: len(string) - len(string.lstrip())].count("\n")


def _surprises(binding: Binding, before: Mapping[str, str | None]) -> Iterator[str]:
    """Yield what a line does that who wrote it may not know; never the value."""
    name, written = binding.key, binding.original.string.partition("=")[2].strip()
    if name in before:
        yield f"{name} is set for the second time, and this value counts"
    if written.startswith("#"):
        yield f"the value of {name} begins with #: put a comment on a line of its own"
    elif not written.startswith(("'", '"')) and re.search(r"\s#", written):
        yield (
            f"the value of {name} ends before the #, the rest is taken for a comment: "
            "put quotes around the value if it belongs to it"
        )


@cache
def _say_once(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def switch_off_telemetry() -> None:
    """Tell ONNX Runtime, before it is loaded, that it may neither keep nor send anything."""
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"


def project_path(value: str) -> Path:
    """Return the path that a setting names; a relative one is taken from the project's root."""
    try:
        return ROOT / Path(value).expanduser()
    except RuntimeError:  # `~somebody`, whom this machine does not know
        return ROOT / value


def data_dir(environ: Mapping[str, str]) -> Path:
    """Return the folder of the datasets: DATA_DIR, or `data/` in the project."""
    return project_path(environ.get("DATA_DIR", "data"))


def models_dir(environ: Mapping[str, str]) -> Path:
    """Return the folder of tuned members: MODELS_DIR, or `var/models` in the project."""
    return project_path(environ.get("MODELS_DIR", "var/models"))
