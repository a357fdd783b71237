"""Faults put into the prover on purpose: the models notice each of them.

A fault that no model notices is a hole in the models: add a model that does.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from models import FOLDER, loaded, system_of, verified

from pumpproof.statemachine.kernel.table import SAME_MODE, Command, Row
from pumpproof.verify import run
from pumpproof.verify.logic import terms, translate
from pumpproof.verify.logic.smt import Answer, Reply, Solver
from pumpproof.verify.proof import induction, obligations, symbolic
from pumpproof.verify.proof.cache import FileCache
from pumpproof.verify.proof.obligations import Obligation, Obligations, Stage
from pumpproof.verify.proof.sanity import Sanity, Twin
from pumpproof.verify.proof.symbolic import Arrow, Outcome, SymbolicSystem
from pumpproof.verify.record import Verification
from pumpproof.verify.run import Request, verify_system

Patch = pytest.MonkeyPatch


@dataclass(frozen=True)
class Fault:
    """A fault, how to put it in, and a model that notices it."""

    name: str
    put_in: Callable[[Patch], None]
    noticed_by: str


def without_stage(patch: Patch, stage: Stage) -> None:
    original = Obligations.of_property

    def fewer(self: Obligations, known: Any) -> Iterator[Obligation]:
        return (one for one in original(self, known) if one.stage is not stage)

    patch.setattr(Obligations, "of_property", fewer)


def skip_every_constant_goal(patch: Patch) -> None:
    original = obligations.is_trivial
    patch.setattr(induction, "is_trivial", lambda one: original(one) or terms.is_known(one.goal))


def forget_to_negate_the_goal(patch: Patch) -> None:
    patch.setattr(induction, "negate", lambda goal: goal)


def assume_the_goal(patch: Patch) -> None:
    original = Obligations.of_property

    def generous(self: Obligations, known: Any) -> Iterator[Obligation]:
        return (replace(one, hypotheses=(one.goal, *one.hypotheses)) for one in original(self, known))

    patch.setattr(Obligations, "of_property", generous)


def assume_every_invariant_after_the_step(patch: Patch) -> None:
    original = Obligations.of_property

    def generous(self: Obligations, known: Any) -> Iterator[Obligation]:
        for one in original(self, known):
            kept = () if one.arrow is None else self._invariants_after(one.arrow)
            yield replace(one, hypotheses=(*kept, *one.hypotheses))

    patch.setattr(Obligations, "of_property", generous)


def ignore_guards(patch: Patch) -> None:
    patch.setattr(Arrow, "enabled", property(lambda self: self.situation))


def ignore_modes(patch: Patch) -> None:
    patch.setattr(Arrow, "enabled", property(lambda self: self.guard))


def negate_guards(patch: Patch) -> None:
    patch.setattr(
        Arrow, "enabled", property(lambda self: terms.all_of((self.situation, terms.negate(self.guard))))
    )


def never_change_the_mode(patch: Patch) -> None:
    original = SymbolicSystem._effective

    def stay(self: SymbolicSystem, entry: Row | Command, *rest: Any) -> Arrow:
        return replace(original(self, replace(entry, to=SAME_MODE), *rest), entry=entry)

    patch.setattr(SymbolicSystem, "_effective", stay)


def never_step_ghosts(patch: Patch) -> None:
    patch.setattr(SymbolicSystem, "_step_ghost", lambda self, _arrow, record: (self.ghosts[record], ()))


def drop_refused_commands(patch: Patch) -> None:
    original = SymbolicSystem._arrows

    def fewer(self: SymbolicSystem, entry: Any) -> Iterator[Arrow]:
        return (arrow for arrow in original(self, entry) if arrow.outcome is not Outcome.REFUSED)

    patch.setattr(SymbolicSystem, "_arrows", fewer)


def accept_refused_commands(patch: Patch) -> None:
    original = SymbolicSystem._arrows

    def swapped(self: SymbolicSystem, entry: Any) -> Iterator[Arrow]:
        for arrow in original(self, entry):
            is_command = isinstance(entry, Command)
            yield replace(arrow, guard=terms.negate(arrow.guard)) if is_command else arrow

    patch.setattr(SymbolicSystem, "_arrows", swapped)


def assume_no_valid_limits(patch: Patch) -> None:
    patch.setattr(SymbolicSystem, "valid_limits", terms.TRUE)


def assume_no_ranges(patch: Patch) -> None:
    patch.setattr(symbolic, "ranges", lambda _event: ())


def trust_every_lemma(patch: Patch) -> None:
    patch.setattr(run, "judge_closure", lambda alone, _foundations, _checks: dict(alone))


def rely_on_unproved_invariants(patch: Patch) -> None:
    patch.setattr(Obligations, "relying_on", lambda self, _invariants: self)


def check_no_table(patch: Patch) -> None:
    patch.setattr(Obligations, "of_table", lambda _self: iter(()))


def check_no_code(patch: Patch) -> None:
    patch.setattr(Obligations, "of_code", lambda _self: iter(()))


def demand_nothing(patch: Patch) -> None:
    patch.setattr(translate, "implies", lambda _path, _holds: terms.TRUE)


def swap_a_comparison(patch: Patch) -> None:
    patch.setattr(translate, "less_or_equal", terms.less)


def ask_shared_goals_of_no_step(patch: Patch) -> None:
    patch.setattr(induction, "any_of", terms.all_of)


def find_everything_satisfiable(patch: Patch) -> None:
    original = Sanity.twins

    def pleased(self: Sanity) -> Iterator[Twin]:
        return (Twin(one.where, Answer.SATISFIABLE, "") for one in original(self))

    patch.setattr(Sanity, "twins", pleased)


def never_call_a_claim_empty(patch: Patch) -> None:
    patch.setattr(Sanity, "true_of_any_system", lambda _self, _known: False)


def never_call_a_situation_impossible(patch: Patch) -> None:
    patch.setattr(Sanity, "situation_is_impossible", lambda _self, _known: False)


def open_nowhere_but_at_the_start(patch: Patch) -> None:
    without_stage(patch, Stage.OPENING)


def begin_nowhere(patch: Patch) -> None:
    without_stage(patch, Stage.INITIAL)


def take_no_step(patch: Patch) -> None:
    without_stage(patch, Stage.STEP)


def read_minus_as_plus(patch: Patch) -> None:
    patch.setattr(translate, "subtract", terms.add)


FAULTS = [
    Fault("every constant goal is skipped", skip_every_constant_goal, "refuted/delivers_after_power_up"),
    Fault("the goal is not negated", forget_to_negate_the_goal, "proved/three_pulses"),
    Fault("the goal is assumed", assume_the_goal, "refuted/limit_is_exclusive"),
    Fault(
        "invariants after the step are assumed", assume_every_invariant_after_the_step, "refuted/slow_counter"
    ),
    Fault("guards are left out", ignore_guards, "proved/three_pulses"),
    Fault("modes are left out", ignore_modes, "proved/three_pulses"),
    Fault("guards are negated", negate_guards, "proved/three_pulses"),
    Fault("the mode never changes", never_change_the_mode, "proved/three_pulses"),
    Fault("ghosts never move", never_step_ghosts, "refuted/short_window"),
    Fault("refused commands are left out", drop_refused_commands, "proved/single_bolus"),
    Fault("accepted and refused are swapped", accept_refused_commands, "refuted/limit_is_exclusive"),
    Fault("limits may be anything", assume_no_valid_limits, "proved/sliding_cap"),
    Fault("ranges of events are not assumed", assume_no_ranges, "vacuous/unreachable_row"),
    Fault("false lemmas are trusted", trust_every_lemma, "rejected/index_out_of_range"),
    Fault(
        "table and code rely on false invariants", rely_on_unproved_invariants, "rejected/index_out_of_range"
    ),
    Fault("rows are not checked", check_no_table, "rejected/two_rows_at_once"),
    Fault("code is not checked", check_no_code, "rejected/index_out_of_range"),
    Fault("partial operations demand nothing", demand_nothing, "rejected/index_out_of_range"),
    Fault("at most is read as less", swap_a_comparison, "refuted/limit_is_exclusive"),
    Fault("minus is read as plus", read_minus_as_plus, "proved/single_bolus"),
    Fault("shared goals are asked of no step", ask_shared_goals_of_no_step, "refuted/settings_resume"),
    Fault(
        "hypotheses are never found contradictory",
        find_everything_satisfiable,
        "vacuous/contradictory_conditions",
    ),
    Fault("no claim is found empty", never_call_a_claim_empty, "vacuous/true_of_any_pump"),
    Fault(
        "no situation is found impossible",
        never_call_a_situation_impossible,
        "vacuous/situation_never_occurs",
    ),
    Fault("the initial state is not asked", begin_nowhere, "refuted/delivers_after_power_up"),
    Fault("openings are not asked", open_nowhere_but_at_the_start, "refuted/window_opens_mid_stroke"),
    Fault("steps are not asked", take_no_step, "refuted/limit_is_exclusive"),
]


def verdicts(path: Path, request: Request | None = None, cache: FileCache | None = None) -> object:
    """What a verification decides; an exception is a decision too."""
    try:
        return decided(verify_system(system_of(loaded(path)), request or Request(), cache=cache))
    except (AssertionError, RuntimeError, TypeError, ValueError) as error:
        return repr(error)


def decided(found: Verification) -> object:
    return (
        [(one.name, one.verdict) for one in found.checks],
        [(one.property.id, one.verdict) for one in found.properties],
        found.requested == found.accounted,
    )


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_model_notices_the_fault(fault: Fault, monkeypatch: Patch) -> None:
    path = FOLDER / f"{fault.noticed_by}.py"
    expected = decided(verified(path))
    fault.put_in(monkeypatch)
    assert verdicts(path) != expected


def test_a_solver_that_takes_unknown_for_unsatisfiable_is_noticed(monkeypatch: Patch) -> None:
    path, poor = FOLDER / "proved/sliding_cap.py", Request(resource_limit=1)
    honest = verdicts(path, poor)
    original = Solver.check

    def careless(self: Solver, *asked: Any) -> Reply:
        reply = original(self, *asked)
        return replace(reply, answer=Answer.UNSATISFIABLE) if reply.answer is Answer.UNKNOWN else reply

    monkeypatch.setattr(Solver, "check", careless)
    assert verdicts(path, poor) != honest


def test_a_cache_that_forgets_the_hypotheses_is_noticed(monkeypatch: Patch, tmp_path: Path) -> None:
    good, bad = FOLDER / "proved/dual_bolus.py", FOLDER / "refuted/parts_checked_apart.py"

    def one_after_the_other(name: str) -> object:
        cache = FileCache(tmp_path / name, "solver")
        verdicts(good, cache=cache)
        cache.save()
        return verdicts(bad, cache=FileCache(tmp_path / name, "solver"))

    assert one_after_the_other("honest") == decided(verified(bad))
    monkeypatch.setattr(FileCache, "key", lambda _self, one: one.goal.digest.hex())
    assert one_after_the_other("careless") != decided(verified(bad))
