import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from feedback.connection.engine import POOL

ROOT = Path(__file__).parent.parent.parent
# one instruction per line, as Docker joins them
DOCKERFILE = re.sub(
    r"\\\n(\s*#.*\n)*", " ", re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.M)
)
IGNORED = (ROOT / ".dockerignore").read_text().splitlines()
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def instructions(name: str, target: str = "dashboard") -> list[str]:
    """Return the arguments of an instruction in the stage `base` and in the one built on it."""
    stages = re.split(r"^FROM ", DOCKERFILE, flags=re.MULTILINE)[1:]
    text = "".join(s for s in stages if re.match(rf"\S+ AS (base|{target})\n", s))
    return re.findall(rf"^{name} (.*)$", text, re.MULTILINE)


def sent_to_the_builder(files: list[str], folder: Path) -> set[str]:
    """Return which files pass .dockerignore, by the rules of .gitignore that gcloud goes by."""
    subprocess.run(["git", "init", "-q", folder], check=True)
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    command = ["git", "ls-files", "--others", f"--exclude-from={ROOT / '.dockerignore'}"]
    return set(subprocess.check_output(command, cwd=folder, text=True).split())


@needs_git
def test_secrets_data_and_history_never_reach_the_builder(tmp_path: Path):
    kept_out = [".env", ".env.production", "data/MNIST/raw/t10k", "var/feedback.sqlite3"]
    kept_out += ["tests/test_x.py", ".venv/bin/python", "streamlit/.env", "notes.txt"]
    kept_out += ["streamlit/.streamlit/secrets.toml", "model/__pycache__/network.pyc"]

    assert sent_to_the_builder(kept_out, tmp_path) == set()


@needs_git
def test_all_that_the_dashboard_is_made_of_reaches_the_builder(tmp_path: Path):
    parts = [
        ROOT / name for name in ("api", "model", "feedback", "serving", "streamlit", "results")
    ]
    files = [path for part in parts for path in part.rglob("*") if path.is_file()]
    needed = [
        path.relative_to(ROOT).as_posix()
        for path in files
        if "cache" not in str(path.parent) and not path.name.endswith(".training.safetensors")
    ]
    needed += ["Dockerfile", "environment.py", "run_streamlit.py", "constraints.txt"]
    needed += ["locks/app.txt", "locks/train.txt", "tools/trim_packages.py", "run_model.py"]
    needed += ["learn_from_answers.py", "learn_from_store.py", "training_options.py"]

    assert sent_to_the_builder(needed, tmp_path) == set(needed)


def test_docker_and_git_read_the_ignore_file_alike():
    rules = [line for line in IGNORED if line and not line.startswith("#")]

    # Docker takes every pattern from the root, git only one that starts with a slash; `**/` is
    # at any depth for both.
    assert rules[0] == "/*"
    assert all(rule.lstrip("!").startswith(("/", "**/")) for rule in rules)


def test_gcloud_uploads_what_docker_would_send():
    rules = (ROOT / ".gcloudignore").read_text().splitlines()

    assert [rule for rule in rules if not rule.startswith("# ")] == ["#!include:.dockerignore"]


def test_the_image_needs_no_builder_newer_than_the_classic_one():
    # `gcloud builds submit --tag` builds without BuildKit
    assert not re.search(r"--(mount|link|chmod)\b|<<", DOCKERFILE)
    assert not (ROOT / "Dockerfile").read_text().startswith("# syntax")


def test_the_server_runs_unprivileged_and_gets_its_signals_itself():
    for target in ("dashboard", "trainer"):
        assert instructions("USER", target) == ["10001"]
    after = DOCKERFILE[DOCKERFILE.rindex("USER 10001") :]
    assert "COPY" not in after, "the program's files must not belong to who runs it"
    assert "--chown" not in DOCKERFILE
    assert json.loads(instructions("CMD")[-1])[0] == "python"
    assert instructions("ENTRYPOINT") == []


def test_the_image_listens_on_the_port_it_is_given_and_keeps_no_file():
    settings = " ".join(instructions("ENV"))

    assert "PORT=8080" in settings
    assert "EMBEDDED_STORE=off" in settings
    assert json.loads(instructions("CMD")[-1]) == [
        *("python", "run_streamlit.py", "--address", "0.0.0.0")
    ]


def test_the_image_installs_what_the_dashboard_needs_and_nothing_else():
    (install,) = re.findall(r"pip install[^&;]*", "\n".join(instructions("RUN")))

    assert "--no-deps" in install
    assert "--require-hashes -r locks/app.txt" in install
    assert instructions("ARG") == []
    copied = {name for line in instructions("COPY") for name in line.split()[:-1]}
    assert copied == {
        *("locks/app.txt", "tools/trim_packages.py", "environment.py", "run_streamlit.py"),
        *("LICENSE", "api", "feedback", "model", "results", "serving", "streamlit"),
    }


def test_every_stage_stands_on_a_base_that_can_be_pinned_by_its_digest():
    before = DOCKERFILE[: DOCKERFILE.index("FROM ")]
    bases = re.findall(r"^FROM (\S+) AS", DOCKERFILE, re.MULTILINE)

    assert re.findall(r"^ARG (.*)$", before, re.MULTILINE) == ["BASE_IMAGE=python:3.11-slim"]
    assert bases == ["$BASE_IMAGE", "base", "base"]
    assert "--build-arg BASE_IMAGE=python:3.11-slim@sha256:" in (ROOT / "README.md").read_text()


def test_the_user_is_made_once_for_every_image():
    for target in ("dashboard", "trainer"):
        assert "\n".join(instructions("RUN", target)).count("useradd") == 1


def test_the_dashboard_is_what_is_built_where_no_target_is_named():
    assert re.findall(r"^FROM \S+ AS (\w+)$", DOCKERFILE, re.MULTILINE)[-1] == "dashboard"


def test_the_trainers_image_has_torch_and_what_training_needs_and_no_dashboard():
    runs = "\n".join(instructions("RUN", "trainer"))
    copied = {name for line in instructions("COPY", "trainer") for name in line.split()[:-1]}

    assert '--no-deps --index-url "$TORCH_INDEX"' in runs
    assert '"$@" -c constraints.txt torch torchvision' in runs
    assert "--no-deps --only-binary=:all: --require-hashes -r locks/train.txt" in runs
    assert {"run_model.py", "model", "locks/train.txt"} <= copied
    assert {
        "learn_from_answers.py",
        "training_options.py",
        "feedback",
    } <= copied  # fine-tuning reads the store
    assert not copied & {"streamlit", "run_streamlit.py"}
    assert instructions("ARG", "trainer") == ["TORCH_INDEX=https://download.pytorch.org/whl/cpu"]


def test_the_health_check_asks_whether_weights_are_loaded_without_curl():
    command = json.loads(instructions("HEALTHCHECK")[0].split("CMD ", 1)[1])

    assert command[:2] == ["python", "-c"]
    assert "'/healthz'" in command[2]
    compile(command[2], "HEALTHCHECK", "exec")


def test_cloud_run_s_probes_ask_what_the_image_s_health_check_asks():
    readme = (ROOT / "README.md").read_text()

    assert re.findall(r"--(\w+)-probe=httpGet.path=(\S+?),", readme) == [
        ("startup", "/healthz"),
        ("liveness", "/healthz"),
    ]


def test_composes_database_is_kept_checked_and_out_of_reach():
    database = COMPOSE["services"]["database"]

    assert int(database["image"].removeprefix("postgres:")) >= 16
    assert "ports" not in database
    assert "pg_isready" in database["healthcheck"]["test"][1]
    named = database["volumes"][0].split(":")
    assert named == ["answers", "/var/lib/postgresql"]  # where PostgreSQL 18's image keeps data
    assert "answers" in COMPOSE["volumes"]
    waits_for = COMPOSE["services"]["dashboard"]["depends_on"]["database"]["condition"]
    assert waits_for == "service_healthy"


def test_compose_asks_for_a_password_and_has_none_of_its_own():
    for service, key in [("dashboard", "DB_PASSWORD"), ("database", "POSTGRES_PASSWORD")]:
        value = COMPOSE["services"][service]["environment"][key]

        assert value.startswith("${DB_PASSWORD:?")


def test_what_waits_for_composes_database_lies_on_a_volume_that_the_server_may_write_to():
    dashboard = COMPOSE["services"]["dashboard"]
    (volume,) = dashboard["volumes"]
    name, folder = volume.split(":")

    assert dashboard["environment"]["SPOOL_DIR"] == folder
    assert name in COMPOSE["volumes"]
    assert f"chown 10001 {folder}" in DOCKERFILE
    assert f":{folder} -e SPOOL_DIR={folder}" in (ROOT / "README.md").read_text()


def test_the_readme_gives_the_figures_that_were_measured():
    readme = (ROOT / "README.md").read_text()
    measured = json.loads((ROOT / "results" / "container.json").read_text())
    memory = [measured["memory_mb_one_session"], measured["memory_mb_ten_sessions"]]

    assert f"| size of the image | {measured['image_mb']} MB |" in readme
    assert f"| from start to healthy | {measured['start_to_healthy_s']:.1f} s |" in readme
    assert f"| from start to the first page | {measured['start_to_first_page_s']:.1f} s |" in readme
    assert f"| from SIGTERM to the end | {measured['sigterm_to_end_s']:.1f} s |" in readme
    for figures in memory:
        assert f" | {figures['resident']:.0f} MB |" in readme


def test_the_readmes_connection_budget_is_the_pools():
    readme = (ROOT / "README.md").read_text()
    kept, more = POOL["pool_size"], POOL["max_overflow"]
    most = kept + more
    instances = int(re.findall(r"--max-instances=(\d+)", readme)[0])

    assert f"opens {most} at most ({kept} kept and {more} more" in readme
    assert f"2 × {instances} × {most} = {2 * instances * most}, and 1 for" in readme
