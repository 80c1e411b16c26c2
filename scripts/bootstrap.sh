#!/bin/sh
# Makes .venv with everything in it, from the locked requirements, and sees to a browser. Safe to run again; does nothing
# when up to date. Uses uv when it is there and pip when not. What Debian and Ubuntu lack (python3-venv, two
# libraries, a headless Chromium) is installed where root or password-less sudo allows, else named in one line.
set -eu
cd "$(dirname "$0")/.."

lock=requirements-dev.lock
stamp=.venv/.installed
say() { printf '%s\n' "$*" >&2; }
have() { command -v "$1" >/dev/null 2>&1; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; elif sudo -n true 2>/dev/null; then sudo -n "$@"; else return 1; fi
}

install_packages() {
    have apt-get && { as_root apt-get update -qq && as_root apt-get install -y -qq --no-install-recommends "$@"; } >&2
}

install_python_parts() {
    python=${PYTHON:-python3}
    if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        say "score-model needs Python 3.11 or newer; '$python' is missing or older (set PYTHON=/path/to/python3)"
        exit 1
    fi
    rm -f "$stamp"
    if have uv; then
        uv venv --quiet --allow-existing --python "$python" .venv
        uv pip install --quiet --python .venv/bin/python --require-hashes -r "$lock"
        uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation -e .
    else
        if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
            version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
            say "installing python$version-venv (the interpreter has no venv module)"
            if ! install_packages "python$version-venv"; then
                say "please install the package python$version-venv (or uv) and run make again"
                exit 1
            fi
        fi
        .venv/bin/python -m pip --version >/dev/null 2>&1 || "$python" -m venv .venv
        .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
        .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
    fi
    printf '%s\n' "$wanted" >"$stamp"
}

install_browser() {
    if grep -q '^ID=ubuntu' /etc/os-release 2>/dev/null; then # its chromium package is a snap
        as_root "$PWD/.venv/bin/playwright" install --with-deps --only-shell chromium >&2
    else # without any font, text has no size and nothing can be clicked
        install_packages chromium-headless-shell fonts-dejavu-core curl
    fi
}

wanted=$(cat "$lock" pyproject.toml scripts/bootstrap.sh | cksum)
if [ ! -x .venv/bin/score-model ] || [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
    install_python_parts
fi

# LightGBM uses the system's OpenMP, and Playwright's driver its atomics.
missing=
for library in libgomp libatomic; do
    .venv/bin/python -c "import ctypes; ctypes.CDLL('$library.so.1')" 2>/dev/null || missing="$missing ${library}1"
done
if [ "$(uname)" = Linux ] && [ -n "$missing" ]; then
    say "installing$missing"
    # shellcheck disable=SC2086 # one word for each package
    install_packages $missing ||
        say "please install$missing: without libgomp1 no model can be trained, without libatomic1 no browser driven"
fi

# What tries pages needs a browser; all else works without one.
if [ -z "${SCORE_MODEL_BROWSER:-}" ] && [ ! -e .venv/.no-browser ] &&
    ! have chromium-headless-shell && ! have chromium && ! have google-chrome &&
    ! ls "${PLAYWRIGHT_BROWSERS_PATH:-${HOME:-/nonexistent}/.cache/ms-playwright}"/chromium* >/dev/null 2>&1; then
    say "installing a headless Chromium"
    if ! install_browser; then
        say "no browser found, and none could be installed: tests of pages are skipped" \
            "(install chromium-headless-shell, or set SCORE_MODEL_BROWSER, to run them)"
        : >.venv/.no-browser # asked once, not before every command
    fi
fi
