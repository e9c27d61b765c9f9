# The dashboard; with `--target trainer`, what trains. Builds with the classic builder too, which
# `gcloud builds submit --tag` uses: that one makes the trainer on its way to the last image.
# The argument pins it: `--build-arg BASE_IMAGE=python:3.11-slim@sha256:...`
ARG BASE_IMAGE=python:3.11-slim
FROM $BASE_IMAGE AS base

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_ROOT_USER_ACTION=ignore

WORKDIR /app

# Requirements first: they change seldom, and their layer is the large one.
# Each file must have a hash that the lock lists; the locks are complete, so nothing is added.
# What nothing here loads goes in the same layer; otherwise it would stay in the image, unseen.
COPY locks/app.txt locks/
COPY tools/trim_packages.py tools/
RUN pip install --no-deps --only-binary=:all: --require-hashes -r locks/app.txt \
    && python tools/trim_packages.py \
    && useradd --system --uid 10001 --no-create-home --home-dir /nonexistent inkling


FROM base AS trainer

COPY locks/train.txt locks/
COPY constraints.txt ./
RUN pip install --no-deps --only-binary=:all: --require-hashes -r locks/train.txt

# Where torch comes from. Empty: from pip's own index, where Linux gets the build for CUDA, with
# what that brings along.
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
RUN if [ -n "$TORCH_INDEX" ]; then set -- --no-deps --index-url "$TORCH_INDEX"; fi \
    && pip install --only-binary=:all: "$@" -c constraints.txt torch torchvision

COPY environment.py run_model.py training_options.py learn_from_answers.py learn_from_store.py LICENSE ./
COPY api ./api
COPY feedback ./feedback
COPY model ./model
COPY serving ./serving

# Whoever it runs as, with `--user` too, may keep renderings; weights go to a folder of theirs.
RUN python -m compileall -q ./*.py api model feedback serving \
    && chmod -R a+rX,go-w . \
    && mkdir var && chmod 1777 var
USER 10001

# Matplotlib and torch want a folder to write to, and a name for whoever they run as.
ENV DATA_DIR=/data \
    HOME=/tmp \
    USER=inkling
CMD ["python", "run_model.py", "--help"]


FROM base AS dashboard

# Owned by root, so that the process can read its program and not change it; whatever umask the
# files were checked out with.
COPY environment.py run_streamlit.py LICENSE ./
COPY api ./api
COPY feedback ./feedback
COPY model ./model
COPY results ./results
COPY serving ./serving
COPY streamlit ./streamlit
RUN python -m compileall -q environment.py run_streamlit.py api model feedback serving streamlit \
    && chmod -R a+rX,go-w . \
    # where a volume for SPOOL_DIR can lie: a new one takes over whose this folder is
    && mkdir -m 700 /spool && chown 10001 /spool
USER 10001

# A file in a container dies with it: without a database, nothing is kept and the page says so.
# Streamlit's welcome would ask a server on the internet for this container's address.
ENV PORT=8080 \
    EMBEDDED_STORE=off \
    STREAMLIT_LOGGER_HIDE_WELCOME_MESSAGE=true
EXPOSE 8080

HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, http.client as h; c = h.HTTPConnection('127.0.0.1', int(os.environ['PORT']), timeout=4); c.request('GET', '/healthz'); raise SystemExit(c.getresponse().status != 200)"]

# No shell in between: SIGTERM reaches the server itself. It listens on $PORT.
CMD ["python", "run_streamlit.py", "--address", "0.0.0.0"]
