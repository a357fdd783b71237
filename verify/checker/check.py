"""Read a folder of certificates strictly, compare it with the system, ask two solvers everything again."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.checker.required import Goal, Required, pairs_digest, ranges
from pumpproof.verify.checker.scripts import Defined, File, Line, Node, Query, read_script, show
from pumpproof.verify.checker.solving import SOLVERS, answers
from pumpproof.verify.second_reader import SecondReading

FORMAT, VERSION, MANIFEST = "pumpproof-certificate", 1, "manifest.json"


class Disagreement(RuntimeError):
    """A solver, or the other reading, contradicts the certificate; the message names the place."""


@dataclass(frozen=True)
class Question:
    """Formulas, and the answer that a solver must give."""

    about: str
    formulas: tuple[str, ...]
    expected: Literal["sat", "unsat"]


@dataclass(frozen=True)
class Checked:
    """What a check found; nothing was rejected and nothing contradicted."""

    properties: tuple[str, ...]
    obligations: int
    unchanged: int
    definitions: int
    twins: int
    undecided: tuple[str, ...]


def check_certificates(folder: Path, system: System, reading: SecondReading) -> Checked:
    """Check a folder of certificates of ``system``.

    Raises:
        Rejected: a file is missing, foreign, changed, or says anything that has no place in a certificate.
        Disagreement: a solver refutes an obligation, or a definition differs from the other reading.
        SolverFailed: a solver did not answer.
    """
    manifest = _manifest(folder, system)
    properties = tuple(manifest["properties"])
    files = {name: _script(folder, name, manifest["files"], reading) for name in _names(properties)}
    defined = _one_meaning(files)
    required = Required(system, properties, defined)
    obligations: list[Question] = []
    assumed: dict[str, dict[str, None]] = {}
    unchanged = 0
    for name, file in files.items():
        goals = tuple(_goals(required, name))
        found, kept = _matched(name, file, goals, defined, assumed)
        _compare_lists(folder / MANIFEST, manifest["files"][name], found, kept)
        obligations += found
        unchanged += len(kept)
    equal = tuple(_equalities(system, required, defined, reading))
    twins = [
        Question(f"what is assumed {where}", tuple(formulas), "sat") for where, formulas in assumed.items()
    ]
    commands = [f"(declare-const |{name}| {sort})" for name, sort in reading.variables.items()]
    commands += [*(one.text for one in defined.values()), *_second_definitions(defined, reading)]
    undecided = tuple(_ask(commands, (*equal, *obligations, *twins)))
    return Checked(properties, len(obligations), unchanged, len(equal), len(twins), undecided)


def _names(properties: Sequence[str]) -> tuple[str, ...]:
    return (*(f"properties/{known}.smt2" for known in properties), "table.smt2", "code.smt2")


def _manifest(folder: Path, system: System) -> dict[str, Any]:
    path = folder / MANIFEST
    line = Line(str(path), 1)
    try:
        manifest = json.loads(path.read_bytes())
        properties = tuple(manifest["properties"])
        header = (manifest["format"], manifest["version"], manifest["system"]["name"])
        listed = set(manifest["files"])
        pairs = (manifest["pairs"]["count"], manifest["pairs"]["sha256"])
        malformed = [name for name in manifest["files"] if not _is_account(manifest["files"][name])]
    except OSError as error:
        raise line.reject(f"can not be read ({error.strerror}); name a folder of certificates") from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise line.reject(f"is no manifest of certificates ({type(error).__name__}: {error})") from error
    if malformed:
        raise line.reject(
            f"`files` says of {malformed[0]!r} something else than `sha256`, `obligations`, `unchanged`"
        )
    if header != (FORMAT, VERSION, system.name):
        raise line.reject(f"is of {header}; expected {(FORMAT, VERSION, system.name)}")
    known = [one.id for one in system.properties if one.id in properties]
    if list(properties) != known:
        raise line.reject(f"`properties` are not properties of {system.name}, each once and in its order")
    if listed != set(_names(properties)):
        raise line.reject(
            f"`files` differ from what is required: {sorted(listed ^ set(_names(properties)))[:3]}"
        )
    if pairs != pairs_digest(system, properties):
        raise line.reject(f"`pairs` are {pairs}; the system has {pairs_digest(system, properties)}")
    there = {
        str(one.relative_to(folder)) for one in folder.rglob("*") if not one.is_dir() or one.is_symlink()
    }
    if foreign := sorted(there - listed - {MANIFEST}):
        raise Line(str(folder / foreign[0]), 1).reject("this file belongs to no certificate")
    assert isinstance(manifest, dict)
    return manifest


def _is_account(entry: Any) -> bool:
    """Say whether this is what a manifest says of one file, as far as its shape goes."""
    return (
        isinstance(entry, dict)
        and isinstance(entry.get("sha256"), str)
        and isinstance(entry.get("unchanged"), list)
        and isinstance(entry.get("obligations"), list)
        and all(
            isinstance(one, dict) and isinstance(one.get("assumes"), list) for one in entry["obligations"]
        )
    )


def _script(folder: Path, name: str, listed: Mapping[str, Any], reading: SecondReading) -> File:
    path = folder / name
    line = Line(str(path), 1)
    try:
        content = path.read_bytes()
        text = content.decode()
    except (OSError, UnicodeDecodeError) as error:
        raise line.reject(f"can not be read ({error})") from error
    if hashlib.sha256(content).hexdigest() != listed[name]["sha256"]:
        raise line.reject(f"its SHA-256 is not the one in {MANIFEST}")
    file = read_script(text, str(path))
    for variable, sort in file.declared.items():
        if reading.variables.get(variable[1:-1]) != sort:
            raise line.reject(f"the system has no variable {variable} of sort {sort}")
    for one in file.defined.values():
        if not one.is_helper and one.name[1:-1] not in reading.names:
            raise one.line.reject(f"the system has nothing that is called {one.name}")
        for parameter, sort in one.parameters:
            if reading.variables.get(parameter[1:-1]) != sort:
                raise one.line.reject(f"the system has no variable {parameter} of sort {sort}")
    return file


def _one_meaning(files: Mapping[str, File]) -> dict[str, Defined]:
    """All definitions; where files share a name they say the same."""
    defined: dict[str, Defined] = {}
    for file in files.values():
        for one in file.defined.values():
            first = defined.setdefault(one.name, one)
            if first.text != one.text:
                raise one.line.reject(
                    f"{one.name} has another meaning in {first.line.file}:{first.line.number}"
                )
    return defined


def _goals(required: Required, name: str) -> Iterator[Goal]:
    if name == "table.smt2":
        return required.of_table()
    if name == "code.smt2":
        return required.of_code()
    return required.of_property(required.system.property_named(name[len("properties/") : -len(".smt2")]))


def _matched(
    name: str,
    file: File,
    goals: Sequence[Goal],
    defined: Mapping[str, Defined],
    assumed: dict[str, dict[str, None]],
) -> tuple[list[Question], list[str]]:
    """Each goal with its query; and the arrows that leave a claim as it is, which need none."""
    questions: list[Question] = []
    kept: list[str] = []
    queries = iter(file.queries)
    for goal in goals:
        if _needs_no_solver(name, goal, defined):
            kept += [goal.arrow.name] if goal.arrow is not None and name.startswith("properties/") else []
            continue
        query = next(queries, None)
        if query is None:
            raise Line(name, 1).reject(f"there is no query for the goal {goal.name!r}")
        questions.append(_question(name, goal, query))
        where = "without a step" if goal.arrow is None else f"at {goal.arrow.name}"
        if name == "table.smt2":
            where = f"for {goal.name}"
        assumed.setdefault(where, {}).update(dict.fromkeys(questions[-1].formulas[:-1]))
    for query in queries:
        raise query.line.reject("this query is about nothing that a certificate has to show")
    return questions, kept


def _needs_no_solver(name: str, goal: Goal, defined: Mapping[str, Defined]) -> bool:
    """A claim none of whose variables a step writes is kept; a place with nothing to show is defined as true."""
    function = goal.negated if isinstance(goal.negated, str) else str(goal.negated[0])
    if name == "code.smt2":
        return function in defined and defined[function].body == "true"
    if not name.startswith("properties/") or not goal.is_kept:
        return False
    arguments = goal.negated[1:] if isinstance(goal.negated, tuple) else ()
    return all(
        argument == parameter or (isinstance(argument, str) and defined[argument].body == parameter)
        for argument, (parameter, _) in zip(arguments, defined[function].parameters, strict=True)
    )


def _question(name: str, goal: Goal, query: Query) -> Question:
    *assumptions, (negated, line) = query.asserted
    if negated != ("not", goal.negated):
        raise line.reject(f"expected the negated goal of {goal.name!r}: (not {_short(goal.negated)})")
    for formula, place in assumptions:
        if formula not in goal.allowed:
            raise place.reject(f"{_short(formula)} may not be assumed for {goal.name!r}")
    return Question(f"{name}: {goal.name}", tuple(show(formula) for formula, _ in query.asserted), "unsat")


def _short(node: Node) -> str:
    text = show(node)
    return text if len(text) <= 80 else f"{text[:80]}…"


def _compare_lists(path: Path, listed: Any, found: Sequence[Question], kept: Sequence[str]) -> None:
    """The manifest says of a file what is in it."""
    line = Line(str(path), 1)
    said = [[*one["assumes"]] for one in listed["obligations"]]
    if said != [list(one.formulas[:-1]) for one in found] or listed["unchanged"] != list(kept):
        raise line.reject("the list of obligations is not that of the files")


def _second_definitions(defined: Mapping[str, Defined], reading: SecondReading) -> Iterator[str]:
    """The other reading, each name with ``second`` before it."""
    for name in reading.names:
        exported = defined.get(f"|{name}|")
        if exported is not None or name.startswith(("typed", "situation ", "guard ", "defined ")):
            sort = "Bool" if exported is None else exported.sort
            yield f"(define-fun |second {name}| () {sort} {reading.smtlib(name)})"


def _equalities(
    system: System, required: Required, defined: Mapping[str, Defined], reading: SecondReading
) -> Iterator[Question]:
    """That each definition equals that of the other reading, for values of their types and where nothing raises.

    A state after a step is shown to be of its type, because properties are compared on such states only.
    """
    places = _places(required)
    after = (*ranges(system.state, "after"), *ranges(system.outputs, "outputs"))
    events = tuple(one for event in system.events for one in ranges(event, f"event {event.__name__!r}"))
    for one in defined.values():
        name = one.name[1:-1]
        if one.is_helper or show(one.body) == reading.smtlib(name):
            continue
        place = places.get(name.rpartition(" ")[0], name)
        given = ["|second typed|", *events, *after]
        if f"defined {place}" in reading.names and not name.startswith("defined "):
            given.append(f"|second defined {place}|")
        differ = f"(not (= {show(required.apply(one.name, {}))} |second {name}|))"
        yield Question(
            f"{one.line.file}:{one.line.number}: {name} is what the system does", (*given, differ), "unsat"
        )
    for arrow in required.arrows:
        taken = ("|second typed|", f"|second situation {arrow.name}|", f"|second guard {arrow.name}|")
        for record, prefix, of in (("after", "after", system.state), ("outputs", "outputs", system.outputs)):
            for text in ranges(of, record):
                leaf = text.split("|")[1]
                new = f"|{prefix} {arrow.name} {leaf.partition('.')[2]}|"
                if new in defined:
                    within = text.replace(f"|{leaf}|", new)
                    yield Question(f"{new} is a member of its type", (*taken, f"(not {within})"), "unsat")


def _places(required: Required) -> dict[str, str]:
    """Where the definitions are computed whose names begin like this."""
    places = {"initial": "initial"}
    for arrow in required.arrows:
        places |= {f"{word} {arrow.name}": f"effect {arrow.name}" for word in ("after", "outputs")}
        ghosts = [f"ghost {observer.name!r} {arrow.name}" for observer in required.system.observers]
        places |= {ghost: ghost for ghost in ghosts}
    opened = [f"opened {observer.name!r}" for observer in required.system.observers]
    return places | {one: one for one in opened}


def _ask(commands: Sequence[str], questions: Sequence[Question]) -> Iterator[str]:
    """Ask both solvers everything; yields what one of them does not know.

    Raises:
        Disagreement: a solver answers the opposite of what is expected.
    """
    for solver in SOLVERS:
        said = answers(solver, commands, [question.formulas for question in questions])
        for question, answer in zip(questions, said, strict=True):
            if answer == "unknown":
                yield f"{question.about}: {solver} does not know"
            elif answer != question.expected:
                raise Disagreement(f"{question.about}: {solver} says {answer}; expected {question.expected}")
