from __future__ import annotations

import gzip
import hashlib
import threading
import zipfile
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import torch

from model.datasets.download import MNIST_FILES, download_emnist, download_mnist
from model.datasets.emnist import emnist_files, load_emnist
from model.datasets.idx import DatasetError
from model.datasets.mnist import load_mnist
from tests.model.datasets.scanned_digits import scanned_digits, write_as_mnist, write_idx


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def served(tmp_path: Path) -> Path:
    """The folder that the server serves: a small MNIST, compressed as the real one."""
    folder = tmp_path / "served"
    folder.mkdir()
    for path in (write_as_mnist(tmp_path / "source", scanned_digits()) / "MNIST/raw").iterdir():
        (folder / f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes()))
    return folder


@pytest.fixture
def server(served: Path) -> Iterator[str]:
    handler = partial(Quiet, directory=str(served))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def resources(served: Path) -> list[tuple[str, str]]:
    return [
        (f"{name}.gz", hashlib.md5((served / f"{name}.gz").read_bytes()).hexdigest())
        for name in MNIST_FILES
    ]


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")


def test_what_is_downloaded_is_read_without_asking_the_server_again(
    tmp_path: Path, served: Path, server: str
) -> None:
    download_mnist(tmp_path / "data", [server], resources(served))

    test = load_mnist(tmp_path / "data", train=False)
    assert torch.equal(test.images, scanned_digits().images[-300:])
    assert sorted(path.name for path in (tmp_path / "data/MNIST").rglob("*")) == sorted(
        ["raw", *MNIST_FILES]
    )


def test_a_progress_bar_counts_the_bytes(
    tmp_path: Path, served: Path, server: str, capfd: pytest.CaptureFixture[str]
) -> None:
    download_mnist(tmp_path / "data", [server], resources(served))

    assert "100%" in capfd.readouterr().err


def test_the_next_server_is_asked_when_the_first_does_not_answer(
    tmp_path: Path, served: Path, server: str
) -> None:
    download_mnist(tmp_path / "data", ["http://127.0.0.1:9/", server], resources(served))

    assert len(load_mnist(tmp_path / "data", train=False)) == 300


def test_a_file_with_a_wrong_sum_is_refused_and_not_kept(
    tmp_path: Path, served: Path, server: str
) -> None:
    expected = resources(served)
    damaged = served / f"{MNIST_FILES[-1]}.gz"
    damaged.write_bytes(damaged.read_bytes()[:-1])

    with pytest.raises(DatasetError, match="could not be downloaded"):
        download_mnist(tmp_path / "data", [server], expected)

    assert not any(path.is_file() for path in (tmp_path / "data").rglob("*"))


def test_without_a_network_the_message_says_where_to_put_which_files(tmp_path: Path) -> None:
    with pytest.raises(DatasetError) as refusal:
        download_mnist(tmp_path / "data", ["http://127.0.0.1:9/"])

    message = str(refusal.value)
    assert "\n" not in message
    assert str(tmp_path / "data" / "MNIST" / "raw") in message
    assert "--data-dir" in message
    assert all(name in message for name in MNIST_FILES)


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")

    with pytest.raises(DatasetError, match=r"there is no MNIST in .*file"):
        download_mnist(tmp_path / "file")


def serve_emnist(served: Path) -> str:
    """Put EMNIST's archive, with one scan in each file, where the server finds it: its MD5."""
    image = scanned_digits().images[:1].numpy()
    with zipfile.ZipFile(served / "gzip.zip", "w") as archive:
        for split in ("letters", "bymerge", "balanced"):
            for train in (True, False):
                for name, values in zip(
                    emnist_files(split, train=train), (image, image[:, 0, 0] + 5), strict=True
                ):
                    write_idx(served / name, values)
                    archive.writestr(f"gzip/{name}.gz", gzip.compress((served / name).read_bytes()))
    return hashlib.md5((served / "gzip.zip").read_bytes()).hexdigest()


def test_emnist_is_downloaded_and_read_and_what_is_there_is_left(
    tmp_path: Path, served: Path, server: str
) -> None:
    md5 = serve_emnist(served)
    raw = tmp_path / "data/EMNIST/raw"
    raw.mkdir(parents=True)
    ours = raw / emnist_files("letters", train=False)[0]
    ours.write_bytes(b"our own part")

    download_emnist(tmp_path / "data", "letters", train=True, url=f"{server}gzip.zip", md5=md5)

    letters = load_emnist(tmp_path / "data", "letters", train=True)
    assert torch.equal(letters.images[0].T, scanned_digits().images[0])
    assert ours.read_bytes() == b"our own part"
    names = {path.name for path in (tmp_path / "data/EMNIST").rglob("*") if path.is_file()}
    assert len(names) == 8
    assert not any("balanced" in name for name in names)


def test_an_emnist_with_a_wrong_sum_is_refused_and_not_kept(
    tmp_path: Path, served: Path, server: str
) -> None:
    serve_emnist(served)

    with pytest.raises(DatasetError, match="could not be downloaded"):
        download_emnist(
            tmp_path / "data", "letters", train=True, url=f"{server}gzip.zip", md5="0" * 32
        )

    assert not any(path.is_file() for path in (tmp_path / "data").rglob("*"))


def test_without_a_network_the_message_names_the_files_of_emnist_that_are_needed(
    tmp_path: Path,
) -> None:
    with pytest.raises(DatasetError) as refusal:
        download_emnist(tmp_path, "letters", train=False, url="http://127.0.0.1:9/gzip.zip")

    assert all(name in str(refusal.value) for name in emnist_files("letters", train=False))
    assert str(tmp_path / "EMNIST" / "raw") in str(refusal.value)
