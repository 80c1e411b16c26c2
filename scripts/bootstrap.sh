#!/bin/sh
# Makes .venv with everything in it, from the locked requirements. Safe to run again; does nothing when up to date.
# Uses uv when it is there and pip when not. On Debian and Ubuntu a missing python3-venv is installed where root or
# password-less sudo allows, else named in one line.
set -eu
cd "$(dirname "$0")/.."

lock=requirements-dev.lock
stamp=.venv/.installed
say() { printf '%s\n' "$*" >&2; }

wanted=$(cat "$lock" pyproject.toml scripts/bootstrap.sh | cksum)
if [ -x .venv/bin/score-model ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then
    exit 0
fi

python=${PYTHON:-python3}
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    say "score-model needs Python 3.11 or newer; '$python' is missing or older (set PYTHON=/path/to/python3)"
    exit 1
fi

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; elif sudo -n true 2>/dev/null; then sudo -n "$@"; else return 1; fi
}

rm -f "$stamp"
if command -v uv >/dev/null 2>&1; then
    uv venv --quiet --allow-existing --python "$python" .venv
    uv pip install --quiet --python .venv/bin/python --require-hashes -r "$lock"
    uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation -e .
else
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        say "installing python$version-venv (the interpreter has no venv module)"
        if ! { as_root apt-get update -qq && as_root apt-get install -y -qq "python$version-venv"; } >&2; then
            say "please install the package python$version-venv (or uv) and run make again"
            exit 1
        fi
    fi
    .venv/bin/python -m pip --version >/dev/null 2>&1 || "$python" -m venv .venv
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
fi
printf '%s\n' "$wanted" >"$stamp"
