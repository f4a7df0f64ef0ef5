# Built in one stage, run in another: the image that runs has no compiler, no uv, no tests.
FROM python:3.11-slim-bookworm AS build

ENV UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
RUN python -m venv .venv && .venv/bin/pip install --no-cache-dir --quiet uv==0.13.9
COPY pyproject.toml uv.lock README.md ./
RUN .venv/bin/uv sync --quiet --frozen --no-dev --compile-bytecode && .venv/bin/pip uninstall --quiet --yes uv
COPY manage.py ./
COPY dashboard dashboard
COPY templates templates
COPY static static
RUN SECRET_KEY=build VAULT_KEYS=bm90IGEgc2VjcmV0LCBvbmx5IGZvciB0aGUgYnVpbGQ= \
    .venv/bin/python manage.py collectstatic --no-input --verbosity 0


FROM python:3.11-slim-bookworm

ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DATA_DIR=/data
RUN useradd --system --uid 10001 --home-dir /app studio && install -d -o studio -g studio -m 700 /data
COPY --from=build /app /app
WORKDIR /app
USER 10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
CMD ["python", "manage.py", "serve", "--bind", "0.0.0.0:8000"]
