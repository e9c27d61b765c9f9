"""A tuning's members to their folder, all of them or none, whoever reads it meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from model.ensemble.manifest import FILE, Manifest, manifest_to_json
from model.ensemble.member_card import MemberCard, card_to_json
from model.ensemble.member_names import MEMBERS
from model.errors import WeightsError
from model.weight_files.places import write_files


def check_folder(folder: Path) -> None:
    """Raise WeightsError now rather than after the search, where nothing can be written there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        trial = folder / ".trial"
        trial.touch()
        trial.unlink()
    except OSError as error:
        raise WeightsError(
            f"could not write members to {folder}: {error.strerror or error}; choose another "
            "folder with --out or MODELS_DIR"
        ) from error


def write_members(
    folder: Path, manifest: Manifest, cards: Mapping[str, MemberCard], graphs: Mapping[str, bytes]
) -> None:
    """Write members with their cards, then the file that names them; take the older ones away.

    Whoever reads the folder has the old members or the new ones. Raises WeightsError.
    """
    for name, version in manifest.versions.items():
        path = folder / f"{version}.onnx"
        write_files({path: graphs[name], path.with_suffix(".json"): card_to_json(cards[name])})
    write_files({folder / FILE: manifest_to_json(manifest)})
    current = set(manifest.versions.values())
    for path in folder.iterdir():
        is_ours = path.suffix in (".onnx", ".json") and path.stem.rpartition("-")[0] in MEMBERS
        if is_ours and path.stem not in current:
            with suppress(OSError):
                path.unlink()
