#!/bin/sh
# Writes requirements.txt (every package for every platform, with hashes) from pyproject.toml, and
# the uv of the set-up into tools/uv.txt. `make lock` calls it; it needs the package registry.
#
#     sh tools/lock.sh             keeps the versions that still fit
#     sh tools/lock.sh --upgrade   takes the newest of everything
set -eu
cd "$(dirname "$0")/.."

uv=uv
uv --version >/dev/null 2>&1 || uv=.tools/uv/bin/uv
"$uv" --version >/dev/null 2>&1 || {
    echo "make lock needs uv: put it on the PATH, or let pip put it into .tools (pip install --target .tools/uv uv)." >&2
    exit 1
}
mkdir -p .cache

compile() { # $1: input, $2: output, then options
    source=$1 target=$2
    shift 2
    "$uv" pip compile --quiet --universal --generate-hashes --python-version 3.11 \
        --no-header --no-annotate --no-emit-index-url --no-emit-find-links \
        "$@" --output-file "$target" "$source" >/dev/null
}

compile pyproject.toml requirements.txt --all-extras "$@"
echo uv | (cat >.cache/uv.in; compile .cache/uv.in tools/uv.txt "$@")

# The first line lets a test see, without a network, that the lock was made from this pyproject.toml.
{
    .venv/bin/python tools/lock_digest.py
    grep -v '^#' requirements.txt
} >.cache/requirements.txt
mv .cache/requirements.txt requirements.txt
