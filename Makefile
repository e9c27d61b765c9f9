# Every target sets up what it needs in .venv on its first run; `make help` lists them.
#   PYTHON       the Python that .venv is made from (3.11 to 3.14)
#   TORCH_INDEX  where torch comes from on Linux: PyTorch's CPU index by default; empty for CUDA
#   FILE         what `make backup` writes; a new file in var/backups by default
#   PORT         where the dashboard listens; 8501 if neither the environment nor .env says
PYTHON ?= python3

ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
else
BIN := .venv/bin
endif
SETUP = $(PYTHON) tools/setup_environment.py $(if $(filter-out undefined,$(origin TORCH_INDEX)),--torch-index="$(TORCH_INDEX)")
# All but those that train for an hour, and what they train.
BENCHMARKS = $(subst /,.,$(basename $(filter-out %/ablations.py %/seeds.py %/trials.py,$(wildcard benchmarks/*.py))))

.DEFAULT_GOAL := help
.PHONY: help run serve test train tune evaluate bench ablations seeds learning experiments lint format types migrate backup setup lock audit licences sbom image clean

help: ## list what make does
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "make %-11s %s\n", $$1, $$2}'

run: ## open the dashboard on port 8501 (PORT=9000 for another)
	@$(SETUP) app
	@$(BIN)/python run_streamlit.py $(if $(PORT),--port $(PORT))

serve: ## start the HTTP service on port 8001 (PORT=9000 for another)
	@$(SETUP) app
	@$(BIN)/python -m api $(if $(PORT),--port $(PORT))

test: ## run the whole test suite (ARGS="-k history" for a part)
	@$(SETUP) dev
	@$(BIN)/python -m pytest $(ARGS)

train: ## train the network and write weights and training curves (ARGS="--epochs 5")
	@$(SETUP) train
	@$(BIN)/python run_model.py --mode train $(ARGS)

tune: ## tune five models and their vote, up to an hour (ARGS="--members rf svm")
	@$(SETUP) train
	@$(BIN)/python run_model.py --mode tune $(ARGS)

evaluate: ## score the weights on scans and drawings and write figures to results/
	@$(SETUP) train
	@$(BIN)/python run_model.py --mode test $(ARGS)

bench: ## time training, prediction, the database and the page; write results/
	@$(SETUP) dev
	@set -e; for name in $(BENCHMARKS); do echo "== $$name"; $(BIN)/python -m $$name; done

ablations: ## train with each choice changed, half an hour; write results/ablations.*
	@$(SETUP) dev
	@$(BIN)/python -m benchmarks.research.ablations

seeds: ## train with two more seeds, up to an hour; write the mean figures to results/seeds.*
	@$(SETUP) dev
	@$(BIN)/python -m benchmarks.research.seeds $(ARGS)

learning: ## measure what people's answers bring, right and wrong ones, up to an hour
	@$(SETUP) dev
	@$(BIN)/python -m benchmarks.research.learning $(ARGS)
	@$(if $(ARGS),true,$(BIN)/python -m benchmarks.research.wrong_answers)

experiments: ## open MLflow's page over what trainings recorded, on this machine alone
	@$(SETUP) app
	@$(BIN)/python -m tools.experiments $(ARGS)

lint: ## check style: Python, its formatting, the Dockerfiles
	@$(SETUP) dev
	@$(BIN)/python -m ruff check .
	@$(BIN)/python -m ruff format --check .
	@$(BIN)/hadolint Dockerfile deploy/huggingface/Dockerfile

format: ## format the Python files and mend what ruff can mend
	@$(SETUP) dev
	@$(BIN)/python -m ruff check --fix .
	@$(BIN)/python -m ruff format .

types: ## check types with mypy, the dashboard's apart from the rest
	@$(SETUP) dev
	@$(BIN)/python -m mypy
	@cd streamlit && MYPYPATH=.. ../$(BIN)/python -m mypy --config-file ../pyproject.toml --cache-dir ../.mypy_cache/streamlit .

migrate: ## bring the configured database to the newest schema
	@$(SETUP) app
	@$(BIN)/python -m feedback.migrate

backup: ## make one verified file of the kept drawings, also while some are added (FILE=path)
	@$(SETUP) app
	@$(BIN)/python -m feedback.backup $(if $(FILE),"$(FILE)")

setup: ## install everything for development, and nothing more
	@$(SETUP) dev

lock: ## write locks/: every package with its hashes, after a requirement has changed
	@$(SETUP) dev
	@$(BIN)/python -m tools.lock_requirements
	@$(BIN)/python -m tools.licences

audit: ## look for known vulnerabilities in .venv (STRICT=1: not to have asked is an error)
	@$(SETUP) dev
	@$(BIN)/python -m tools.audit $(if $(STRICT),--strict)

licences: ## write LICENCES.md: under which licence each package comes
	@$(SETUP) dev
	@$(BIN)/python -m tools.licences

sbom: image ## list what the image is made of, as CycloneDX, in var/sbom.json
	@$(SETUP) dev
	@$(BIN)/python -m tools.sbom var/sbom.json -- docker run --rm -i --entrypoint python inkling -

image: ## build the container image, inkling:latest
	docker build -t inkling .

clean: ## remove .venv and caches; data, weights and the kept drawings stay
	rm -rf .venv .venv-tools .venv-mlflow .venv.lock .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
