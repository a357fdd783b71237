"""The commands ``certificate write`` and ``certificate check``."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from pumpproof.cli.console import standard_error, standard_output
from pumpproof.cli.errors import BadInput
from pumpproof.cli.jobs import check_jobs
from pumpproof.cli.progress import ProgressReport
from pumpproof.cli.system import load_system
from pumpproof.cli.verifying import INPUT_ERRORS, check_ids
from pumpproof.cli.words import count
from pumpproof.spec.kernel.properties import Kind
from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.certificates.export import Exporter
from pumpproof.verify.certificates.proofs import proof_files
from pumpproof.verify.certificates.text import UnprintableName
from pumpproof.verify.certificates.write import (
    Certificates,
    FolderExists,
    certificates,
    certified_properties,
    write_certificates,
    write_folder,
)
from pumpproof.verify.checker.check import check_certificates
from pumpproof.verify.checker.scripts import Rejected
from pumpproof.verify.judge import upheld
from pumpproof.verify.proof.cache import NoCache
from pumpproof.verify.proof.induction import Prover
from pumpproof.verify.proof.obligations import CODE, TABLE, Obligations
from pumpproof.verify.proof.pool import discharge_all
from pumpproof.verify.proof.symbolic import SymbolicSystem
from pumpproof.verify.proving import agreed, ask_second
from pumpproof.verify.results.exits import ExitCode
from pumpproof.verify.run import closure
from pumpproof.verify.second_reader import CanNotRead, read_system

_MOST = 4


def write(folder: Path, address: str, only: Sequence[str], proofs: Path | None) -> int:
    """Prove with both solvers, and write what a reader needs to check it without this toolkit.

    With ``proofs`` cvc5's proof objects too, into that folder.

    Raises:
        BadInput: the folder, an id or the system can not be used.
    """
    system = load_system(address)
    check_ids(system, only)
    wanted = [known.id for known in closure(system, only)]
    try:
        exporter, made, without = _proved(system, wanted)
        if made is not None:
            write_certificates(made, folder)
            if proofs is not None:
                with ProgressReport(standard_error()) as progress:
                    write_folder(_proof_objects(exporter, made, progress), proofs)
    except (*INPUT_ERRORS, UnprintableName, FolderExists) as error:
        raise BadInput(str(error)) from error
    except OSError as error:
        raise BadInput(f"{error.filename or folder}: can not be written ({error.strerror})") from error
    output = standard_output()
    if made is None:
        output.say(f"NOTHING WRITTEN: not proved by both solvers: {', '.join(without)}. Exit code 2.")
        return ExitCode.UNDECIDED
    output.say(
        f"{folder}: certificates of {count(len(made.properties), 'property')} of system {system.name}: "
        f"{made.obligations} obligations, {made.unchanged} unchanged pairs"
    )
    if proofs is not None:
        output.say(f"{proofs}: a question and a proof object (CPC) of each")
    if without:
        output.say(f"INCOMPLETE: without a certificate, because not proved: {_first(without)}. Exit code 2.")
        return ExitCode.UNDECIDED
    output.say("WRITTEN. `pumpproof certificate check` checks them. Exit code 0.")
    return ExitCode.PROVED


def _proof_objects(
    exporter: Exporter, made: Certificates, progress: ProgressReport
) -> Iterator[tuple[str, bytes]]:
    subjects = (*made.properties, TABLE, CODE)
    finished: list[str] = []

    def done(subject: str) -> None:
        finished.append(subject)
        progress(len(finished), len(subjects), f"proof of {subject}")

    yield from proof_files(exporter, made.properties, done)


def _proved(system: System, wanted: Sequence[str]) -> tuple[Exporter, Certificates | None, list[str]]:
    """The certificates, or None where the table or the code is not proved; and what has none."""
    symbolic = SymbolicSystem(system)
    obligations = Obligations(symbolic)
    invariants = [known.id for known in system.properties if known.kind is Kind.INVARIANT]
    prover = Prover(symbolic, NoCache())
    asked = tuple(dict.fromkeys((*wanted, *invariants)))
    discharges = discharge_all(obligations, asked, prover, 1, lambda _: None)
    relied_on = upheld(system.properties, discharges).intersection(invariants)
    rest = obligations.relying_on(relied_on)
    discharges |= discharge_all(rest, (TABLE, CODE), prover, 1, lambda _: None)
    opinions = ask_second(symbolic, discharges, relied_on, prover.cache)()
    discharges = agreed(discharges, opinions, relied_on)
    exporter = Exporter(symbolic, relied_on)
    missing = [name for name in (TABLE, CODE) if not discharges[name].proved]
    if missing:
        return exporter, None, missing
    proved = upheld(system.properties, discharges)
    certified = certified_properties(system, [one for one in wanted if one in proved], relied_on)
    return exporter, certificates(exporter, certified), [one for one in wanted if one not in proved]


def check(folder: Path, address: str, only: Sequence[str], jobs: int) -> int:
    """Check a folder of certificates against a system, with up to ``jobs`` solvers at a time.

    Raises:
        BadInput: the folder, the system or ``jobs`` can not be used, or something has no place in a certificate.
    """
    system = load_system(address)
    check_ids(system, only)
    check_jobs(jobs)
    try:
        with ProgressReport(standard_error(), "checking") as progress:
            checked = check_certificates(folder, system, read_system(system), jobs, progress)
    except (Rejected, CanNotRead, *INPUT_ERRORS) as error:
        raise BadInput(str(error)) from error
    except RecursionError as error:
        raise BadInput(f"{folder}: a formula in it is nested too deeply to be read") from error
    output = standard_output()
    output.say(f"obligations: {checked.obligations} asked of cvc5 and of z3, none refuted")
    output.say(f"unchanged:   {checked.unchanged} pairs whose step writes nothing that the claim reads")
    output.say(
        f"definitions: {checked.definitions} compared with the second reading, the others are the same text"
    )
    output.say(f"assumptions: {checked.twins} sets of assumptions can hold")
    for one in checked.undecided:
        output.say(f"not decided: {one}")
    wanted = [known.id for known in closure(system, only)]
    missing = [one for one in wanted if one not in checked.properties]
    if checked.undecided or missing:
        said = f"{len(checked.undecided)} undecided, no certificate of {_first(missing) or 'nothing'}"
        output.say(f"NOT CHECKED: {said}. Exit code 2.")
        return ExitCode.UNDECIDED
    output.say(
        f"ALL CHECKED (cvc5, z3): certificates of {count(len(checked.properties), 'property')} "
        f"of system {system.name}. Exit code 0."
    )
    return ExitCode.PROVED


def _first(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_MOST])
    return shown if len(names) <= _MOST else f"{shown}, …"
