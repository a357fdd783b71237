"""Probes compute as integers do, and note exactly the comparisons that are made."""

import random
from dataclasses import dataclass

import bolus_pump
from hypothesis import given
from hypothesis import strategies as st

from pumpproof.statemachine.kernel.machine import Machine
from pumpproof.verify.search.forms import SCALAR, Form, probed
from pumpproof.verify.search.payloads import EVENT, Payloads
from pumpproof.verify.search.stepper import Stepper


@dataclass(frozen=True)
class Numbers:
    """A record with integers in all places."""

    a: int
    b: int
    row: tuple[int, ...]


def decide(n: Numbers) -> tuple[int, bool, bool, bool]:
    """Some of everything that the subset can do with integers."""
    total = sum(n.row) - 2 * n.a + n.b
    least = min(n.a, n.b, 7)
    return total - least, total < 3 * n.a, n.a // 3 == n.b % 5, -n.b >= max(n.row)


integers = st.integers(-20, 20)


@given(integers, integers, st.tuples(integers, integers, integers))
def test_a_probe_computes_as_an_integer_does(a: int, b: int, row: tuple[int, ...]) -> None:
    numbers = Numbers(a, b, row)
    noted: list[Form] = []
    assert decide(probed(numbers, 0, noted.append)) == decide(numbers)
    assert noted


@given(integers, integers, st.tuples(integers, integers, integers))
def test_a_noted_form_has_the_sign_of_the_comparison(a: int, b: int, row: tuple[int, ...]) -> None:
    numbers = Numbers(a, b, row)
    noted: list[Form] = []
    probe = probed(numbers, 0, noted.append)
    outcome = 2 * probe.a + 3 < probe.row[1] - 4
    (form,) = noted
    assert form == Form((((0, "a", SCALAR), 2), ((0, "row", 1), -1)), 7)
    assert (form.value((numbers,)) < 0) is outcome


def test_payloads_lie_on_both_sides_of_every_boundary() -> None:
    payloads = Payloads(bolus_pump.SYSTEM.events)
    state = bolus_pump.Pump(bolus_pump.Mode.IDLE, 0, 25)

    def note(form: Form) -> None:
        payloads.add(bolus_pump.BolusRequested, form)

    request = probed(bolus_pump.BolusRequested(5), EVENT, note)
    bolus_pump.refuse_bolus(probed(state, 0, note), request, bolus_pump.LIMITS)
    choice = random.Random(0)
    drawn = {payloads.draw(bolus_pump.BolusRequested, (state, None), choice).pulses for _ in range(400)}
    assert {0, 1, 9, 10, 11, 24, 25, 26, 500} <= drawn
    assert max(drawn) == 500
    assert min(drawn) == 0


events = st.one_of(
    st.builds(bolus_pump.BolusRequested, st.integers(0, 30)),
    st.builds(bolus_pump.Tick, st.booleans()),
    st.just(bolus_pump.Cancelled()),
    st.sampled_from([bolus_pump.Tick()] * 9 + [bolus_pump.DriveFailed()]),
)


@given(st.lists(events, max_size=40))
def test_the_quick_interpreter_takes_every_step_as_the_running_machine_does(run: list[object]) -> None:
    machine = Machine(bolus_pump.SYSTEM, bolus_pump.LIMITS)
    stepper = Stepper(bolus_pump.SYSTEM, bolus_pump.LIMITS)
    for event in run:
        assert stepper.step(machine.state, event) == machine.step(event)
