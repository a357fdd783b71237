#!/bin/sh
# Makes or completes the environment in .venv and prints nothing when there is nothing to do.
#
#   tools/set-up.sh verify    the locked runtime packages, the locked build tool and PumpProof itself, editable
#   tools/set-up.sh test      these and the locked tools for lint, types and tests
#   tools/set-up.sh crosscheck  all that `test` brings, and the locked solver of another team
#   tools/set-up.sh lock      these and the locked tool that writes the lock files
#
# PYTHON chooses the interpreter; without it the first suitable one on the PATH is taken.
# What is installed is recorded in .venv/set-up, each record written after its step has succeeded:
# an interrupted run leaves no record and the next run starts that step again.

set -eu
cd "$(dirname "$0")/.."
root=$(pwd -P)
records=.venv/set-up
python=.venv/bin/python

fail() {
    printf 'set-up: %s\n' "$@" >&2
    exit 1
}

refuse_text_links() {
    for room in spec statemachine verify reference_impl hardware_adapters; do
        [ -d "src/pumpproof/$room" ] || fail \
            "src/pumpproof/$room is not a folder: this checkout was made without symbolic links." \
            "PumpProof needs them, because they give the folders at the root one import name, 'pumpproof'." \
            "Run 'git config core.symlinks true' and 'git checkout -- src/pumpproof'" \
            "(on Windows in WSL, or with Developer Mode on), then try again."
    done
}

# Prints the version; succeeds only for a supported one.
version_of() {
    "$1" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3]); sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

choose_interpreter() {
    if [ -n "${PYTHON:-}" ]; then
        version=$(version_of "$PYTHON") || fail \
            "PumpProof needs Python 3.11 or newer, but PYTHON=$PYTHON is ${version:-not a working interpreter}." \
            "Choose another one, for instance: make verify PYTHON=python3.12"
        chosen=$PYTHON
        return
    fi
    for chosen in python3 python3.14 python3.13 python3.12 python3.11 python; do
        if version=$(version_of "$chosen"); then return; fi
    done
    found=$(version_of python3) || true
    fail "PumpProof needs Python 3.11 or newer; python3 is ${found:-missing} and no newer one is on the PATH." \
        "Name one that is elsewhere, for instance: make verify PYTHON=/path/to/python3.12"
}

record() { # NAME FILE
    cp "$2" "$records/$1.new"
    mv "$records/$1.new" "$records/$1"
}

install() { # what arguments of pip install...
    echo "set-up: installing $1"
    shift
    "$python" -m pip install -qq --no-input --disable-pip-version-check "$@" || fail \
        "the installation did not succeed; pip's own words are above." \
        "Its packages come from pip's configured index. Nothing else is fetched. Run the same command to try again."
}

make_environment() {
    if [ -f "$records/place" ] && [ "$(cat "$records/place")" = "$root" ] &&
        { [ -z "${PYTHON:-}" ] || [ "$(cat "$records/interpreter")" = "$PYTHON" ]; } &&
        { [ ! -f "$records/runtime.txt" ] || cmp -s locks/runtime.txt "$records/runtime.txt"; } &&
        "$python" -c '' 2>/dev/null; then
        return
    fi
    choose_interpreter
    echo "set-up: making .venv with $chosen ($version)"
    "$chosen" -m venv --clear .venv || fail \
        "$chosen could not make a virtual environment; its own words are above." \
        "On Debian and Ubuntu the package python3-venv has to be installed; or choose another one with PYTHON=..."
    mkdir -p "$records"
    echo "$chosen" >"$records/interpreter"
    echo "$root" >"$records/place"
}

install_lock() { # NAME WORDS
    cmp -s "locks/$1.txt" "$records/$1.txt" && return
    # Wheels only: building a source package would fetch tools that no lock names.
    install "$2" --require-hashes --only-binary :all: -r "locks/$1.txt"
    record "$1.txt" "locks/$1.txt"
}

install_pumpproof() {
    cmp -s pyproject.toml "$records/pyproject.toml" && return
    install "PumpProof itself (editable)" --no-deps --no-build-isolation --editable .
    record pyproject.toml pyproject.toml
}

case "${1:-}" in
    verify | test | crosscheck | lock) ;;
    *) fail "usage: tools/set-up.sh verify|test|crosscheck|lock" ;;
esac
refuse_text_links
make_environment
install_lock runtime "the locked runtime packages"
install_pumpproof
case "$1" in
    test) install_lock dev "the locked tools for lint, types and tests" ;;
    crosscheck)
        install_lock dev "the locked tools for lint, types and tests"
        install_lock crosscheck "the locked solver of another team"
        ;;
    lock) install_lock lock "the locked tool that writes the lock files" ;;
esac
