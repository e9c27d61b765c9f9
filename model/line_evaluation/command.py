"""What `run_model.py --dataset writing` does."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from model.line_evaluation.evaluate_writing import evaluate_writing
from model.line_evaluation.text_scores import format_writing, metrics_of
from model.line_training.learn import LineRecipe
from model.line_training.reader_settings import format_settings
from model.line_training.samples import FEW, Amounts
from model.line_training.train_reader import train_reader
from model.tracking.tracker import Run


def train_and_test(
    mode: str, recipe: LineRecipe, data_dir: Path, folder: Path, results_dir: Path, run: Run, *,
    is_quick: bool = False, device: str = "auto", resume: bool = False,
) -> bool:  # fmt: skip
    """Train the reader of writing, test it, or both; tell the run and the terminal of it.

    mode: `train`, `test` or `both`. folder: of the weights. returns: whether the training was
    interrupted; then nothing is tested. Raises WeightsError, DatasetError, OSError, or
    KeyboardInterrupt where nothing was learnt yet.
    """
    if mode != "test":
        run.options({**asdict(recipe), "dataset": "writing", "quick": is_quick})
        amounts = FEW if is_quick else Amounts()
        settings, is_interrupted = train_reader(
            recipe, data_dir, folder, amounts=amounts, device=device, resume=resume
        )
        run.metrics({f"validation/{name}": share for name, share in settings.metrics.items()})
        print(f"{format_settings(settings)}\n\nthe weights are in {folder}")
        if is_interrupted:
            run.interrupted()
            return True
    if mode != "train":
        report = evaluate_writing(folder, data_dir, results_dir, recipe.seed)
        run.metrics(metrics_of(report))
        run.files((results_dir / name for name in report["figures"]), "figures")
        print(format_writing(report))
        print(f"\nreport and figures are in {results_dir}")
    return False
