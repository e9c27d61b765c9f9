"""The rooms of `model/`, what each is for, and what its files may import."""

from __future__ import annotations

from typing import NamedTuple


class Room(NamedTuple):
    """What a folder, or a file beside the folders, is for, and what its files may import.

    takes: what may be added to it, in words for whoever adds a file. rooms: ours that it may
    import, itself aside. packages: installed ones; the standard library is free to all.
    """

    takes: str
    rooms: str
    packages: str


# From low to high, as `rooms.ROOMS`, which has these too.
MODEL_ROOMS = {
    "environment.py": Room("settings, read from the environment and `.env`", "", "dotenv"),
    "model/errors.py": Room("what can be wrong with drawings and weights", "", ""),
    "model/language": Room("what people write: words, and how likely a text is", "", "numpy"),
    "model/ink": Room("ways from picture or pen to ink", "model/errors.py", "PIL numpy scipy"),
    "model/line_ink": Room(
        "what a line of writing is to its networks", "model/errors.py model/ink", "PIL numpy"
    ),
    "model/weight_files": Room(
        "what the files of weights are made of, and what is wrong with them",
        "model/errors.py",
        "numpy safetensors",
    ),
    "model/networks": Room(
        "networks, a file each family, and their way into files of weights",
        "model/errors.py model/weight_files",
        "numpy torch",
    ),
    "model/reading": Room(
        "what turns ink into a prediction, or says how right it is",
        "environment.py model/errors.py model/ink model/weight_files",
        "PIL numpy onnxruntime scipy sklearn",
    ),
    "model/ensemble": Room(
        "what tuned members are once they are trained, and how they vote; no torch, no sklearn",
        "model/errors.py model/weight_files model/reading",
        "numpy",
    ),
    "model/writing": Room(
        "steps from a whole drawing to its text, and how sure that is",
        "model/errors.py model/language model/ink model/line_ink model/weight_files model/reading",
        "PIL numpy scipy",
    ),
    "model/datasets": Room(
        "public sets of scans, a file each", "model/errors.py model/ink", "numpy torch"
    ),
    "model/pen": Room(
        "formats of recorded strokes, and who owns them",
        "model/errors.py model/datasets",
        "numpy tqdm uncompresspy",
    ),
    "model/synthesis": Room(
        "pictures made up or drawn anew, the same for the same seed",
        "model/errors.py model/ink model/datasets model/pen",
        "PIL numpy scipy torch tqdm",
    ),
    "model/composition": Room(
        "steps from characters to lines, and lines to pictures",
        "model/errors.py model/ink model/line_ink model/pen model/synthesis",
        "PIL numpy",
    ),
    "model/figures": Room(
        "pictures of data and results",
        "model/ink model/reading model/datasets model/pen",
        "matplotlib numpy scipy torch",
    ),
    "model/tracking": Room(
        "what MLflow is told, in a process of its own, and where figures come from",
        "environment.py",
        "mlflow",
    ),
    "model/training": Room(
        "steps from data to weights",
        "environment.py model/errors.py model/ink model/weight_files model/networks model/reading "
        "model/datasets model/pen model/synthesis model/figures model/tracking",
        "numpy safetensors torch tqdm",
    ),
    "model/line_training": Room(
        "steps from lines of writing to the weights of their reader",
        "environment.py model/errors.py model/language model/ink model/line_ink model/weight_files "
        "model/networks "
        "model/reading model/writing model/datasets model/pen model/synthesis model/composition "
        "model/training",
        "numpy scipy torch tqdm",
    ),
    "model/crossval": Room(
        "what makes, trains and scores folds, and where",
        "environment.py model/errors.py model/ink model/weight_files model/networks model/reading "
        "model/datasets model/pen model/synthesis model/tracking model/training",
        "distributed numpy torch",
    ),
    "model/estimators": Room(
        "members as scikit-learn trains them, and their way into graphs",
        "model/networks model/reading model/ensemble model/datasets model/synthesis model/training",
        "numpy onnx onnxmltools skl2onnx sklearn torch xgboost",
    ),
    "model/tuning": Room(
        "steps from grids to members that are weighed against each other",
        "environment.py model/errors.py model/weight_files model/reading model/ensemble "
        "model/datasets model/pen model/synthesis model/tracking model/training model/crossval "
        "model/estimators",
        "joblib numpy sklearn tqdm",
    ),
    "model/believing": Room(
        "reasons to believe an answer or not; no torch",
        "model/ink model/reading model/pen",
        "PIL numpy scipy",
    ),
    "model/finetuning": Room(
        "steps from people's answers to weights",
        "model/errors.py model/ink model/weight_files "
        "model/believing model/networks model/datasets model/pen model/synthesis model/tracking "
        "model/training",
        "PIL numpy torch tqdm",
    ),
    "model/promotion": Room(
        "what a candidate is asked before it may read, and the report on that",
        "model/weight_files model/reading model/datasets model/pen model/synthesis model/training "
        "model/believing",
        "numpy scipy",
    ),
    "model/evaluation": Room(
        "measurements of weights on data that nothing was chosen on",
        "model/errors.py model/ink model/weight_files model/reading model/datasets model/pen "
        "model/synthesis model/figures model/tracking model/training",
        "PIL numpy scipy sklearn torch",
    ),
    "model/line_evaluation": Room(
        "measurements of the reader of writing on lines that nothing was chosen on",
        "model/errors.py model/language model/ink model/reading model/writing model/datasets "
        "model/pen model/synthesis model/composition model/figures model/tracking "
        "model/line_training model/evaluation",
        "numpy",
    ),
    "model/__init__.py": Room(
        "`Recogniser`, `Reader`, errors", "model/errors.py model/reading model/writing", ""
    ),
    "model/predict_writing.py": Room(
        "how readings of writing are said", "model/errors.py model/ink model/writing", ""
    ),
    "model/predict.py": Room(
        "nothing: a command",
        "model/errors.py model/ink model/reading model/writing model/predict_writing.py "
        "model/figures",
        "",
    ),
    "model/export.py": Room(
        "nothing: a command", "model/errors.py model/weight_files model/networks", ""
    ),
    "model/freeze.py": Room(
        "nothing: a command",
        "environment.py model/errors.py model/weight_files model/datasets model/reading "
        "model/evaluation",
        "",
    ),
    "model/convert_words.py": Room("nothing: a command", "model/language", ""),
    "model/convert_pen.py": Room(
        "nothing: a command", "environment.py model/datasets model/pen", ""
    ),
}
