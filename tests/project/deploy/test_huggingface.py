"""What a Hugging Face Space needs is there, and agrees with what the container is made of."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest
import yaml

from environment import ROOT
from tests.project.deploy.space_files import FOLDER, SPACE, settings

OURS = (ROOT / "Dockerfile").read_text()


def asked(port: int, path: str) -> str | None:
    """Return the policy of an answer of 200; None for every other answer, and for none."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
        try:
            connection.request("GET", path)
            with connection.getresponse() as response:
                is_good = response.status == 200
                return response.headers["content-security-policy"] or "" if is_good else None
        except OSError:
            return None


def copied(dockerfile: str) -> list[str]:
    """Return what a Dockerfile copies."""
    return re.findall(r"^COPY (.*)$", dockerfile, re.MULTILINE)


def test_the_front_matter_names_the_port_that_the_image_listens_on():
    front = yaml.safe_load((FOLDER / "README.md").read_text().split("---")[1])

    assert front["sdk"] == "docker"
    assert str(front["app_port"]) == settings()["PORT"] == "7860"
    assert len(front["short_description"]) <= 60
    assert {"title", "emoji", "colorFrom", "colorTo", "license"} <= front.keys()


def test_it_runs_as_user_1000_who_can_change_nothing():
    after = SPACE[SPACE.index("USER 1000") :]

    assert "--uid 1000 " in SPACE
    assert "COPY" not in after
    assert "go-w" in SPACE


def test_it_holds_what_the_dashboards_own_image_holds():
    dashboard = OURS[OURS.index("AS dashboard") :]
    base = OURS[OURS.index("AS base") : OURS.index("AS trainer")]

    assert copied(SPACE) == copied(base) + copied(dashboard)


def test_nothing_is_kept_and_the_frame_of_the_hub_is_let_in():
    assert settings()["EMBEDDED_STORE"] == "off"
    assert settings()["EMBED_ORIGINS"] == "https://huggingface.co"


def test_the_commands_copy_all_that_the_image_is_made_of():
    readme = (ROOT / "README.md").read_text()
    section = readme[readme.index("### Hugging Face Spaces") :]
    (archived,) = re.findall(r"git archive HEAD (.*) \|", section)

    sources = {source for line in copied(SPACE) for source in line.split()[:-1]}
    assert {name.removeprefix("./") for name in archived.split()} == sources


def test_the_readme_gives_the_figures_that_were_measured():
    section = (ROOT / "README.md").read_text().partition("### Hugging Face Spaces")[2]
    space = json.loads((ROOT / "results" / "container.json").read_text())["space"]
    may, frame = space["permissions"], space["in_frame"]
    places, writable = may["files_and_folders_of_app"], may["of_these_can_be_written_to"]

    for row in (
        f"size of the image | {space['image_mb']} MB",
        f"user | {space['runs_as']}, whose home is `{may['home']}`",
        f"of the {places:,} files and folders of `/app`, it may write to | {writable}",
        f"from start to healthy | {space['start_to_healthy_s']:.1f} s",
        f"from start to the first page, in the frame | {space['start_to_first_page_s']:.1f} s",
        f"drawings read right | {frame['digits_read_right']} of {frame['digits_drawn']}",
        f"cookies that the browser kept | {frame['cookies_kept']}",
        f"memory | {space['memory_mb']['resident']:.0f} MB",
        f"from SIGTERM to the end | {space['sigterm_to_end_s']:.1f} s",
    ):
        assert f"\n| {row} |\n" in section


def test_what_was_measured_is_what_a_space_is_to_be():
    space = json.loads((ROOT / "results" / "container.json").read_text())["space"]

    assert (space["port"], space["runs_as"], space["permissions"]["user_id"]) == (7860, 1000, 1000)
    assert space["permissions"]["of_these_can_be_written_to"] == 0
    assert not space["permissions"]["home_can_be_written_to"]
    assert space["in_frame"]["picture_sent_and_read"]
    assert space["in_frame"]["cookies_kept"] == space["in_frame"]["the_browsers_complaints"] == 0


LFS = """#!/bin/sh
shift
for pattern in "$@"; do echo "$pattern filter=lfs -text" >> .gitattributes; done
"""


@pytest.mark.skipif(os.name == "nt" or shutil.which("git") is None, reason="needs git and sh")
def test_an_update_by_the_commands_takes_away_what_the_project_has_no_more(tmp_path):
    section = (ROOT / "README.md").read_text().partition("### Hugging Face Spaces")[2]
    _, update = re.findall(r"```sh\n(.*?)```", section.partition("\n### ")[0], re.DOTALL)
    project, hub, space = (tmp_path / name for name in ("inkling", "hub.git", "space"))
    files = [source for line in copied(SPACE) for source in line.split()[:-1]]
    for name in (*files, ".env", "deploy/huggingface/README.md", "deploy/huggingface/Dockerfile"):
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(name)
    (tmp_path / "git-lfs").write_text(LFS)
    (tmp_path / "git-lfs").chmod(0o755)
    who = {"NAME": "A", "EMAIL": "a@example.org"}
    told = {f"GIT_{role}_{key}": who[key] for role in ("AUTHOR", "COMMITTER") for key in who}
    environ = {**os.environ, **told, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}

    def run(*command: str, folder: Path = tmp_path) -> str:
        done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    run("git", "init", "--quiet", "--bare", str(hub))
    run("git", "clone", "--quiet", str(hub), str(space))
    (space / "gone.py").write_text("of an earlier version")
    for folder in (space, project):
        run("git", "init", "--quiet", folder=folder)
        run("git", "add", "--all", folder=folder)
        run("git", "commit", "--quiet", "--message", "All", folder=folder)
    run("git", "push", "--quiet", "--set-upstream", "origin", "HEAD", folder=space)

    run("sh", "-e", "-c", update, folder=project)

    there = run("git", "ls-tree", "-r", "--name-only", "HEAD", folder=hub).split()
    assert sorted(there) == sorted([*files, "README.md", "Dockerfile", ".gitattributes"])
    assert (space / ".gitattributes").read_text().startswith("*.onnx filter=lfs")


@pytest.mark.skipif(os.name == "nt", reason="a home that cannot be written to")
def test_with_its_settings_and_no_home_the_dashboard_answers_and_lets_the_hub_frame_it(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environ = {**os.environ, **settings(), "PORT": str(port), "HOME": "/nonexistent"}
    process = subprocess.Popen([sys.executable, "run_streamlit.py"], cwd=ROOT, env=environ)
    try:
        end_s = time.monotonic() + 60
        while asked(port, "/healthz") is None:
            assert time.monotonic() < end_s
            time.sleep(0.2)
        policy = asked(port, "/")
    finally:
        process.terminate()
        process.wait(20)

    assert policy is not None
    assert "frame-ancestors" in policy
    assert "https://huggingface.co" in policy
