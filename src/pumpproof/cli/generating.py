"""The commands ``generate-tests`` and ``replay-tests``."""

import json
from pathlib import Path
from typing import Any

from pumpproof.cli.console import standard_error, standard_output
from pumpproof.cli.errors import BadInput
from pumpproof.cli.files import check_writable, write_whole
from pumpproof.cli.system import load_profiles, load_system
from pumpproof.cli.verifying import INPUT_ERRORS
from pumpproof.cli.words import count
from pumpproof.spec.kernel.properties import Kind
from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.generation.document import as_text, digest, document
from pumpproof.verify.generation.goals import goals
from pumpproof.verify.generation.replay import failures, machine_for
from pumpproof.verify.generation.runs import find_runs
from pumpproof.verify.generation.stored import Unreadable
from pumpproof.verify.judge import upheld
from pumpproof.verify.logic.smt import SOLVER
from pumpproof.verify.logic.terms import Term
from pumpproof.verify.proof.cache import FileCache, default_path
from pumpproof.verify.proof.induction import Prover
from pumpproof.verify.proof.obligations import Obligations
from pumpproof.verify.proof.pool import discharge_all
from pumpproof.verify.proof.symbolic import SymbolicSystem
from pumpproof.verify.results.exits import ExitCode
from pumpproof.verify.search.limits import NoValidLimits, some_valid_limits

_MOST = 10


def generate(file: Path, address: str, profile: str | None) -> int:
    """Find a run for every goal, and write all with what the machine does; 2 if a run is missing without a reason.

    Raises:
        BadInput: the file, the system or the profile can not be used.
    """
    check_writable(file, "FILE")
    system = load_system(address)
    try:
        symbolic = SymbolicSystem(system)
        limits = _limits(symbolic, profile)
        wanted = goals(symbolic)
        findings = find_runs(symbolic, limits, wanted, _proved_invariants(symbolic))
    except (*INPUT_ERRORS, NoValidLimits) as error:
        raise BadInput(str(error)) from error
    made = document(symbolic, limits, wanted, findings)
    write_whole(file, as_text(made), "FILE")
    output = standard_output()
    output.say(
        f"{file}: system {system.name}, {count(len(wanted), 'goal')}: {len(findings.runs)} reached by "
        f"{count(len(made['tests']), 'run')}, {len(findings.unreachable)} proved unreachable, "
        f"{len(findings.not_found)} not found"
    )
    for name in findings.not_found[:_MOST]:
        output.say(f"not found: {name}")
    if len(findings.not_found) > _MOST:
        output.say(f"not found: {len(findings.not_found) - _MOST} more, all named in the file")
    return ExitCode.UNDECIDED if findings.not_found else ExitCode.PROVED


def replay(file: Path, address: str) -> int:
    """Replay every test of a file; 1 if the machine does something else, 3 if the file is of another system.

    Raises:
        BadInput: the file or the system can not be used.
    """
    system = load_system(address)
    made = _read(file)
    try:
        machine = machine_for(system, made)
        current = digest(SymbolicSystem(system), machine.limits)
        found = [(test, list(failures(machine, test))) for test in made["tests"]]
        noted = made["digest"]
    except (Unreadable, *INPUT_ERRORS) as error:
        raise BadInput(f"{file}: {error}") from error
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError) as error:
        raise BadInput(f"{file}: not a file of generated tests ({type(error).__name__}: {error})") from error
    failed = [(test, said) for test, said in found if said]
    for test, said in failed[:_MOST]:
        standard_error().say(f"{test['shows'][0]}: {said[0]}")
    output = standard_output()
    output.say(f"{file}: {count(len(found), 'run')} replayed, {len(failed)} failed")
    if failed:
        return ExitCode.REFUTED
    if noted != current:
        output.say(
            "STALE: the system changed since; `pumpproof generate-tests` makes the file again. Exit code 3."
        )
        return ExitCode.GATE
    return ExitCode.PROVED


def _read(file: Path) -> dict[str, Any]:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadInput(f"{file}: can not be read ({error.strerror})") from error
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{file}: not JSON ({error})") from error
    if not isinstance(content, dict):
        raise BadInput(f"{file}: not a file of generated tests")
    return content


def _limits(symbolic: SymbolicSystem, profile: str | None) -> Any:
    """The limits of the profile asked for, else of the reference profile, else some that are valid."""
    system: System = symbolic.system
    name = profile or system.reference_profile
    if name is None:
        return some_valid_limits(symbolic)
    (found,) = load_profiles(system, (name,)).judged
    return found.limits()


def _proved_invariants(symbolic: SymbolicSystem) -> tuple[Term, ...]:
    """The invariants that are proved, so that they may exclude a goal."""
    system, obligations = symbolic.system, Obligations(symbolic)
    invariants = tuple(known.id for known in system.properties if known.kind is Kind.INVARIANT)
    prover = Prover(symbolic, FileCache(default_path(system.name), SOLVER))
    discharges = discharge_all(obligations, invariants, prover, 1, lambda _: None)
    return tuple(
        obligations.before(one) for one in invariants if one in upheld(system.properties, discharges)
    )
