"""The risk management file of a system: hazards, risk controls, requirements, and how outside lists are answered.

It is a folder of TOML files. Links are written from the child up: a risk control names the hazards that it controls, a
requirement the risk controls that it is a part of, a violation or an incident what it violates. Nothing here says that
anything is shown: that is computed from what properties and tests say of themselves.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from pumpproof.spec.kernel.entries import Entry, read_entries, read_lines
from pumpproof.spec.kernel.requirements import (
    Requirement,
    checked,
    clauses_of,
    load_requirements,
    load_sources,
    load_tests,
)
from pumpproof.spec.kernel.traces import TRACE_KEYS, Trace, read_trace

SEVERITIES: Final = ("serious", "critical", "catastrophic")
"""Of harm: reversible with treatment; irreversible or life-threatening without treatment; death."""

Record = TypeVar("Record")


@dataclass(frozen=True)
class Hazard:
    """A source of harm, with the category under which figures are given and the worst harm, before any control."""

    id: str
    says: str
    category: str
    severity: str


@dataclass(frozen=True)
class RiskControl:
    """What keeps a risk down; requirements say it in detail."""

    id: str
    says: str
    controls: tuple[str, ...]


@dataclass(frozen=True)
class Violation:
    """A concrete behaviour that violates clauses, which a property that formalises them must refute."""

    violates: tuple[str, ...]
    says: str
    trace: Trace


@dataclass(frozen=True)
class Incident:
    """Something that happened with a real device: a trace that the properties must reject, or why there is none.

    ``tests`` show that it cannot happen, where no trace of events tells it, as in the reading of a text. ``awaits`` is
    the feature without which it cannot be told; ``outside`` says why no trace of a pump's decisions can.
    """

    id: str
    report: str
    says: str
    violates: tuple[str, ...]
    trace: Trace | None
    awaits: str
    outside: str
    tests: tuple[str, ...] = ()


@dataclass(frozen=True)
class OutsideRisk:
    """A risk of a list made elsewhere: the requirements that answer it, or why it is outside a pump's software."""

    id: str
    says: str
    answered_by: tuple[str, ...]
    outside: str


@dataclass(frozen=True)
class RiskFile:
    """Everything in the folder. ``limits`` are those of the traces."""

    hazards: tuple[Hazard, ...]
    controls: tuple[RiskControl, ...]
    requirements: tuple[Requirement, ...]
    features: Mapping[str, str]
    limits: Mapping[str, int]
    violations: tuple[Violation, ...]
    incidents: tuple[Incident, ...]
    outside_risks: tuple[OutsideRisk, ...]

    def hazards_of(self, requirement: Requirement) -> tuple[Hazard, ...]:
        """The hazards that a requirement helps to control, that of its first risk control first."""
        controls = {control.id: control for control in self.controls}
        hazards = {hazard.id: hazard for hazard in self.hazards}
        ids = (one for control in requirement.implements for one in controls[control].controls)
        return tuple(hazards[one] for one in dict.fromkeys(ids))

    def severity_of(self, requirement: Requirement) -> str:
        """The worst severity among the hazards of a requirement."""
        return max((hazard.severity for hazard in self.hazards_of(requirement)), key=SEVERITIES.index)


def load_requirements_of(folder: Path) -> tuple[Requirement, ...]:
    """The requirements alone, of one file for each area, for a system that is loaded often.

    Raises:
        EntryError: a file is malformed, or an id is used twice.
    """
    sources, tests = load_sources(folder / "sources.toml"), load_tests(folder / "tested.toml")
    return load_requirements(folder / "areas", sources, tests)


def load_risk_file(folder: Path) -> RiskFile:
    """Read the folder and check every link in it.

    Raises:
        EntryError: a file is malformed, an id is used twice, or a link leads nowhere.
    """
    features = {key: entry.sentence("value") for key, entry in read_lines(folder / "features.toml").items()}
    hazards = _all(folder / "hazards.toml", "hazard", _hazard)
    controls = _all(folder / "risk_controls.toml", "control", lambda entry: _control(entry, hazards))
    requirements = load_requirements_of(folder)
    _check_requirements(requirements, controls, features)
    links = {one.id for one in requirements} | set(clauses_of(requirements))
    words = {key: entry.texts("value") for key, entry in read_lines(folder / "words.toml").items()}
    tests = load_tests(folder / "tested.toml")
    incidents = _all(
        folder / "incidents.toml", "incident", lambda entry: _incident(entry, words, links, features, tests)
    )
    for key, entry in read_lines(folder / "tested.toml").items():
        _check_links(entry, "the key", [key], {**clauses_of(requirements), **incidents})
    return RiskFile(
        tuple(hazards.values()),
        tuple(controls.values()),
        requirements,
        features,
        {key: _number(entry) for key, entry in read_lines(folder / "limits.toml").items()},
        tuple(
            _violation(entry, words, clauses_of(requirements))
            for entry in read_entries(folder / "violations.toml", "violation")["violation"]
        ),
        tuple(incidents.values()),
        _outside_risks(folder / "automated_delivery.toml", links),
    )


def _all(path: Path, name: str, read: Callable[[Entry], Record]) -> dict[str, Record]:
    found: dict[str, Record] = {}
    for entry in read_entries(path, name)[name]:
        if entry.text("id") in found:
            entry.fail(f"id {entry.text('id')} is used twice")
        found[entry.text("id")] = read(entry)
    return found


def _check_links(entry: Entry, key: str, links: Iterable[str], known: Collection[str]) -> None:
    for link in links:
        if link not in known:
            entry.fail(f"{key} names {link}, which is nowhere")


def _hazard(entry: Entry) -> Hazard:
    entry.check_keys(("id", "says", "category", "severity"))
    severity = entry.one_of("severity", SEVERITIES)
    return Hazard(checked(entry, "id", "HAZ"), entry.sentence("says"), entry.text("category"), severity)


def _control(entry: Entry, hazards: Collection[str]) -> RiskControl:
    entry.check_keys(("id", "says", "controls"))
    _check_links(entry, "controls", entry.texts("controls"), hazards)
    if not entry.texts("controls"):
        entry.fail("controls names no hazard")
    return RiskControl(checked(entry, "id", "RCM"), entry.sentence("says"), entry.texts("controls"))


def _check_requirements(
    requirements: Iterable[Requirement], controls: Collection[str], features: Collection[str]
) -> None:
    for requirement in requirements:
        path, _, line = requirement.place.rpartition(":")
        entry = Entry(Path(path), int(line), {})
        if not requirement.implements:
            entry.fail(f"{requirement.id} implements no risk control")
        _check_links(entry, "implements", requirement.implements, controls)
        _check_links(entry, "awaits", (one.awaits for one in requirement.parts if one.awaits), features)


def _number(entry: Entry) -> int:
    value = entry.values.get("value")
    if type(value) is not int:
        entry.fail(f"{value!r} is no whole number")
    return value


def _violation(entry: Entry, words: Mapping[str, tuple[str, ...]], clauses: Collection[str]) -> Violation:
    entry.check_keys(("violates", "says"), TRACE_KEYS)
    _check_links(entry, "violates", entry.texts("violates"), clauses)
    if not entry.texts("violates"):
        entry.fail("violates names no clause")
    return Violation(entry.texts("violates"), entry.sentence("says"), read_trace(entry, words))


def _incident(
    entry: Entry,
    words: Mapping[str, tuple[str, ...]],
    links: Collection[str],
    features: Collection[str],
    tests: Mapping[str, tuple[str, ...]],
) -> Incident:
    entry.check_keys(("id", "report", "says"), ("violates", "awaits", "outside", *TRACE_KEYS))
    awaits, outside = entry.text("awaits"), entry.text("outside")
    trace = read_trace(entry, words) if "trace" in entry.values else None
    shown_by = tests.get(entry.text("id"), ())
    if (trace is not None) + bool(awaits) + bool(outside) + bool(shown_by) != 1:
        entry.fail(
            "give one of: a trace, the feature it awaits, why no trace can tell it (outside), "
            "or tests that show it"
        )
    if bool(outside) == bool(entry.texts("violates")):
        entry.fail("violates names the requirements that it breaks, unless it is outside")
    _check_links(entry, "violates", entry.texts("violates"), links)
    _check_links(entry, "awaits", [awaits] if awaits else [], features)
    return Incident(
        checked(entry, "id", "INC"),
        entry.text("report"),
        entry.sentence("says"),
        entry.texts("violates"),
        trace,
        awaits,
        outside,
        shown_by,
    )


def _outside_risks(path: Path, links: Collection[str]) -> tuple[OutsideRisk, ...]:
    """A key with a sentence is a reason why risks are outside; every other key is a risk."""
    lines = read_lines(path)
    reasons = {key: entry.sentence("value") for key, entry in lines.items() if "value" in entry.values}
    found: list[OutsideRisk] = []
    for key, entry in lines.items():
        if key in reasons:
            continue
        entry.check_keys(("says",), ("answered_by", "outside"))
        reason = entry.one_of("outside", tuple(reasons)) if "outside" in entry.values else ""
        answers = entry.texts("answered_by")
        if bool(reason) == bool(answers):
            entry.fail("give either answered_by, requirements, or outside, the key of a reason")
        _check_links(entry, "answered_by", answers, links)
        found.append(OutsideRisk(key, entry.sentence("says"), answers, reasons.get(reason, "")))
    return tuple(found)
