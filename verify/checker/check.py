"""Read a folder of certificates strictly, compare it with the system, ask two solvers everything again."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import Any

from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.checker.required import CODE, TABLE, Goal, Required
from pumpproof.verify.checker.scripts import Defined, Query, Rejected, Script, read_script, short
from pumpproof.verify.checker.solving import Commands, Progress, Question, ask
from pumpproof.verify.second_reader import SecondReading

FORMAT, VERSION, MANIFEST = "pumpproof-certificate", 2, "manifest.json"


class Disagreement(RuntimeError):
    """A solver, or the other reading, contradicts the certificate; the message names the place."""


@dataclass(frozen=True)
class Checked:
    """What a check found; nothing was rejected and nothing contradicted."""

    properties: tuple[str, ...]
    obligations: int
    unchanged: int
    definitions: int
    twins: int
    undecided: tuple[str, ...]


@dataclass
class _Shown:
    """What the files say: the queries, what each place assumes, and the arrows that leave a claim unchanged."""

    questions: list[Question] = field(default_factory=list)
    assumed: dict[str, dict[str, None]] = field(default_factory=dict)
    unchanged: int = 0
    pairs: list[str] = field(default_factory=list)
    files: dict[str, Any] = field(default_factory=dict)


def check_certificates(
    folder: Path,
    system: System,
    reading: SecondReading,
    jobs: int = 1,
    progress: Progress = lambda *_: None,
) -> Checked:
    """Check a folder of certificates of ``system``, with up to ``jobs`` solvers at a time.

    Raises:
        Rejected: a file is missing, foreign, changed, or says anything that has no place in a certificate.
        Disagreement: a solver refutes an obligation, or a definition differs from the other reading.
        SolverFailed: a solver did not answer.
    """
    manifest, properties = _manifest(folder, system)
    names = (*(f"properties/{known}.smt2" for known in properties), TABLE, CODE)
    _refuse_foreign(folder, names)
    scripts = {name: _script(folder, name, reading) for name in names}
    defined = _one_meaning(scripts.values())
    required = Required(system, properties, defined)
    shown = _Shown()
    for name, script in scripts.items():
        _match(name, script, required, shown)
        shown.files[name]["sha256"] = _sha256((folder / name).read_bytes())
    _compare(folder / MANIFEST, manifest, _expected(system, properties, shown))
    equal = tuple(_equalities(required, defined, reading))
    twins = [Question(f"what is assumed {one}", tuple(of), "sat") for one, of in shown.assumed.items()]
    commands = _commands(defined, reading)
    undecided = tuple(_judged(commands, (*equal, *shown.questions, *twins), jobs, progress))
    return Checked(properties, len(shown.questions), shown.unchanged, len(equal), len(twins), undecided)


def _manifest(folder: Path, system: System) -> tuple[str, tuple[str, ...]]:
    """The text of the manifest, and the properties that it names."""
    text = _text(folder / MANIFEST)
    place = f"{folder / MANIFEST}:1"
    try:
        manifest = json.loads(text)
        header = (manifest["format"], manifest["version"], manifest["system"]["name"])
        properties = tuple(manifest["properties"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Rejected(place, f"is no manifest of certificates ({type(error).__name__}: {error})") from error
    if header != (FORMAT, VERSION, system.name):
        raise Rejected(place, f"is of {header}; expected {(FORMAT, VERSION, system.name)}")
    if list(properties) != [one.id for one in system.properties if one.id in properties]:
        raise Rejected(place, f"`properties` are not those of {system.name}, each once and in its order")
    return text, properties


def _text(path: Path) -> str:
    """A file that is no link, and that can be read."""
    try:
        if path.is_symlink() or not path.is_file():
            raise Rejected(f"{path}:1", "is missing or no plain file; name a folder of certificates")
        return path.read_bytes().decode()
    except (OSError, UnicodeDecodeError) as error:
        raise Rejected(f"{path}:1", f"can not be read ({error})") from error


def _refuse_foreign(folder: Path, names: Sequence[str]) -> None:
    for path in sorted(folder.rglob("*")):
        is_folder = path.is_dir() and not path.is_symlink()
        if not is_folder and str(path.relative_to(folder)) not in (*names, MANIFEST):
            raise Rejected(f"{path}:1", "this file belongs to no certificate of the manifest")


def _script(folder: Path, name: str, reading: SecondReading) -> Script:
    script = read_script(_text(folder / name), str(folder / name))
    variables = [(variable, sort, f"{folder / name}:1") for variable, sort in script.declared.items()]
    for one in script.defined.values():
        if not one.is_helper and one.name[1:-1] not in reading:
            raise Rejected(one.place, f"the system has nothing that is called {one.name}")
        variables += [(parameter, sort, one.place) for parameter, sort in one.parameters.items()]
    for variable, sort, place in variables:
        if reading.variables.get(variable[1:-1]) != sort:
            raise Rejected(place, f"the system has no variable {variable} of sort {sort}")
    return script


def _one_meaning(scripts: Iterable[Script]) -> dict[str, Defined]:
    """All definitions; where files share a name they say the same."""
    defined: dict[str, Defined] = {}
    for script in scripts:
        for one in script.defined.values():
            first = defined.setdefault(one.name, one)
            if first != one:
                raise Rejected(one.place, f"{one.name} has another meaning in {first.place}")
    return defined


def _match(name: str, script: Script, required: Required, shown: _Shown) -> None:
    """Find the query of each goal that needs one, and none beside."""
    queries = iter(script.queries)
    answered: dict[str, str] = {}
    unchanged: list[str] = []
    for goal in required.of_file(name):
        if goal.unchanged:
            answered[goal.name] = "unchanged"
            unchanged.append(goal.name)
            continue
        answered[goal.name] = "query"
        query = next(queries, None)
        if query is None:
            raise Rejected(f"{name}:1", f"there is no query for the goal {goal.name!r}")
        _check_query(goal, query)
        shown.questions.append(Question(f"{name}: {goal.name}", query.asserted, "unsat", name))
        shown.assumed.setdefault(goal.where, {}).update(dict.fromkeys(query.asserted[:-1]))
    for query in queries:
        raise Rejected(query.place, "this query is about nothing that a certificate has to show")
    shown.unchanged += len(unchanged)
    shown.files[name] = {"queries": len(script.queries), "unchanged": unchanged}
    if name not in (TABLE, CODE):
        known = name.removeprefix("properties/").removesuffix(".smt2")
        for arrow in required.arrows:
            shown.pairs.append(f"{arrow.name}\t{known}\t{answered.get(arrow.name, 'other event')}\n")


def _check_query(goal: Goal, query: Query) -> None:
    *assumptions, negated = query.asserted
    if negated != f"(not {goal.formula})":
        raise Rejected(
            query.place, f"expected the negated goal of {goal.name!r}: (not {short(goal.formula)})"
        )
    for formula in assumptions:
        if formula not in goal.allowed:
            raise Rejected(query.place, f"{short(formula)} may not be assumed for {goal.name!r}")


def _expected(system: System, properties: Sequence[str], shown: _Shown) -> str:
    """The manifest that says what is in the files, and of which system."""
    manifest = {
        "format": FORMAT,
        "version": VERSION,
        "system": {"name": system.name, "says": system.says},
        "assumptions": [{"id": one.id, "says": one.says} for one in system.conditions],
        "properties": properties,
        "left_out": [one.id for one in system.properties if one.id not in properties],
        "pairs": {"count": len(shown.pairs), "sha256": _sha256("".join(shown.pairs).encode())},
        "files": shown.files,
    }
    return json.dumps(manifest, sort_keys=True, ensure_ascii=False, indent=1) + "\n"


def _compare(path: Path, said: str, expected: str) -> None:
    for number, (one, other) in enumerate(zip_longest(said.split("\n"), expected.split("\n")), 1):
        if one != other:
            raise Rejected(f"{path}:{number}", f"{short(str(one).strip())}; expected {str(other).strip()}")


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _commands(defined: Mapping[str, Defined], reading: SecondReading) -> Commands:
    """What declares the variables, the definitions of the certificates, and those of the other reading.

    Raises:
        Rejected: a definition takes the name of a variable.
    """
    commands = {f"|{name}|": f"(declare-const |{name}| {sort})" for name, sort in reading.variables.items()}
    for name, text in (*((name, one.text) for name, one in defined.items()), *_second(defined, reading)):
        if name in commands:
            raise Rejected("certificate", f"{name} has a meaning already")
        commands[name] = text
    return commands


def _second(defined: Mapping[str, Defined], reading: SecondReading) -> Iterator[tuple[str, str]]:
    """The names of the other reading, each with ``second`` before it, and their definitions."""
    for name in reading.names:
        if f"|{name}|" in defined or name.startswith(("typed", "situation ", "guard ", "defined ")):
            second, sort = f"|second {name}|", reading.expression(name).sort
            yield second, f"(define-fun {second} () {sort} {reading.smtlib(name)})"


def _equalities(
    required: Required, defined: Mapping[str, Defined], reading: SecondReading
) -> Iterator[Question]:
    """That each definition equals that of the other reading, for values of their types and where nothing raises.

    Each new value is shown to be of its type, because definitions are compared on such values only.
    """
    ranges = {f"|{name}|": count - 1 for name, count in reading.choices.items()}
    typed = ["|second typed|", *(f"(<= 0 {name} {last})" for name, last in ranges.items())]
    for one in defined.values():
        name = one.name[1:-1]
        if not one.is_helper and one.body != reading.smtlib(name):
            place = name if f"defined {name}" in reading else _computed_in(name)
            given = [f"|second defined {place}|"] if f"defined {place}" in reading else []
            differ = f"(not (= {required.apply(one.name, {})} |second {name}|))"
            about = f"{one.place}: {name} is what the system does"
            yield Question(about, (*typed, *given, differ), "unsat", f"equal {place}")
    places = [("initial", {"before": "initial"}, ["|second typed|"])]
    for arrow in required.arrows:
        taken = ["|second typed|", f"|second situation {arrow.name}|", f"|second guard {arrow.name}|"]
        places.append((f"after {arrow.name}", {**required.after(arrow), **required.step(arrow)}, taken))
    for place, images, given in places:
        for variable, last in ranges.items():
            new = required.image(variable, images)
            if new in defined:
                outside = f"(not (<= 0 {new} {last}))"
                yield Question(
                    f"{new} is a member of its type", (*given, outside), "unsat", f"member {place}"
                )


def _computed_in(name: str) -> str:
    """The place in which the definition of a leaf is computed."""
    whole = name.rpartition(" ")[0]
    kind, _, arrow = whole.partition(" ")
    return f"effect {arrow}" if kind in ("after", "outputs") else whole


def _judged(
    commands: Commands, questions: Sequence[Question], jobs: int, progress: Progress
) -> Iterator[str]:
    """Ask both solvers everything; yields what one of them does not know.

    Raises:
        Disagreement: a solver answers the opposite of what is expected.
    """
    answers = ask(commands, questions, jobs, progress)
    for question in questions:
        for solver, answer in answers[question].items():
            if answer == "unknown":
                yield f"{question.about}: {solver} does not know"
            elif answer != question.expected:
                raise Disagreement(f"{question.about}: {solver} says {answer}; expected {question.expected}")
