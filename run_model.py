"""Command line of the trainer: train, test, cross-validate, tune, or learn from people's answers.

`--dataset` says which reader it is about: of digits, of characters, or of whole lines of writing.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from environment import data_dir, read_environment
from learn_from_answers import learn
from model.crossval.plan import check_scheduler
from model.datasets.idx import DatasetError
from model.errors import FoldError, WeightsError
from model.finetuning.answered import TooLittleToLearn
from model.line_training.learn import LineRecipe
from model.tracking.tracker import Run, open_tracker
from model.training.options import BadOption
from model.tuning.grids import BadGrid
from training_options import BY_NETWORK, WRITING, Options, parse_args

DONE, FAILED, BAD_USAGE, INTERRUPTED = 0, 1, 2, 130  # exit statuses


def _do(options: Options, run: Run) -> int:
    """Do what the options say, and tell the run of it; return the exit status."""
    folder = options.data_dir or data_dir(read_environment())
    if options.mode == "crossval":
        return _cross_validate(options, folder, run)
    if options.mode == "finetune":
        learn(options, folder, options.out, run)
        return DONE
    if options.mode == "tune":
        return _tune(options, folder, run)
    if options.dataset == WRITING:
        return _do_writing(options, folder, run)
    weights = options.weights_to_test()
    if options.mode != "test":
        from model.training.run import train

        weights = options.weights_to_write()
        result = train(options, folder, weights, options.plots(), resume=options.resume, run=run)
        if result.ended == "interrupted":
            return INTERRUPTED
    if options.mode != "train":
        from model.evaluation.by_dataset import score_weights

        score_weights(options.dataset, weights, folder, options.results(), options.seed, run)
    return DONE


def _do_writing(options: Options, folder: Path, run: Run) -> int:
    from model.line_evaluation.command import train_and_test

    recipe = LineRecipe(**{name: getattr(options, name) for name in (*BY_NETWORK, "seed")})
    is_interrupted = train_and_test(
        options.mode, recipe, folder, options.reader_folder(), options.results(), run,
        is_quick=options.quick, device=options.device, resume=options.resume,
    )  # fmt: skip
    return INTERRUPTED if is_interrupted else DONE


def _cross_validate(options: Options, folder: Path, run: Run) -> int:
    if options.scheduler is not None:
        check_scheduler(options.scheduler)  # before what takes seconds to load
    from model.crossval.cross_validate import cross_validate
    from model.crossval.fold_table import format_folds

    report = cross_validate(
        options, options.how(), folder, options.results(), resume=options.resume, run=run
    )
    if report is None:
        return INTERRUPTED
    print(format_folds(report))
    print(f"\nthe table and all figures are in {options.results()}")
    return DONE


def _tune(options: Options, folder: Path, run: Run) -> int:
    from model.tuning.tuning_command import run_tuning

    if options.scheduler is not None:
        check_scheduler(options.scheduler)  # before what takes seconds to load
    is_interrupted = run_tuning(
        options.request(), folder, options.out, options.results_dir, run,
        resume=options.resume, scheduler=options.scheduler, device=options.device,
    )  # fmt: skip
    return INTERRUPTED if is_interrupted else DONE


def main(argv: Sequence[str] | None = None) -> int:
    """Do what the command line asks for; return the exit status."""
    options = parse_args(argv)
    is_wanted = options.mode != "test" and not options.no_tracking
    trained = WRITING if options.dataset == WRITING else options.network
    if options.mode == "tune":
        trained = " ".join(options.request().grids)
    name = f"{options.mode} {trained} seed {options.seed}"
    try:
        with (
            open_tracker(read_environment(), is_wanted=is_wanted) as tracker,
            tracker.run(name, mode=options.mode) as run,
        ):
            status = _attempt(options, run)
        if tracker.where:
            print(f"tracked in {tracker.where}: `make experiments` shows it")
        return status
    except KeyboardInterrupt:
        return INTERRUPTED


def _attempt(options: Options, run: Run) -> int:
    """Do what the options say, or say why not, also to the run; return the exit status."""
    try:
        return _do(options, run)
    except KeyboardInterrupt:
        run.interrupted()
        print("interrupted", file=sys.stderr)
        return INTERRUPTED
    except (BadOption, BadGrid, WeightsError, DatasetError, FoldError, TooLittleToLearn) as error:
        words = str(error)
        status = BAD_USAGE if isinstance(error, BadOption | BadGrid) else FAILED
    except OSError as error:
        words = f"could not write {error.filename or 'a file'}: {error.strerror or error}"
        status = FAILED
    except ImportError as error:
        words, status = f"{error}: run `pip install -r requirements.txt`", FAILED
    run.failed()
    print(words, file=sys.stderr)
    return status


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: the best is kept
    sys.exit(main())
