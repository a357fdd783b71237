"""One verification from beginning to end: select, discharge, check, search, judge."""

import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

from pumpproof.spec.kernel.profiles import ConditionVerdict, Profile, ProfileError, check_profile
from pumpproof.spec.kernel.properties import Kind, Property
from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.kernel.table import Command, Entry, Ignored, Refused, Row
from pumpproof.verify.certificates.second_solver import Answers, second_solver
from pumpproof.verify.checks.context import Context
from pumpproof.verify.checks.foundations import check_foundations
from pumpproof.verify.checks.readings import check_readings
from pumpproof.verify.checks.specification import check_specification
from pumpproof.verify.engines.engine import Budget, Engine, Proved, ProvedBounded, Refuted
from pumpproof.verify.engines.portfolio import Attempt, attempt_all, discharged_again, strengthenings
from pumpproof.verify.engines.source_text import SourceText
from pumpproof.verify.judge import (
    PROVED,
    Findings,
    Judgement,
    ToolFault,
    judge_closure,
    judge_property,
    rests_on,
    upheld,
)
from pumpproof.verify.logic.smt import SOLVER
from pumpproof.verify.proof.cache import Cache, NoCache
from pumpproof.verify.proof.cores import CoreMemory
from pumpproof.verify.proof.induction import RESOURCE_LIMIT, Prover
from pumpproof.verify.proof.needs import needs
from pumpproof.verify.proof.obligations import CODE, TABLE, Obligations
from pumpproof.verify.proof.pool import Workers, cores_of_all, discharge_all, workers_of
from pumpproof.verify.proof.sanity import Sanity
from pumpproof.verify.proof.symbolic import SymbolicSystem
from pumpproof.verify.proof.verdicts import Discharge, Situation, Verdict
from pumpproof.verify.proving import agreed, ask_second, second_tally
from pumpproof.verify.record import (
    CheckResult,
    Counterexample,
    ProfileResult,
    PropertyResult,
    RowResult,
    Verification,
    strength,
)
from pumpproof.verify.search.agreement import compare_with_runs
from pumpproof.verify.search.counterexample import find_counterexamples
from pumpproof.verify.search.exercises import undefined_in_exercises
from pumpproof.verify.search.explorer import Report
from pumpproof.verify.search.guided import STEPS, Exploration, explore
from pumpproof.verify.search.limits import NoValidLimits, some_valid_limits
from pumpproof.verify.search.memory import RunMemory

Progress = Callable[[int, int, str], None]

METHOD = "induction"
ENGINE_BUDGET = Budget()


class UnknownProperty(ValueError):
    """An id that no property of the system has."""


class AssertionsOffError(RuntimeError):
    """The toolkit was started without its own checks."""


@dataclass(frozen=True)
class Request:
    """What to verify: ``only`` these properties and what they rest on (all, if empty), with these profiles.

    Without ``second_opinion`` no second solver is asked, and the record says so.
    With ``cores`` also what the proofs of these properties need. ``steps`` is the budget of the search for runs that
    reach rows and situations, in steps of the table.
    ``engines`` are asked, within ``budget``, about each of these properties that induction leaves open.
    """

    only: tuple[str, ...] = ()
    profiles: tuple[Profile[Any], ...] = ()
    jobs: int = 1
    resource_limit: int = RESOURCE_LIMIT
    second_opinion: bool = True
    cores: bool = False
    steps: int = STEPS
    engines: tuple[Engine, ...] = ()
    budget: Budget = ENGINE_BUDGET


def _no_progress(done: int, total: int, what: str) -> None:
    """Show nothing."""


def verify_system(
    system: System,
    request: Request,
    *,
    cache: Cache | None = None,
    memory: RunMemory | None = None,
    core_memory: CoreMemory | None = None,
    workers: Workers | None = None,
    progress: Progress = _no_progress,
) -> Verification:
    """Verify a system, with ``workers`` if given, otherwise with as many processes as the request says.

    The checks of the table and of the code may rely on any invariant, so all invariants are discharged, also those
    that ``only`` leaves out of the report; one that is not proved is not relied on.

    Raises:
        UnknownProperty: ``only`` names an id that no property has.
        ProfileError: a profile violates a condition under which the system is proved, or cannot be converted.
        OutsideSubset, BindingError, WrittenMode, WrittenRefusal: the system's code cannot be read as formulas.
        ToolFault: a proof and a run of the machine contradict each other.
        ReplayMismatch: the formulas of a step and the running machine disagree.
        AssertionsOffError: Python was started with -O.
    """
    if not __debug__:
        raise AssertionsOffError(
            "the toolkit's own checks are assertions, which python -O removes; run without -O"
        )
    clock = _Clock()
    second = second_solver() if request.second_opinion else ""
    selected = closure(system, request.only)
    profiles = tuple(judge_profile(system, profile) for profile in request.profiles)
    with clock.measure("read"):
        symbolic = SymbolicSystem(system)
        obligations = Obligations(symbolic)
        invariants = [known.id for known in system.properties if known.kind is Kind.INVARIANT]
        wanted = tuple(dict.fromkeys((*(known.id for known in selected), *invariants)))
        total = len(wanted) + 2
    prover = Prover(symbolic, cache or NoCache(), request.resource_limit)
    finished: list[str] = []

    def done(subject: str) -> None:
        finished.append(subject)
        progress(len(finished), total, subject)

    workers = workers or workers_of(request.jobs)
    with clock.measure("prove"):
        discharges = discharge_all(obligations, wanted, prover, 1, done, workers)
        attempts = attempt_all(obligations, selected, discharges, request.engines, request.budget)
        discharges |= discharged_again(attempts, prover)
        sound = upheld(system.properties, discharges)
        proved = sound.intersection(invariants)
        stronger = strengthenings(attempts, sound)
        obligations = obligations.strengthened(stronger).relying_on(proved)
        # Workers elsewhere know the system's own properties, not what engines found to strengthen them.
        near = None if stronger else workers
        discharges |= discharge_all(obligations, (TABLE, CODE), prover, 1, done, near)
        waiting: Answers = dict
        if request.second_opinion:
            # What an engine found to strengthen a property has no name in what is exported.
            unnamed = {name for name, one in attempts.items() if isinstance(one.best, Proved)}
            without = (*unnamed, TABLE, CODE) if stronger else tuple(unnamed)
            waiting = ask_second(symbolic, discharges, proved, prover.cache, without)
    with clock.measure("readings"):
        readings = check_readings(symbolic, prover.cache)
    with clock.measure("search"):
        all_proved = all(one.proved for one in discharges.values())
        name, exploration = _explore(
            symbolic,
            memory if all_proved and request.steps == STEPS else None,
            request.steps,
            lambda found, goals, steps: progress(
                total, total, f"runs: {found} of {goals} goals found, {steps:,} steps tried"
            ),
        )
    with clock.measure("second solver"):
        opinions = waiting()
        discharges = agreed(discharges, opinions, proved)
        exploration = _with_undefined_steps(system, discharges, exploration)
    with clock.measure("agree"):
        last_steps = compare_with_runs(symbolic, exploration.reached)
    with clock.measure("check"):
        sanity = Sanity(obligations, prover)
        foundations = tuple(
            replace(one, strength=strength(SOLVER, second if one.name in opinions else ""))
            for one in (*check_foundations(sanity, discharges, exploration), readings)
        )
    unproved = sum(not one.proved for one in discharges.values())
    if unproved:
        progress(total, total, f"runs that break what is not proved ({unproved} open)")
    with clock.measure("judge"):
        properties = _judge(
            symbolic,
            sanity,
            selected,
            discharges,
            foundations,
            exploration,
            proved,
            attempts,
            lambda what: progress(total, total, f"runs that break what is not proved: {what}"),
        )
        properties = tuple(
            replace(one, strength=strength_of(one.property.id, one.rests_on, opinions, second))
            for one in properties
        )
    with clock.measure("cores"):
        proofs = _core_subjects(request, properties, foundations)
        found = cores_of_all(obligations, proofs, prover, core_memory or CoreMemory(), near)
        needed = needs(obligations, found) if request.cores else None
    with clock.measure("specification"):
        specification = check_specification(Context(obligations, prover, discharges, last_steps))
    changed = symbolic.reader.changed_since_reading()
    if changed:
        raise ToolFault(f"code was replaced while it was verified: {', '.join(changed)}")
    return Verification(
        system=system,
        only=request.only,
        profile_of_runs=name,
        properties=properties,
        checks=(*foundations, *specification),
        rows=_rows(symbolic, exploration),
        profiles=profiles,
        requested=sum(_arrow_count(entry) for entry in system.table) * len(selected),
        accounted=sum(discharges[known.id].steps + _other_events(symbolic, known) for known in selected),
        solver=SOLVER,
        second_solver=second,
        second_opinion=second_tally(opinions, (*(known.id for known in selected), TABLE, CODE)),
        seconds=clock.seconds,
        needs=needed,
        incidents=() if workers is None else tuple(workers.incidents),
    )


def strength_of(identifier: str, lemmas: Iterable[str], opinions: Collection[str], second: str) -> str:
    """The second solver stands behind a property if it stands behind all that the property rests on."""
    footing = (identifier, *lemmas, TABLE, CODE)
    return strength(SOLVER, second if all(name in opinions for name in footing) else "")


def _core_subjects(
    request: Request, properties: Sequence[PropertyResult], checks: Sequence[CheckResult]
) -> tuple[str, ...]:
    """What was asked for and proved by what the properties name, and so has a core; other engines show more."""
    proved = [one.property.id for one in properties if one.verdict is Verdict.PROVED and one.method == METHOD]
    proved += [one.name for one in checks if one.name in (TABLE, CODE) and one.verdict is Verdict.PROVED]
    asked = (one for one in proved if not request.only or one in request.only)
    return tuple(asked) if request.cores else ()


class _Clock:
    """Wall-clock seconds of each phase; shown, never decided upon."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._phase = ""
        self._started = 0.0

    def measure(self, phase: str) -> "_Clock":
        self._phase = phase
        return self

    def __enter__(self) -> None:
        self._started = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        self.seconds[self._phase] = time.perf_counter() - self._started


def closure(system: System, ids: Sequence[str]) -> tuple[Property, ...]:
    """The properties with these ids and every lemma that they rest on, in the order of the system; all for none.

    Raises:
        UnknownProperty: the system has no property with one of the ids.
    """
    if not ids:
        return system.properties
    known = {one.id: one for one in system.properties}
    for identifier in ids:
        if identifier not in known:
            near = get_close_matches(identifier, known, n=3)
            hint = f"; did you mean {', '.join(near)}?" if near else ""
            raise UnknownProperty(f"system {system.name} has no property {identifier}{hint}")
    wanted = set(ids).union(*(rests_on(known[identifier], known) for identifier in ids))
    return tuple(one for one in system.properties if one.id in wanted)


def judge_profile(system: System, profile: Profile[Any]) -> ProfileResult:
    """Whether the proofs cover a device.

    Raises:
        ProfileError: a value of the profile violates a condition.
    """
    checks = check_profile(profile, system.conditions)
    violated = [check for check in checks if check.verdict is ConditionVerdict.VIOLATED]
    if violated:
        first = violated[0]
        read = ", ".join(f"{name} = {value}" for name, value in first.read)
        raise ProfileError(
            f"{profile.path}: profile {profile.id!r} violates {first.id}: {first.says} It has {read}. "
            "The proofs do not cover such limits; correct the value, or choose another profile."
        )
    unknown = sorted({check.unknown_edge for check in checks if check.verdict is ConditionVerdict.UNKNOWN})
    if unknown:
        return ProfileResult(profile, Verdict.UNKNOWN, checks, f"not published: {', '.join(unknown)}")
    return ProfileResult(profile, Verdict.PROVED, checks, "")


def _explore(
    symbolic: SymbolicSystem, memory: RunMemory | None, steps: int, report: Report
) -> tuple[str, Exploration]:
    """Runs of the machine, and the name of the profile that they are made with.

    The caller gives a memory only where everything is proved: what a run has to refute never depends on what was
    remembered.
    """
    system = symbolic.system
    if system.profiles is not None and system.reference_profile is not None:
        limits = system.profiles.load_profile(system.reference_profile).limits()
        return system.reference_profile, _recalled_or_found(symbolic, limits, memory, steps, report)
    try:
        limits = some_valid_limits(symbolic)
        return "some valid limits", _recalled_or_found(symbolic, limits, memory, steps, report)
    except NoValidLimits:
        # Without valid limits there is no run, and the check of the hypotheses says why.
        return "no valid limits", Exploration({}, {}, {}, {}, {}, (), 0, 0)


def _with_undefined_steps(
    system: System, discharges: Mapping[str, Discharge], exploration: Exploration
) -> Exploration:
    """Where the table or the code is not proved, also what the exercises of the system show of them."""
    if discharges[TABLE].proved and discharges[CODE].proved:
        return exploration
    limits = next((run.limits for run in exploration.reached.values()), None)
    found = {} if limits is None else undefined_in_exercises(system, limits)
    return replace(exploration, raised=found | exploration.raised)


def _recalled_or_found(
    symbolic: SymbolicSystem, limits: object, memory: RunMemory | None, steps: int, report: Report
) -> Exploration:
    recalled = None if memory is None else memory.recall(symbolic, limits)
    if recalled is not None:
        return recalled
    suggestions = () if memory is None else memory.suggestions(symbolic.system)
    found = explore(symbolic, limits, steps=steps, suggestions=suggestions, report=report)
    if memory is not None:
        memory.keep(symbolic, limits, found)
    return found


def _arrow_count(entry: Entry) -> int:
    match entry:
        case Row():
            return 1
        case Command():
            return 2
        case Refused() | Ignored():
            return len(entry.events)


def _other_events(symbolic: SymbolicSystem, known: Property) -> int:
    """How many arrows take an event of which a property does not speak."""
    event = symbolic.binding(known).event
    return sum(event not in (None, arrow.event_type) for arrow in symbolic.arrows)


def _judge(
    symbolic: SymbolicSystem,
    sanity: Sanity,
    selected: Sequence[Property],
    discharges: dict[str, Discharge],
    checks: Sequence[CheckResult],
    exploration: Exploration,
    proved: Collection[str],
    attempts: Mapping[str, Attempt],
    tell: Callable[[str], None],
) -> tuple[PropertyResult, ...]:
    by_id = {known.id: known for known in symbolic.system.properties}
    foundations = {known.id: rests_on(known, by_id) for known in selected}
    sound = all(check.verdict is Verdict.PROVED for check in checks)
    footings = {
        known.id: (discharges[known.id], *(discharges[lemma] for lemma in foundations[known.id]))
        for known in selected
    }
    failing = _failing(footings, exploration)
    counterexamples = (
        find_counterexamples(symbolic, failing, exploration, proved=proved, tell=tell) if failing else {}
    )
    for identifier, one in attempts.items():
        if isinstance(best := one.best, Refuted):
            counterexamples.setdefault(identifier, best.counterexample)
    findings = {
        known.id: _findings(
            sanity,
            known,
            footings[known.id],
            sound,
            exploration,
            counterexamples.get(known.id),
            broken_by_witness=known.id in exploration.broken_by_witness,
            otherwise=attempts[known.id].judgement if known.id in attempts else None,
        )
        for known in selected
    }
    alone = {known.id: judge_property(known, findings[known.id]) for known in selected}
    of_checks = {
        check.name: PROVED if check.verdict is Verdict.PROVED else Judgement(check.verdict)
        for check in checks
    }
    final = judge_closure(alone, foundations, of_checks)
    return tuple(
        _result(
            symbolic,
            known,
            final[known.id],
            findings[known.id],
            foundations[known.id],
            attempts.get(known.id),
        )
        for known in selected
    )


def _findings(
    sanity: Sanity,
    known: Property,
    footing: Sequence[Discharge],
    system_is_sound: bool,
    exploration: Exploration,
    counterexample: Counterexample | None,
    *,
    broken_by_witness: bool,
    otherwise: Judgement | None,
) -> Findings:
    """What is known of a property; ``footing`` has its own discharge and those of every lemma that it rests on."""
    witness = exploration.reached.get(known.id)
    return Findings(
        footing[0],
        footing_is_proved=system_is_sound and all(one.proved for one in footing),
        witness=witness,
        counterexample=counterexample,
        true_of_any_system=sanity.true_of_any_system(known),
        situation_is_impossible=witness is None and sanity.situation_is_impossible(known),
        broken_by_witness=broken_by_witness,
        otherwise=otherwise,
    )


def _failing(
    footings: Mapping[str, Sequence[Discharge]], exploration: Exploration
) -> dict[str, Situation | None]:
    """Properties that are not proved, themselves or in a lemma, each with a step that shows it, if there is one."""
    failing: dict[str, Situation | None] = {}
    for identifier, footing in footings.items():
        failures = [failure for one in footing for failure in one.failures]
        if failures or identifier in exploration.violations:
            failing[identifier] = next((one.situation for one in failures if one.situation is not None), None)
    return failing


def _result(
    symbolic: SymbolicSystem,
    known: Property,
    judgement: Judgement,
    findings: Findings,
    foundations: tuple[str, ...],
    attempt: Attempt | None,
) -> PropertyResult:
    failures = findings.discharge.failures
    best = None if attempt is None else attempt.best
    strengthening = best.certificate.strengthening if isinstance(best, Proved) else ()
    return PropertyResult(
        property=known,
        verdict=judgement.verdict,
        method=best.method if isinstance(best, Proved | ProvedBounded) else METHOD,
        reason=judgement.reason,
        rests_on=foundations,
        tally=findings.discharge.tally,
        witness=findings.witness,
        counterexample=findings.counterexample,
        situation=next((failure.situation for failure in failures if failure.situation is not None), None),
        strengthening=tuple(map(SourceText(symbolic).expression, strengthening)) if strengthening else (),
        seconds=findings.discharge.seconds,
    )


def _rows(symbolic: SymbolicSystem, exploration: Exploration) -> tuple[RowResult, ...]:
    return tuple(
        RowResult(
            arrow.name,
            arrow.entry.id,
            arrow.event_type.__name__,
            arrow.entry.why,
            exploration.reached.get(arrow.name),
            "" if arrow.name in exploration.reached else "no run of the machine was found that takes it",
        )
        for arrow in symbolic.arrows
    )
