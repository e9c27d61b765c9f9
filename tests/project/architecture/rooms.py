"""The rooms of the house: what each is for, and what its files may import."""

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


# From low to high: a room names only rooms above it in this table, which a test checks.
ROOMS = {
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
        "environment.py", "mlflow",
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
    "model/believing": Room(
        "reasons to believe an answer or not; no torch",
        "model/ink model/reading model/pen",
        "PIL numpy scipy",
    ),
    "model/finetuning": Room(
        "steps from people's answers to weights", "model/errors.py model/ink model/weight_files "
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
        "nothing: a command", "environment.py model/datasets model/pen", ""),
    "feedback/errors.py": Room("what a store can refuse", "", ""),
    "feedback/connection": Room(
        "ways to reach a store, and why one cannot be reached",
        "environment.py feedback/errors.py",
        "psycopg2 sqlalchemy",
    ),
    "feedback/records": Room(
        "tables, and what writes one row of them",
        "feedback/errors.py feedback/connection",
        "sqlalchemy",
    ),
    "feedback/spool": Room(
        "what becomes of rows that cannot be written yet: files, never the store itself",
        "environment.py feedback/records",
        "sqlalchemy",
    ),
    "feedback/queries": Room(
        "questions that only read",
        "feedback/errors.py feedback/connection feedback/records",
        "sqlalchemy",
    ),
    "feedback/learning": Room(
        "what is known and decided of weights that learnt from answers",
        "feedback/errors.py feedback/connection feedback/records",
        "sqlalchemy",
    ),
    "feedback/migrate.py": Room(
        "nothing: a command",
        "environment.py feedback/errors.py feedback/connection",
        "alembic sqlalchemy",
    ),
    "feedback/migrations": Room(
        "a version of the schema",
        "feedback/errors.py feedback/records feedback/migrate.py",
        "alembic sqlalchemy",
    ),
    "feedback/backup.py": Room(
        "nothing: a command",
        "environment.py feedback/errors.py feedback/connection feedback/records "
        "feedback/migrate.py",
        "sqlalchemy",
    ),
    "feedback/statistics.py": Room("nothing: names for edges", "feedback/queries", ""),
    "feedback/forget.py": Room(
        "nothing: a command",
        "environment.py feedback/errors.py feedback/connection feedback/records feedback/queries "
        "feedback/learning",
        "sqlalchemy",
    ),
    "feedback/weights.py": Room(
        "nothing: a command",
        "environment.py feedback/errors.py feedback/connection feedback/learning",
        "sqlalchemy",
    ),
    "feedback/candidates.py": Room(
        "nothing: names for edges",
        "feedback/errors.py feedback/records feedback/queries feedback/learning",
        "",
    ),
    "feedback/store.py": Room(
        "nothing: names for edges",
        "feedback/errors.py feedback/connection feedback/records feedback/queries "
        "feedback/migrate.py",
        "",
    ),
    "streamlit/words": Room("how pages say things", "feedback/records", ""),
    "streamlit/charts": Room(
        "Plotly figures", "feedback/statistics.py streamlit/words", "plotly"
    ),
    "streamlit/store": Room(
        "what pages have to do with the store, a page's layout aside",
        "feedback/errors.py feedback/connection feedback/records feedback/spool "
        "feedback/migrate.py feedback/statistics.py feedback/store.py feedback/candidates.py "
        "streamlit/words",
        "sqlalchemy streamlit",
    ),
    "streamlit/uploads": Room("what becomes of files that visitors send", "", "streamlit"),
    "streamlit/access": Room(
        "who a visitor is and where, and who is the operator", "feedback/connection", "streamlit"
    ),
    "streamlit/base_path.py": Room("where the dashboard is shown", "", "streamlit"),
    "streamlit/browser": Room("what runs in the browser", "streamlit/base_path.py", "streamlit"),
    "streamlit/result": Room(
        "one drawing's reading, the question about it, and the answer's way",
        "model/errors.py model/ink model/reading feedback/records streamlit/words streamlit/store "
        "streamlit/browser",
        "PIL numpy streamlit",
    ),
    "streamlit/drawing": Room(
        "the canvas, and the drawing that is on it",
        "model/__init__.py model/errors.py model/ink feedback/records streamlit/store "
        "streamlit/browser streamlit/result",
        "streamlit streamlit_drawable_canvas",
    ),
    "streamlit/cards": Room(
        "what is on the card of a kept drawing",
        "model/ink feedback/records feedback/statistics.py streamlit/words streamlit/charts",
        "streamlit",
    ),
    "streamlit/watching": Room(
        "sections of Statistics about the weights at work",
        "model/reading feedback/records feedback/statistics.py feedback/candidates.py "
        "streamlit/words streamlit/charts streamlit/store",
        "numpy sqlalchemy streamlit",
    ),
    "streamlit/views": Room(
        "pages, and parts that belong to pages alone",
        "environment.py model/__init__.py model/ink model/weight_files model/reading "
        "feedback/errors.py feedback/connection feedback/records feedback/statistics.py "
        "feedback/store.py streamlit/words streamlit/charts streamlit/store streamlit/access "
        "streamlit/uploads streamlit/result streamlit/drawing streamlit/cards model/errors.py "
        "streamlit/watching",
        "PIL plotly sqlalchemy streamlit",
    ),
    "streamlit/style.py": Room("rules of style", "streamlit/browser", "streamlit"),
    "streamlit/process": Room(
        "what exists once in the process, whoever asks first",
        "environment.py model/__init__.py model/errors.py model/weight_files model/reading "
        "model/tracking feedback/errors.py feedback/connection feedback/spool feedback/migrate.py "
        "feedback/store.py feedback/candidates.py streamlit/store",
        "numpy sqlalchemy",
    ),
    "streamlit/operating": Room(
        "pages for the operator alone, and their parts",
        "model/__init__.py model/weight_files model/believing model/promotion feedback/records "
        "feedback/candidates.py streamlit/words streamlit/charts streamlit/store "
        "streamlit/access streamlit/cards streamlit/process",
        "sqlalchemy streamlit",
    ),
    "streamlit/shell.py": Room(
        "what all pages stand on",
        "model/__init__.py streamlit/words streamlit/store streamlit/process",
        "streamlit",
    ),
    "streamlit/guards": Room(
        "what a request must pass, a file each",
        "environment.py streamlit/access streamlit/uploads streamlit/base_path.py",
        "starlette streamlit",
    ),
    "streamlit/server": Room(
        "routes, start and end of the server",
        "environment.py model/__init__.py model/errors.py model/ink feedback/errors.py "
        "feedback/connection streamlit/access streamlit/process streamlit/result streamlit/drawing "
        "streamlit/guards streamlit/browser streamlit/base_path.py",
        "anyio starlette streamlit uvicorn",
    ),
    "streamlit/dashboard.py": Room(
        "a page's name",
        "environment.py model/errors.py feedback/errors.py streamlit/store streamlit/access "
        "streamlit/views streamlit/style.py streamlit/process streamlit/shell.py "
        "streamlit/operating streamlit/words "
        "streamlit/base_path.py streamlit/browser streamlit/server",
        "streamlit",
    ),
    "streamlit/app.py": Room("nothing: the server", "streamlit/server", "streamlit"),
}  # fmt: skip
