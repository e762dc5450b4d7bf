# One image, the same entry points as on a machine without containers. It brings no database: name one in DATABASE_URL.
#
#   the API        docker run … IMAGE                                (the default, port 8000)
#   the worker     docker run … IMAGE python -m app.worker
#   the schema     docker run … IMAGE python -m alembic upgrade head  (before a new version starts)
#   the reference  docker run … IMAGE python -m scripts.local.load_reference  (once the schema is there)
#   all at once,   docker run … IMAGE scripts/serve --host 0.0.0.0 --data /var/lib/dibao/serve
#   with sandbox                      (the sandbox itself listens on 127.0.0.1 of the container: ask it from inside)
#
# Settings are the DIBAO_… variables of app/settings.py. Keys, the partners file and uploads live in /var/lib/dibao, which
# is to be a volume that all of these share: docker run -v dibao:/var/lib/dibao -e DATABASE_URL=postgresql://… IMAGE.
#
#   the keys       docker run -v dibao:/var/lib/dibao IMAGE scripts/keys files /var/lib/dibao/keys   (once; keep a copy)
#   the partners   a file of your own, mounted: -v ./partners.json:/var/lib/dibao/partners.json:ro   (format: README.md)
#   the first      docker run -i … IMAGE scripts/first-administrator USERNAME NAME < password.txt
#   administrator
#
# With injected keys (DIBAO_VAULT_KEK, DIBAO_VAULT_INDEX_KEY) set DIBAO_VAULT_FILE to nothing.

FROM python:3.13-slim

# A number and not a name, so that Kubernetes can see that it is not root.
RUN useradd --system --uid 10001 --user-group --home-dir /var/lib/dibao --create-home dibao

WORKDIR /srv/dibao

# The packages first: this layer is built again only when the lock changes. Root owns all of it; the service only reads.
COPY requirements-runtime.lock ./
COPY scripts/local/environment.py scripts/local/environment.py
RUN PIP_NO_CACHE_DIR=1 python scripts/local/environment.py --runtime

COPY . .

ENV PATH="/srv/dibao/.venv/bin:$PATH" \
    PYTHONPATH="/srv/dibao" \
    PYTHONUNBUFFERED="1" \
    DIBAO_STORAGE_DIR="/var/lib/dibao/files" \
    DIBAO_VAULT_FILE="/var/lib/dibao/keys/vault.json" \
    DIBAO_TOKEN_KEY_FILE="/var/lib/dibao/keys/tokens.json" \
    DIBAO_EVIDENCE_KEY_FILE="/var/lib/dibao/keys/evidence.json" \
    DIBAO_PARTNERS_FILE="/var/lib/dibao/partners.json"

USER 10001:10001
VOLUME /var/lib/dibao
EXPOSE 8000

# For the API; start the worker with --no-healthcheck. No curl: Python is there anyway, and answers other than 200 raise.
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]

CMD ["python", "-m", "uvicorn", "--factory", "app.main:create_app", "--host", "0.0.0.0", "--port", "8000", "--no-access-log", "--no-proxy-headers", "--no-server-header", "--http", "app.api.common.http_protocol:BoundedHttp", "--ws", "none"]
