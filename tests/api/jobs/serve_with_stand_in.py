"""Start the service as `python -m api` does, with trainings that are the stand-in's.

`serve_with_stand_in FOLDER DOES --port N`: what the stand-in does, and where.
"""

from __future__ import annotations

import sys

from api.__main__ import main
from api.jobs import trainings

STAND_IN = (sys.executable, "-u", "-m", "tests.api.jobs.stand_in_tuning")

if __name__ == "__main__":
    trainings.Trainings.__init__.__kwdefaults__["command"] = (*STAND_IN, *sys.argv[1:3])
    sys.exit(main(sys.argv[3:]))
