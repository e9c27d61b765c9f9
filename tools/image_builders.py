"""The Space's image: built by Docker, or by buildah where no Docker is, and how to run it.

Docker starts a container. What buildah has built runs by `chroot`, as the image's own user, with
its own environment and command, in a tree that is mounted read-only; that needs root.
"""

from __future__ import annotations

import json
import re
import subprocess
import tarfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

ROOT = Path(__file__).resolve().parent.parent
SPACE = ROOT / "deploy" / "huggingface"
NAME = "inkling-space"
# What Docker runs a server with that is to change nothing.
DOCKER_RUN = ("--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges")
# The tree that chroot enters is read-only, with a container's /proc, /sys and /dev, in here alone;
# the process that was started becomes the server.
READ_ONLY = (
    'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && mount -t proc proc "$0/proc" '
    '&& mount --rbind /sys "$0/sys" && mount --rbind /dev "$0/dev" && exec "$@"'
)


class Image(NamedTuple):
    """What was built: bytes, whom it runs as, and how it says that it is run."""

    size: int
    user: str
    environ: Mapping[str, str]
    folder: str
    command: Sequence[str]


class Builder(Protocol):
    """Builds the image and tells how to run it."""

    def build(self, folder: Path, options: Sequence[str]) -> None:
        """Build what lies in a folder; raises CalledProcessError or OSError."""
        ...

    def open(self) -> Image:
        """Return what was built, now or earlier, ready to be run; raises as `build` does."""
        ...

    def server(self) -> list[str]:
        """Return the command that serves in the foreground, in a tree that cannot be written to."""
        ...

    def python(self) -> list[str]:
        """Return the command that runs a program on its input, as the server's user.

        The tree is not mounted read-only here: what may be written to is up to its permissions.
        """
        ...

    def clean(self) -> None:
        """Leave nothing mounted."""
        ...


def stage(folder: Path) -> None:
    """Put into a folder what README's commands put into a Space's repository."""
    dockerfile = (SPACE / "Dockerfile").read_text()
    lines = re.findall(r"^COPY (.*)$", dockerfile, re.MULTILINE)
    sources = [source.removeprefix("./") for line in lines for source in line.split()[:-1]]
    packed = folder / "sources.tar"
    subprocess.run(["git", "archive", f"--output={packed}", "HEAD", *sources], cwd=ROOT, check=True)
    with tarfile.open(packed) as archive:
        archive.extractall(folder, filter="data")
    packed.unlink()
    for name in ("README.md", "Dockerfile"):
        (folder / name).write_bytes((SPACE / name).read_bytes())


def builder_of(name: str, port: int) -> Builder:
    """Return Docker's or buildah's."""
    return Docker(port) if name == "docker" else Buildah()


class Docker:
    """Builds and runs with Docker."""

    def __init__(self, port: int) -> None:
        """port: where the server answers, within the container and on this machine."""
        self._port = port

    def build(self, folder: Path, options: Sequence[str]) -> None:
        """Build what lies in a folder."""
        subprocess.run(["docker", "build", "--tag", NAME, *options, str(folder)], check=True)

    def open(self) -> Image:
        """Return what was built."""
        (told,) = _asked(["docker", "image", "inspect", NAME])
        return _image(told["Size"], told["Config"])

    def server(self) -> list[str]:
        """Return the command that serves; Docker passes SIGTERM on."""
        place = f"127.0.0.1:{self._port}:{self._port}"
        return ["docker", "run", "--rm", *DOCKER_RUN, "--publish", place, NAME]

    def python(self) -> list[str]:
        """Return the command that runs a program on its input."""
        return ["docker", "run", "--rm", "--interactive", "--entrypoint", "python", NAME, "-"]

    def clean(self) -> None:
        """Do nothing: containers go by themselves."""


class Buildah:
    """Builds with buildah, and runs with chroot."""

    def __init__(self) -> None:
        """Nothing is mounted yet."""
        self._container = ""
        self._tree = ""
        self._image: Image | None = None

    def build(self, folder: Path, options: Sequence[str]) -> None:
        """Build what lies in a folder."""
        build = ["buildah", "bud", "--isolation", "chroot", "--format", "docker", "--tag", NAME]
        subprocess.run([*build, *options, str(folder)], check=True)

    def open(self) -> Image:
        """Return what was built, and mount it."""
        told = _asked(["buildah", "inspect", "--type", "image", NAME])
        size = sum(layer["size"] for layer in json.loads(told["Manifest"])["layers"])
        self._image = _image(size, told["OCIv1"]["config"])
        self._container = _said(["buildah", "from", "--pull-never", NAME])
        self._tree = _said(["buildah", "mount", self._container])
        return self._image

    def server(self) -> list[str]:
        """Return the command that serves; what it starts becomes the server itself."""
        assert self._image is not None
        # Without a network of its own it would be open to this machine's.
        command = ["127.0.0.1" if part == "0.0.0.0" else part for part in self._image.command]
        return ["unshare", "--mount", "sh", "-c", READ_ONLY, self._tree, *self._entered(command)]

    def python(self) -> list[str]:
        """Return the command that runs a program on its input."""
        return self._entered(["python", "-"])

    def clean(self) -> None:
        """Unmount, and leave the image."""
        if self._container:
            _said(["buildah", "rm", self._container])

    def _entered(self, command: Sequence[str]) -> list[str]:
        assert self._image is not None
        home = {"HOME": _home_of(self._image.user, Path(self._tree))}  # Docker sets it, too
        environ = [f"{key}={value}" for key, value in {**home, **self._image.environ}.items()]
        user = f"--userspec={self._image.user}:{self._image.user}"
        inside = ["env", "-i", f"--chdir={self._image.folder}", *environ]
        return ["chroot", user, self._tree, *inside, *command]


def _home_of(user: str, tree: Path) -> str:
    lines = (tree / "etc" / "passwd").read_text().splitlines()
    return next((line.split(":")[5] for line in lines if line.split(":")[2] == user), "/")


def _image(size: int, config: Mapping[str, Any]) -> Image:
    environ = dict(pair.split("=", 1) for pair in config["Env"])
    return Image(size, config["User"], environ, config["WorkingDir"], config["Cmd"])


def _said(command: Sequence[str]) -> str:
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def _asked(command: Sequence[str]) -> Any:
    return json.loads(_said(command))
