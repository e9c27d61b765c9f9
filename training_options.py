"""What the trainer's command line takes, and what of it goes together."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from environment import ROOT, project_path, read_environment
from learn_from_answers import FromAnswers, add_options
from model.crossval.plan import CrossValidation
from model.line_training.learn import LineRecipe
from model.networks.registry import NETWORKS, READERS
from model.training.options import RECIPES, BadOption, Recipe, TrainingOptions
from model.tuning.grids import Request
from model.tuning.tuning_command import ForTuning, add_tuning_options

DIGITS, WRITING = "digits", "writing"
DATASETS = (*READERS, WRITING)
BY_NETWORK = ("epochs", "batch_size", "learning_rate")  # options whose default is the recipe's
OF_FOLDS = ("folds", "keep_folds", "workers", "scheduler")  # options of cross-validation alone
NOT_OF_WRITING = ("network", "patience", "plots_dir")
OF_DIGITS = ("crossval", "finetune", "tune")  # modes that know digits alone
MODES = ("train", "test", "both", "crossval", "finetune", "tune")
NOT_OF_FINE_TUNING = ("network", "patience", "model", "resume", "plots_dir", "results_dir")


@dataclass(frozen=True, kw_only=True)
class Options(TrainingOptions, FromAnswers, ForTuning):
    """Everything that the command line takes; None stands for what the help says."""

    mode: str = "both"
    dataset: str = DIGITS
    data_dir: Path | None = None
    out: Path | None = None
    model: Path | None = None
    plots_dir: Path | None = None
    results_dir: Path | None = None
    resume: bool = False
    quick: bool = False
    no_tracking: bool = False
    folds: int = CrossValidation.folds
    keep_folds: Path | None = None
    workers: int | None = None
    scheduler: str | None = None

    def __post_init__(self) -> None:
        """Refuse options that would be passed over in silence."""
        super().__post_init__()
        self._check_dataset()
        if self.model and self.mode != "test":
            raise BadOption("--model goes with --mode test; training writes to --out")
        if self.resume and self.mode == "test":
            raise BadOption("--resume goes with training; --mode test has nothing to go on with")
        self.how()
        self.check_answers(self.mode)
        self.check_tuning(self.mode, self.given, Options)
        if self.mode == "tune":
            self.request()
        if self.mode == "finetune":
            for name in NOT_OF_FINE_TUNING:
                if getattr(self, name) != getattr(Options, name):
                    option = name.replace("_", "-")
                    raise BadOption(f"--{option} has no meaning for --mode finetune")
        for name in OF_FOLDS:
            is_given = getattr(self, name) != getattr(Options, name)
            if is_given and self.mode not in ("crossval", "tune"):
                raise BadOption(f"--{name.replace('_', '-')} goes with --mode crossval")
        if self.out and self.mode == "crossval":
            raise BadOption(
                "--mode crossval writes no weights to --out: --keep-folds DIR keeps them"
            )

    def _check_dataset(self) -> None:
        if self.dataset != DIGITS and self.mode in OF_DIGITS:
            raise BadOption(f"--mode {self.mode} knows digits alone, no --dataset {self.dataset}")
        is_training = self.dataset == WRITING and self.mode != "test"
        if self.quick and not (is_training or self.mode == "tune"):
            raise BadOption("--quick goes with --mode tune or the training of --dataset writing")
        if self.dataset == WRITING:
            for name in NOT_OF_WRITING:
                if getattr(self, name) != getattr(Options, name):
                    option = name.replace("_", "-")
                    raise BadOption(f"--{option} has no meaning for --dataset writing")
        elif self.network not in READERS[self.dataset]:
            raise BadOption(f"--network {self.network} does not read --dataset {self.dataset}")

    def how(self) -> CrossValidation:
        """Return how a cross-validation is to be done."""
        return CrossValidation(**{name: getattr(self, name) for name in OF_FOLDS})

    def request(self) -> Request:
        """Return what is to be tuned."""
        return self.tuning(self.seed, self.workers, is_small=self.quick)

    def weights_to_write(self) -> Path:
        """Return where training writes its weights."""
        return self.out or ROOT / "model" / "weights" / f"{self.network}.safetensors"

    def reader_folder(self) -> Path:
        """Return the folder of the weights of the reader of writing."""
        return self.model or self.out or ROOT / "model" / "weights"

    def weights_to_test(self) -> Path:
        """Return which weights `--mode test` reads."""
        named = read_environment().get("WEIGHTS")  # those that read digits
        if self.dataset == DIGITS and self.model is None and self.out is None and named:
            return project_path(named)
        return self.model or self.weights_to_write()

    def plots(self) -> Path:
        """Return where the training's curves go: away from the shipped ones with other weights."""
        if self.plots_dir or self.out:
            return self.plots_dir or self.out.parent  # type: ignore[union-attr]
        plots = ROOT / "model" / "plots"
        return plots if self.network == Options.network else plots / self.network

    def results(self) -> Path:
        """Return where the test's report and figures go."""
        results = ROOT / "results"
        return self.results_dir or (results if self.dataset == DIGITS else results / self.dataset)


def parse_args(argv: Sequence[str] | None = None) -> Options:
    """Read the options; every default lives in `Options` and `TrainingOptions`."""
    parser = argparse.ArgumentParser(
        description="Train a network that reads digits or characters, test it, cross-validate how "
        "it is trained, or fine-tune it on drawings that people answered.",
        epilog="Exit status: 0 done, 1 it could not be done, 2 bad usage, 130 interrupted "
        "(the best weights so far, or the finished folds, are kept; --resume goes on). "
        "Trainings are recorded in MLflow, where it is installed: in var/mlflow.db, or where "
        "MLFLOW_TRACKING_URI says; `make experiments` shows them.",
    )

    def add(name: str, help_text: str, **settings: object) -> None:
        default = next(f.default for f in fields(Options) if f.name == name)
        shown = "" if default is None or default is False else f" (default: {default})"
        if name in BY_NETWORK:
            named = ", ".join(f"{getattr(RECIPES[n], name)} for {n}" for n in NETWORKS)
            named += f", {getattr(LineRecipe, name)} for writing"
            default, shown = None, f" (default: {named})"
        option = f"--{name.replace('_', '-')}"
        parser.add_argument(option, default=default, help=help_text + shown, **settings)  # type: ignore[arg-type]

    defaults = (f"{networks[0]} for {dataset}" for dataset, networks in READERS.items())
    add("mode", "what to do", choices=MODES)
    add(
        "dataset",
        "what is read: digits, one of all 62 characters, or whole lines of writing",
        choices=DATASETS,
    )
    parser.add_argument(
        "--network",
        choices=tuple(NETWORKS),
        help=f"which network to train (default: {', '.join(defaults)}; writing has two, always)",
    )
    add("epochs", "passes over the training data (finetune: the drawings), at most", type=int)
    add("batch_size", "digits per step", type=int)
    add("learning_rate", "highest learning rate of the schedule", type=float)
    add(
        "seed",
        "fixes split, first weights, batches and augmentation, and the samples shown",
        type=int,
    )
    add("patience", "end after so many epochs without a better one on validation", type=int)
    add(
        "device",
        "where to train; auto takes CUDA or MPS where present",
        choices=("auto", "cpu", "cuda", "mps"),
    )
    add(
        "data_dir", "folder that has MNIST/raw, or gets it (default: DATA_DIR, or data/)", type=Path
    )
    add(
        "out",
        "weights file that training writes (default: model/weights/NETWORK.safetensors; "
        "of --mode finetune: var/candidates/VERSION.safetensors; "
        "of writing: the folder of its three files; of --mode tune: a folder, or else MODELS_DIR)",
        type=Path,
    )
    add(
        "model",
        "weights file that --mode test reads, of writing the folder of its three files "
        "(default: --out if given, or WEIGHTS, or what training writes)",
        type=Path,
    )
    add(
        "plots_dir",
        "folder of history.json and training_history.png "
        "(default: model/plots, for another network a folder in it; beside --out if that is given)",
        type=Path,
    )
    add(
        "results_dir",
        "folder of the test's report and figures (default: results, for characters a folder in it)",
        type=Path,
    )
    add(
        "resume",
        "go on with a training that was interrupted, with the same options; of writing, from the "
        "weights that are there, with a learning rate that only falls",
        action="store_true",
    )
    add(
        "quick",
        "writing: learn from a few lines alone, for a first reader soon; tune: winners learn no "
        "more scans than the search takes",
        action="store_true",
    )
    add("no_tracking", "do not record the training in MLflow", action="store_true")
    add(
        "folds",
        "crossval: 2 to 20 parts, each scored by weights of the others; scans are spread by class, "
        "drawings by writer, so that no hand is on both sides",
        type=int,
    )
    add("keep_folds", "crossval: folder to leave the weights of each fold in", type=Path)
    add(
        "workers",
        "crossval, tune: folds in training at a time, each on one core "
        "(default: as many as there are cores; 1 where a GPU trains)",
        type=int,
    )
    add(
        "scheduler",
        "crossval, tune: a Dask cluster that trains the folds, tcp://HOST:PORT; its workers run "
        "in this project's folder and need no data",
    )
    add_options(parser)
    add_tuning_options(parser)
    given = vars(parser.parse_args(argv))
    if given["network"] is None:
        given["network"] = READERS.get(given["dataset"], READERS[DIGITS])[0]
    recipe: Recipe | LineRecipe = RECIPES[given["network"]]
    if given["dataset"] == WRITING:
        recipe = LineRecipe(epochs=1) if given["quick"] else LineRecipe()
    by_recipe = {name: getattr(recipe, name) for name in BY_NETWORK if given[name] is None}
    try:
        as_given = given if given["mode"] in ("finetune", "tune") else {}
        return Options(**(given | by_recipe), given=as_given)
    except BadOption as error:
        parser.error(str(error))
