"""The rooms of the house: what each is for, and what its files may import."""

from __future__ import annotations

from tests.project.architecture.model_rooms import MODEL_ROOMS, Room

# From low to high: a room names only rooms above it in this table, which a test checks.
ROOMS = {
    **MODEL_ROOMS,
    "feedback/errors.py": Room("what a store can refuse", "", ""),
    "feedback/connection": Room(
        "ways to reach a store, and why one cannot be reached",
        "environment.py feedback/errors.py",
        "psycopg2 sqlalchemy",
    ),
    "feedback/writings": Room("what is asked of two texts", "", ""),
    "feedback/records": Room(
        "tables, and what writes one row of them",
        "feedback/errors.py feedback/connection feedback/writings",
        "sqlalchemy",
    ),
    "feedback/spool": Room(
        "what becomes of rows that cannot be written yet: files, never the store itself",
        "environment.py feedback/records",
        "sqlalchemy",
    ),
    "feedback/queries": Room(
        "questions that only read",
        "feedback/errors.py feedback/connection feedback/writings feedback/records",
        "sqlalchemy",
    ),
    "feedback/learning": Room(
        "what is known and decided of weights that learnt from answers, and of trainings",
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
    "serving/version.py": Room("which Inkling this is", "", ""),
    "serving/connections": Room("where a server listens, and who speaks to it", "", ""),
    "serving/keeping": Room(
        "what a server does for what it keeps",
        "model/__init__.py model/line_ink model/writing feedback/errors.py feedback/records "
        "feedback/store.py",
        "PIL numpy sqlalchemy",
    ),
    "serving/live": Room(
        "the weights that read now",
        "model/__init__.py model/errors.py model/weight_files feedback/errors.py "
        "feedback/candidates.py",
        "numpy sqlalchemy",
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
        "who a visitor is and where, and who is the operator",
        "feedback/connection serving/connections",
        "streamlit",
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
    "streamlit/written": Room(
        "cards and sections about kept writing",
        "feedback/errors.py feedback/records feedback/statistics.py feedback/store.py "
        "streamlit/words streamlit/charts streamlit/cards",
        "streamlit",
    ),
    "streamlit/watching": Room(
        "sections of Statistics about the weights at work",
        "model/reading feedback/records feedback/statistics.py feedback/candidates.py "
        "streamlit/words streamlit/charts streamlit/store",
        "numpy sqlalchemy streamlit",
    ),
    "streamlit/readers": Room(
        "sections of Model about other readers than the digits' own",
        "environment.py model/errors.py model/weight_files streamlit/words",
        "streamlit",
    ),
    "streamlit/writing": Room(
        "writing on the page: its pad, its text, the question about it",
        "model/__init__.py model/errors.py model/ink model/line_ink model/reading model/writing "
        "feedback/records streamlit/words streamlit/store streamlit/browser streamlit/uploads "
        "serving/keeping streamlit/result streamlit/drawing",
        "PIL numpy scipy streamlit",
    ),
    "streamlit/members": Room(
        "what pages show of tuned members",
        "environment.py model/errors.py model/reading model/ensemble streamlit/words",
        "numpy streamlit",
    ),
    "streamlit/views": Room(
        "pages, and parts that belong to pages alone",
        "environment.py model/__init__.py model/ink model/weight_files model/reading "
        "feedback/errors.py feedback/connection feedback/records feedback/statistics.py "
        "feedback/store.py streamlit/words streamlit/charts streamlit/store streamlit/access "
        "streamlit/uploads streamlit/result streamlit/drawing streamlit/cards model/errors.py "
        "streamlit/watching streamlit/readers streamlit/writing streamlit/members "
        "streamlit/written",
        "PIL plotly sqlalchemy streamlit",
    ),
    "streamlit/style.py": Room("rules of style", "streamlit/browser", "streamlit"),
    "streamlit/process": Room(
        "what exists once in the process, whoever asks first",
        "environment.py model/__init__.py model/errors.py model/weight_files model/reading "
        "model/writing model/tracking feedback/errors.py feedback/connection feedback/spool "
        "feedback/migrate.py feedback/store.py feedback/candidates.py serving/version.py "
        "serving/keeping serving/live streamlit/store",
        "numpy sqlalchemy",
    ),
    "streamlit/operating": Room(
        "pages for the operator alone, and their parts",
        "model/__init__.py model/weight_files model/believing model/promotion feedback/records "
        "feedback/candidates.py serving/live streamlit/words streamlit/charts streamlit/store "
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
        "environment.py serving/connections streamlit/access streamlit/uploads "
        "streamlit/base_path.py",
        "starlette streamlit",
    ),
    "streamlit/server": Room(
        "routes, start and end of the server",
        "environment.py model/__init__.py model/errors.py model/ink feedback/errors.py "
        "feedback/connection serving/connections streamlit/access streamlit/process "
        "streamlit/result streamlit/drawing "
        "streamlit/guards streamlit/browser streamlit/base_path.py",
        "anyio starlette streamlit uvicorn",
    ),
    "streamlit/dashboard.py": Room(
        "a page's name",
        "environment.py model/errors.py feedback/errors.py streamlit/store streamlit/access "
        "streamlit/views streamlit/style.py streamlit/process streamlit/shell.py "
        "streamlit/operating streamlit/words streamlit/writing "
        "streamlit/base_path.py streamlit/browser streamlit/server",
        "streamlit",
    ),
    "streamlit/app.py": Room("nothing: the server", "streamlit/server", "streamlit"),
    "api/rules": Room(
        "what every request must pass, and how a refusal is said",
        "model/errors.py feedback/errors.py serving/connections",
        "fastapi starlette uvicorn",
    ),
    "api/reading": Room(
        "ways from a request's body to readings",
        "model/__init__.py model/errors.py model/ink model/line_ink model/reading serving/live "
        "api/rules",
        "numpy python_multipart sqlalchemy starlette",
    ),
    "api/measuring": Room(
        "what the service counts of itself", "model/__init__.py feedback/statistics.py",
        "prometheus_client",
    ),
    "api/keeping": Room(
        "the store as the service has it",
        "model/__init__.py model/ink feedback/errors.py feedback/connection feedback/records "
        "feedback/migrate.py feedback/statistics.py feedback/candidates.py feedback/store.py "
        "serving/keeping api/rules api/reading",
        "PIL sqlalchemy",
    ),
    "api/jobs": Room(
        "trainings in processes of their own",
        "environment.py model/errors.py model/datasets model/ensemble model/tracking model/tuning "
        "feedback/errors.py feedback/spool feedback/candidates.py",
        "sqlalchemy",
    ),
    "api/ensemble": Room(
        "the tuned members as the contract's programs know them",
        "model/ensemble model/tuning api/rules",
        "numpy pydantic",
    ),
    "api/documentation": Room(
        "descriptions of routes, as OpenAPI has them",
        "feedback/store.py api/rules api/reading",
        "",
    ),
    "api/routes": Room(
        "routes, a file each subject",
        "model/__init__.py model/errors.py model/ink model/writing model/predict_writing.py "
        "model/predict.py feedback/statistics.py feedback/candidates.py feedback/store.py "
        "serving/version.py api/rules api/reading api/measuring api/keeping api/jobs api/ensemble "
        "api/documentation",
        "fastapi pydantic starlette",
    ),
    "api/application.py": Room(
        "the rooms put together",
        "environment.py serving/version.py api/rules api/reading api/measuring api/keeping "
        "api/jobs api/ensemble api/documentation api/routes",
        "fastapi fastapi_offline starlette",
    ),
    "api/running.py": Room(
        "the server around the application",
        "environment.py serving/connections api/rules api/application.py",
        "uvicorn",
    ),
    "api/__main__.py": Room(
        "nothing: a command", "environment.py serving/connections api/running.py", ""
    ),
}  # fmt: skip
