"""Command line of the trainer: train the network, test it, or go on from people's answers."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from environment import ROOT, data_dir, project_path, read_environment
from model.datasets.idx import DatasetError
from model.errors import WeightsError
from model.finetuning.answered import TooLittleToLearn
from model.finetuning.ways import FREEZES, STEPS, FineTuningOptions, Way
from model.networks.registry import NETWORKS
from model.training.options import RECIPES, BadOption, TrainingOptions

BY_NETWORK = ("epochs", "batch_size", "learning_rate")  # options whose default is the recipe's
DONE, FAILED, BAD_USAGE, INTERRUPTED = 0, 1, 2, 130  # exit statuses


@dataclass(frozen=True, kw_only=True)
class Options(TrainingOptions):
    """Everything that the command line takes; None stands for what the help says."""

    mode: str = "both"
    data_dir: Path | None = None
    out: Path | None = None
    model: Path | None = None
    plots_dir: Path | None = None
    results_dir: Path | None = None
    resume: bool = False
    drawings: Path | None = None
    from_store: bool = False
    parent: Path | None = None
    freeze: str | None = None
    steps: int | None = None
    fine_tuning: FineTuningOptions | None = None  # what of all this --mode finetune goes by

    def __post_init__(self) -> None:
        """Refuse options that would be passed over in silence."""
        super().__post_init__()
        self._check_fine_tuning()
        if self.model and self.mode != "test":
            raise BadOption("--model goes with --mode test; training writes to --out")
        if self.resume and self.mode == "test":
            raise BadOption("--resume goes with training; --mode test has nothing to go on with")

    def _check_fine_tuning(self) -> None:
        of_it = ("drawings", "from_store", "parent", "freeze", "steps")
        if self.mode != "finetune":
            given = next((name for name in of_it if getattr(self, name)), None)
            if given:
                raise BadOption(f"--{given.replace('_', '-')} goes with --mode finetune")
            return
        if bool(self.drawings) == self.from_store:
            raise BadOption(
                "--mode finetune learns from drawings: give either --drawings DIR or --from-store"
            )
        for name in ("model", "resume", "plots_dir", "results_dir"):
            if getattr(self, name):
                raise BadOption(f"--{name.replace('_', '-')} has no meaning for --mode finetune")

    def weights_to_write(self) -> Path:
        """Return where training writes its weights."""
        return self.out or ROOT / "model" / "weights" / f"{self.network}.safetensors"

    def weights_to_test(self) -> Path:
        """Return which weights `--mode test` reads."""
        named = read_environment().get("WEIGHTS")
        if self.model is None and self.out is None and named:
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
        return self.results_dir or ROOT / "results"


def parse_args(argv: Sequence[str] | None = None) -> Options:
    """Read the options; every default lives in `Options` and `TrainingOptions`."""
    parser = argparse.ArgumentParser(
        description="Train the digit network, test it, both, or fine-tune it on drawings.",
        epilog="Exit status: 0 done, 1 it could not be done, 2 bad usage, 130 interrupted "
        "(the best weights so far are kept; --resume goes on).",
    )

    def add(name: str, help_text: str, **settings: object) -> None:
        default = next(f.default for f in fields(Options) if f.name == name)
        shown = "" if default is None or default is False else f" (default: {default})"
        if name in BY_NETWORK:
            named = ", ".join(f"{getattr(RECIPES[n], name)} for {n}" for n in NETWORKS)
            default, shown = None, f" (default: {named})"
        option = f"--{name.replace('_', '-')}"
        parser.add_argument(option, default=default, help=help_text + shown, **settings)  # type: ignore[arg-type]

    add("mode", "what to do", choices=("train", "test", "both", "finetune"))
    add("network", "which network to train", choices=tuple(NETWORKS))
    add("epochs", "passes over the training data, at most", type=int)
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
        "weights file that training writes (default: model/weights/NETWORK.safetensors)",
        type=Path,
    )
    add(
        "model",
        "weights file that --mode test reads (default: --out if given, or WEIGHTS, "
        "or what training writes)",
        type=Path,
    )
    add(
        "plots_dir",
        "folder of history.json and training_history.png "
        "(default: model/plots, for another network a folder in it; beside --out if that is given)",
        type=Path,
    )
    add(
        "drawings",
        "folder that --mode finetune learns from: folders 0 to 9 of pictures in it, and "
        "not-a-digit, or none, for what is no digit",
        type=Path,
    )
    add(
        "from_store",
        "let --mode finetune learn from the answered drawings of the feedback store",
        action="store_true",
    )
    add(
        "parent",
        "weights that --mode finetune goes on from (default: the shipped ones)",
        type=Path,
    )
    add(
        "freeze",
        "what --mode finetune leaves as it is: with convolutions, the last layers alone learn "
        f"(default: {FREEZES[0]})",
        choices=FREEZES,
    )
    add(
        "steps",
        f"batches that --mode finetune learns from (default: {STEPS}, more where there are over "
        "a thousand drawings)",
        type=int,
    )
    add("results_dir", "folder of the test's report and figures (default: results)", type=Path)
    add(
        "resume",
        "go on with a training that was interrupted, with the same options",
        action="store_true",
    )
    given = vars(parser.parse_args(argv))
    recipe = RECIPES[given["network"]]
    by_recipe = {name: getattr(recipe, name) for name in BY_NETWORK if given[name] is None}
    try:
        fine_tuning = _fine_tuning(given) if given["mode"] == "finetune" else None
        return Options(**(given | by_recipe), fine_tuning=fine_tuning)
    except BadOption as error:
        parser.error(str(error))


def _fine_tuning(given: Mapping[str, Any]) -> FineTuningOptions:
    """Return what fine-tuning goes by; what was not given is as `Way` has it."""
    names = ("freeze", "learning_rate", "batch_size")
    way = Way(**{name: given[name] for name in names if given[name] is not None})
    return FineTuningOptions(
        way=way,
        steps=given["steps"],
        passes=given["epochs"],
        seed=given["seed"],
        device=given["device"],
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Do what the command line asks for; return the exit status."""
    options = parse_args(argv)
    folder = options.data_dir or data_dir(read_environment())
    try:
        if options.mode == "finetune":
            from learn_from_answers import learn

            learn(
                options.fine_tuning or FineTuningOptions(),
                folder,
                drawings=options.drawings,
                parent=options.parent,
                out=options.out,
            )
            return DONE
        weights = options.weights_to_test()
        if options.mode != "test":
            from model.training.run import train

            weights = options.weights_to_write()
            result = train(options, folder, weights, options.plots(), resume=options.resume)
            if result.ended == "interrupted":
                return INTERRUPTED
        if options.mode != "train":
            from model.evaluation.evaluate import evaluate
            from model.evaluation.table import format_report

            print(format_report(evaluate(weights, folder, options.results(), options.seed)))
            print(f"\nreport and figures are in {options.results()}")
    except BadOption as error:
        print(error, file=sys.stderr)
        return BAD_USAGE
    except (WeightsError, DatasetError, TooLittleToLearn) as error:
        print(error, file=sys.stderr)
        return FAILED
    except OSError as error:
        print(
            f"could not write {error.filename or 'a file'}: {error.strerror or error}",
            file=sys.stderr,
        )
        return FAILED
    except ImportError as error:
        print(f"{error}: run `pip install -r requirements.txt`", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return INTERRUPTED
    return DONE


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: the best is kept
    sys.exit(main())
