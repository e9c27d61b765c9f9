"""The Space's image is built from what its repository holds, and run as the hub runs it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from environment import ROOT
from tests.project.deploy.space_files import FOLDER
from tools import image_builders, measure_container, measure_space
from tools.image_builders import Buildah, Docker

CONFIG = {
    "Env": ["PATH=/usr/bin", "PORT=7860"],
    "User": "1000",
    "WorkingDir": "/app",
    "Cmd": ["python", "run_streamlit.py", "--address", "0.0.0.0"],
}
IMAGES = {
    "docker": [{"Size": 700_000_000, "Config": CONFIG}],
    "buildah": {
        "Manifest": json.dumps({"layers": [{"size": 150}, {"size": 550}]}),
        "OCIv1": {"config": CONFIG},
    },
}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Sequence[str]]:
    """The commands of a builder, which answer and do nothing."""
    commands: list[Sequence[str]] = []
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "passwd").write_text("inkling:x:1000:1000::/nonexistent:/bin/sh\n")

    def run(command: Sequence[str], **_: Any) -> subprocess.CompletedProcess[str]:
        commands.append(command)
        is_inspection = "inspect" in command
        said = json.dumps(IMAGES[command[0]]) if is_inspection else str(tmp_path)
        return subprocess.CompletedProcess(command, 0, stdout=said)

    monkeypatch.setattr(image_builders.subprocess, "run", run)
    return commands


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_what_is_built_is_what_a_spaces_repository_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, repository = tmp_path / "project", tmp_path / "space"
    repository.mkdir()
    for name in ("locks/app.txt", "tools/trim_packages.py", "environment.py", "streamlit/app.py"):
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, project / name)
    for name in ("run_streamlit.py", "LICENSE", ".env"):
        (project / name).write_text("")
    for room in ("api", "feedback", "model", "results", "serving", "tests"):
        (project / room).mkdir()
        (project / room / "file").write_text("")
    git = ["git", "-C", str(project), "-c", "user.name=A", "-c", "user.email=a@example.org"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "All"]):
        subprocess.run([*git, *command], check=True)
    monkeypatch.setattr(image_builders, "ROOT", project)

    image_builders.stage(repository)

    names = {file.name for file in repository.iterdir()}
    assert (repository / "Dockerfile").read_text() == (FOLDER / "Dockerfile").read_text()
    assert (repository / "README.md").read_text() == (FOLDER / "README.md").read_text()
    assert {"locks", "tools", "environment.py", "streamlit", "model"} <= names
    assert not {".env", "tests", "sources.tar"} & names


def test_docker_serves_at_loopback_in_a_tree_that_cannot_be_written_to(
    asked: list[Sequence[str]], tmp_path: Path
) -> None:
    docker = Docker(7860)

    docker.build(tmp_path, ["--pull"])
    image = docker.open()

    assert asked[0] == ["docker", "build", "--tag", "inkling-space", "--pull", str(tmp_path)]
    assert (image.size, image.user, image.environ["PORT"]) == (700_000_000, "1000", "7860")
    assert {"--read-only", "127.0.0.1:7860:7860"} <= set(docker.server())


def test_without_docker_the_images_user_environment_and_command_run_by_chroot(
    asked: list[Sequence[str]], tmp_path: Path
) -> None:
    buildah = Buildah()

    image = buildah.open()
    command = " ".join(buildah.server())

    assert image.size == 700
    assert "remount,bind,ro" in command
    assert f"chroot --userspec=1000:1000 {tmp_path} env -i --chdir=/app" in command
    assert "HOME=/nonexistent PATH=/usr/bin PORT=7860" in command
    assert command.endswith("python run_streamlit.py --address 127.0.0.1")


def test_what_was_mounted_is_not_left_behind(asked: list[Sequence[str]], tmp_path: Path) -> None:
    buildah = Buildah()
    buildah.open()

    buildah.clean()

    assert asked[-1] == ["buildah", "rm", str(tmp_path)]


def test_a_builder_that_is_not_there_is_said_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def nowhere(*_: object) -> None:
        raise FileNotFoundError(2, "No such file or directory", "docker")

    monkeypatch.setattr(measure_space, "stage", nowhere)

    assert measure_space.main([]) == 1
    assert "'docker'" in capsys.readouterr().err


@pytest.mark.parametrize(("home", "is_written"), [("home", True), ("a file/home", False)])
def test_a_home_that_can_be_written_to_is_found(
    tmp_path: Path, home: str, is_written: bool
) -> None:
    (tmp_path / "a file").touch()

    run = subprocess.run(
        [sys.executable, "-"],
        input=measure_space.INSIDE.replace("/app", str(tmp_path)),
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "HOME": str(tmp_path / home)},
    )

    found = json.loads(run.stdout)
    assert found["home_can_be_written_to"] is is_written
    assert found["of_these_can_be_written_to"] == found["files_and_folders_of_app"] > 1


def test_figures_of_one_image_leave_those_of_the_other(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(measure_container, "RESULTS", tmp_path / "container.json")
    measure_container.record({"image_mb": 700, "space": {"image_mb": 1}})

    measure_container.record({"space": {"image_mb": 800}})

    kept = json.loads((tmp_path / "container.json").read_text())
    assert kept == {"image_mb": 700, "space": {"image_mb": 800}}
