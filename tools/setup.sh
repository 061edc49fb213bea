#!/bin/sh
# Makes .venv from the locked requirements, once, and writes nothing outside the checkout but the
# installer's cache. `make` calls it before every target; where nothing is due it returns at once.
#
# With uv where it is on the PATH, else with a uv that pip puts into .tools/, else with pip alone.
# The stamp .venv/.complete is written last: an interrupted set-up, a changed lock and a checkout
# that was moved (the programs in .venv know their own path) all begin anew.
set -eu
cd "$(dirname "$0")/.."
root=$(pwd -P)
stamp=.venv/.complete

say() { printf '%s\n' "$*" >&2; }
fail() {
    say "set-up: $*"
    exit 1
}

# Caches of the tools that `make` starts; they carry their own .gitignore.
mkdir -p .cache/pytest
[ -f .cache/.gitignore ] || echo '*' >.cache/.gitignore

locked="$(cksum <requirements.txt) $root"
if [ "$(cat "$stamp" 2>/dev/null)" = "$locked" ] && .venv/bin/python -c '' 2>/dev/null; then
    exit 0
fi

suits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; }

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        suits "$PYTHON" || fail "PYTHON=$PYTHON is no Python 3.11, 3.12 or 3.13."
        echo "$PYTHON"
        return
    fi
    for candidate in python3.13 python3.12 python3.11 python3 python; do
        if suits "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    fail "no Python 3.11, 3.12 or 3.13 found on the PATH; install one, or name it: make demo PYTHON=/path/to/python3.12"
}

# Compiled once here (20 s): where nobody may write byte code later, or PYTHONDONTWRITEBYTECODE is set,
# each of the workflow's jobs would compile torch anew, which takes longer than most of them.
install_with_uv() { # $1: the uv program
    rm -rf .venv
    "$1" venv $quiet --no-python-downloads --python "$python" .venv &&
        "$1" pip sync $quiet --require-hashes --compile-bytecode --python .venv/bin/python requirements.txt
}

put_uv_into_tools() {
    rm -rf .tools/uv
    PIP_REQUIRE_VIRTUALENV=0 "$python" -m pip install $quiet --require-hashes \
        --target .tools/uv --requirement tools/uv.txt
}

install_with_pip() {
    rm -rf .venv
    "$python" -m venv .venv &&
        .venv/bin/python -m pip install $quiet --require-hashes --requirement requirements.txt
}

python=$(find_python)
# the interpreter behind an active virtual environment: that one may lack pip, or be deleted below
python=$("$python" -c 'import sys; print(getattr(sys, "_base_executable", "") or sys.executable)')

# A pip that is set up for other habits (the user's own packages, say) would refuse or chat.
export PIP_USER=0 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore

# Where there is no home to write to, the installers' caches come into the checkout too.
if [ ! -w "${HOME:-/nonexistent}" ]; then
    export UV_CACHE_DIR="${UV_CACHE_DIR:-$root/.cache/uv}"
    export PIP_CACHE_DIR="${PIP_CACHE_DIR:-$root/.cache/pip}"
fi

quiet=--quiet # somebody who watches sees the downloads, a log file does not need them
if [ -t 2 ]; then quiet=; fi
began=$(date +%s)
say "set-up: making .venv with $("$python" --version) (once; some 7 GB on Linux, most of it PyTorch's CUDA libraries)"
made_by=
if [ -z "$made_by" ] && uv --version >/dev/null 2>&1; then
    if install_with_uv uv; then made_by="uv"; else say "set-up: uv failed; trying another way"; fi
fi
if [ -z "$made_by" ] && { .tools/uv/bin/uv --version >/dev/null 2>&1 || put_uv_into_tools; }; then
    if install_with_uv .tools/uv/bin/uv; then
        made_by="uv in .tools"
    else
        say "set-up: uv failed; trying pip"
    fi
fi
if [ -z "$made_by" ]; then
    say "set-up: with pip alone, which takes about five minutes"
    if install_with_pip; then made_by="pip"; fi
fi
[ -n "$made_by" ] ||
    fail "the packages could not be installed (the messages above say why): it needs the package registry once, and room for 8 GB."
echo "$locked" >"$stamp"
say "set-up: .venv is ready after $(($(date +%s) - began)) s (by $made_by)"
