"""Generated tests: what is asked for, what is found, and what a replay notices."""

import json
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from models import loaded, model_files, system_of

from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.pump.system import SYSTEM as PUMP
from pumpproof.verify.generation.document import as_text, digest, document
from pumpproof.verify.generation.goals import goals
from pumpproof.verify.generation.replay import failures, machine_for
from pumpproof.verify.generation.runs import BY_INVARIANTS, BY_ITSELF, find_runs
from pumpproof.verify.generation.stored import Unreadable, changes
from pumpproof.verify.logic.terms import all_of, integer, less_or_equal, negate
from pumpproof.verify.logic.translate import as_term
from pumpproof.verify.proof.obligations import Obligations
from pumpproof.verify.proof.symbolic import SymbolicSystem
from pumpproof.verify.search.limits import some_valid_limits

PROVED = model_files("proved")


def model(name: str) -> System:
    (path,) = (
        path for path in (*PROVED, *model_files("refuted"), *model_files("vacuous")) if path.stem == name
    )
    return system_of(loaded(path))


@cache
def generated(name: str) -> dict[str, Any]:
    symbolic = SymbolicSystem(model(name))
    limits = some_valid_limits(symbolic)
    wanted = goals(symbolic)
    obligations = Obligations(symbolic)
    invariants = [obligations.before(one) for one in obligations.invariants]
    return document(symbolic, limits, wanted, find_runs(symbolic, limits, wanted, invariants))


def test_what_the_limits_alone_decide_is_no_goal() -> None:
    symbolic = SymbolicSystem(PUMP)
    times = "limits.temporary_highest_times"
    assert [one.name for one in goals(symbolic) if f": {times} == " in one.name] == []


def shown(made: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {name: test for test in made["tests"] for name in test["shows"]}


def test_each_side_of_each_comparison_is_a_goal() -> None:
    names = [one.name for one in goals(SymbolicSystem(model("limit_is_exclusive")))]
    rate, most = "RateProgrammed.rate_millipulses_per_h", "limits.max_basal_millipulses_per_h"
    assert names == [
        "MDL-BASAL-001 accepted",
        "MDL-BASAL-001 refused",
        "MDL-BASAL-001 refused: OUT_OF_LIMIT",
        f"MDL-BASAL-001: 0 <= {rate}: last that holds",
        f"MDL-BASAL-001: 0 <= {rate}: first that does not",
        f"MDL-BASAL-001: {most} <= {rate}: last that holds",
        f"MDL-BASAL-001: {most} <= {rate}: first that does not",
    ]


def test_the_runs_stand_on_the_boundary() -> None:
    found = shown(generated("limit_is_exclusive"))
    most = generated("limit_is_exclusive")["limits"]["max_basal_millipulses_per_h"]
    name = "MDL-BASAL-001: limits.max_basal_millipulses_per_h <= RateProgrammed.rate_millipulses_per_h"
    last, first = found[f"{name}: last that holds"], found[f"{name}: first that does not"]
    assert last["run"][-1]["with"] == {"rate_millipulses_per_h": most}
    assert last["outputs"] == {"refusal": "OUT_OF_LIMIT"}
    assert first["run"][-1]["with"] == {"rate_millipulses_per_h": most - 1}
    assert first["outputs"] == {}


@pytest.mark.parametrize("name", [path.stem for path in PROVED])
def test_every_goal_is_accounted_for_and_every_run_replays(name: str) -> None:
    made = generated(name)
    wanted = [one.name for one in goals(SymbolicSystem(model(name)))]
    assert sorted([*shown(made), *made["unreachable"], *made["not found"]]) == sorted(wanted)
    assert not [one for one in made["not found"] if name != "dual_bolus"]
    machine = machine_for(model(name), made)
    assert [said for test in made["tests"] for said in failures(machine, test)] == []


def test_what_can_not_happen_says_why() -> None:
    assert generated("unreachable_row")["unreachable"] == {
        "MDL-RES-001: 0 <= Filled.pulses: first that does not": BY_ITSELF,
        "MDL-RES-002": BY_ITSELF,
        "MDL-RES-002: 0 <= Filled.pulses: first that does not": BY_ITSELF,
    }


def test_an_invariant_that_is_not_given_excludes_nothing() -> None:
    symbolic = SymbolicSystem(model("three_pulses"))
    limits, wanted = some_valid_limits(symbolic), goals(symbolic)[0]
    never_negative = less_or_equal(integer(0), as_term(symbolic.before.fields["remaining_pulses"]))
    impossible = [replace(wanted, formula=all_of((wanted.formula, negate(never_negative))))]
    without = find_runs(symbolic, limits, impossible, ())
    assert (without.runs, without.unreachable, without.not_found) == ({}, {}, (wanted.name,))
    given = find_runs(symbolic, limits, impossible, (never_negative,))
    assert given.unreachable == {wanted.name: BY_INVARIANTS}


def test_a_replay_names_the_first_thing_that_differs() -> None:
    made = json.loads(as_text(generated("limit_is_exclusive")))
    machine = machine_for(model("limit_is_exclusive"), made)
    test = shown(made)["MDL-BASAL-001 accepted"]
    other = {
        **test,
        "run": [*test["run"][:-1], {**test["run"][-1], "arrows": [["MDL-BASAL-001 refused", 1]]}],
    }
    (said,) = failures(machine, other)
    assert said.endswith("taken by MDL-BASAL-001 accepted; expected MDL-BASAL-001 refused")
    (said,) = failures(machine, {**test, "outputs": {"drive_pulses": 3}})
    assert said == f"after step {len(test['run'])}: outputs.drive_pulses is as at first; expected 3"


def test_an_event_that_the_system_does_not_have_is_refused() -> None:
    made = generated("limit_is_exclusive")
    machine = machine_for(model("limit_is_exclusive"), made)
    part = {"event": "Tick", "arrows": [["MDL-BASAL-001 accepted", 1]]}
    with pytest.raises(Unreadable, match="system limit is exclusive has no event Tick"):
        list(failures(machine, {**made["tests"][0], "run": [part]}))


def test_the_digest_tells_systems_and_limits_apart() -> None:
    one, other = (SymbolicSystem(model(name)) for name in ("limit_is_exclusive", "three_pulses"))
    assert digest(one, some_valid_limits(one)) == generated("limit_is_exclusive")["digest"]
    assert digest(one, some_valid_limits(one)) != digest(one, None)
    assert digest(one, None) != digest(other, None)


def test_equal_neighbours_in_a_tuple_share_a_path() -> None:
    assert changes((0, 0, 0, 0), (0, 7, 7, 1)) == {"[1..2]": 7, "[3]": 1}
