"""Which mutants a system has: small edits of the functions that its rows run, and other rows."""

import ast
from collections.abc import Sequence

import lamp
from tiny_pump import SYSTEM as TINY_PUMP

from pumpproof.statemachine.pump.system import SYSTEM
from pumpproof.verify.mutation.mutants import CodeChange, Mutant, RowChange, mutants_of
from pumpproof.verify.mutation.operators import Operator, unit_of


def differences(found: Sequence[Mutant], owner: str, *operators: Operator) -> list[str]:
    return [mutant.difference for mutant in found if mutant.owner == owner and mutant.operator in operators]


def test_each_operand_of_a_condition_is_removed_and_negated_once(of_lamp: tuple[Mutant, ...]) -> None:
    assert differences(of_lamp, "can_light", Operator.CONJUNCT, Operator.DISJUNCT) == [
        "return [-(lamp.level > 1 or lamp.heat_alarm) and not lamp.child_lock-]{+(lamp.level > 1 or lamp.heat_alarm)+}",
        "return [-(lamp.level > 1 or lamp.heat_alarm) and not lamp.child_lock-]{+not lamp.child_lock+}",
        "return ([-lamp.level > 1 or -]lamp.heat_alarm) and not lamp.child_lock",
        "return (lamp.level > 1[- or lamp.heat_alarm-]) and not lamp.child_lock",
    ]
    assert len(differences(of_lamp, "can_light", Operator.NEGATION)) == 4
    assert differences(of_lamp, "can_light", Operator.NEGATION)[-1] == (
        "return (lamp.level > 1 or lamp.heat_alarm) and [-not lamp.child_lock-]{+lamp.child_lock+}"
    )


def test_a_guard_of_one_condition_is_removed_whole(of_lamp: tuple[Mutant, ...]) -> None:
    assert differences(of_lamp, "cannot_light", Operator.GUARD) == [
        "return [-not can_light(lamp, event, limits)-]{+True+}"
    ]
    assert differences(of_lamp, "any_press", *Operator) == ["return [-True-]{+False+}"]


def test_refusals_and_each_side_of_a_chained_comparison_are_removed(of_lamp: tuple[Mutant, ...]) -> None:
    operators = (Operator.REFUSAL, Operator.CONJUNCT, Operator.COMPARISON)
    assert differences(of_lamp, "refuse_dimming", *operators) == [
        "if [-not 0 < event.level <= limits.max_level-]{+False+}:",
        "if not [-0 < event.level <= limits.max_level-]{+0 < event.level+}:",
        "if not [-0 < event.level <= limits.max_level-]{+event.level <= limits.max_level+}:",
        "if not 0 [-<-]{+<=+} event.level <= limits.max_level:",
        "if not 0 < event.level [-<=-]{+<+} limits.max_level:",
    ]


def test_each_assignment_is_removed_from_records_also_over_several_lines(of_lamp: tuple[Mutant, ...]) -> None:
    assert differences(of_lamp, "dim", Operator.ASSIGNMENT) == [
        "lamp[-, level=event.level-],",
        "level=event.level[-, heat_alarm=event.level >= 90-],",
    ]
    assert differences(of_lamp, "cooled", Operator.ASSIGNMENT) == [
        "return [-replace(lamp, heat_alarm=False)-]{+lamp+} if lamp.heat_alarm else lamp"
    ]


def test_a_row_is_dropped_and_gets_other_modes_and_other_targets(of_lamp: tuple[Mutant, ...]) -> None:
    rows = (Operator.ROW, Operator.NARROWER, Operator.WIDER, Operator.TARGET)
    assert differences(of_lamp, "MDL-UI-003", *rows) == [
        "[-MDL-UI-003-]",
        "modes (LIT, {+DARK+})",
        "to=[-DARK-]{+LIT+}",
    ]
    assert differences(of_lamp, "MDL-UI-002", Operator.TARGET) == ["to=[-SAME_MODE-]{+LIT+}"]


def test_fields_of_one_unit_and_type_are_mixed_up_and_their_values_exchanged(
    of_pump: tuple[Mutant, ...],
) -> None:
    found = of_pump
    assert differences(found, "suspend", Operator.WRITTEN) == [
        "…pended = replace(end_doses(pump), holds=replace(pump.holds, [-user-]{+alarm+}=True))"
    ]
    (exchanged,) = differences(found, "start_bolus", Operator.EXCHANGE)
    removed, added = "event.pulses, delivered_pulses=0", "0, delivered_pulses=event.pulses"
    assert exchanged == f"remaining_pulses=[-{removed}-]{{+{added}+}},"
    assert [unit_of(name) for name in ("stroke_wait_s", "alarm_hold", "mode")] == ["s", "hold", "mode"]


def test_a_value_is_read_from_elsewhere_in_the_outermost_record(of_pump: tuple[Mutant, ...]) -> None:
    assert differences(of_pump, "bolus_pulses_due", Operator.FIELD)[1] == (
        "return min(pump.bolus.[-remaining_pulses-]{+delivered_pulses+}, limits.stroke_pulses, left_pulses)"
    )
    assert differences(of_pump, "refuse_delivery", Operator.FIELD)[0] == (
        "if pump.[-key_lock.locked-]{+prime.failed+}:"
    )


def test_min_and_max_and_signs_are_exchanged(of_pump: tuple[Mutant, ...]) -> None:
    found = of_pump
    assert differences(found, "bolus_pulses_due", Operator.EXTREME, Operator.SIGN) == [
        "left_pulses = pump.reservoir.pulses [---]{+++} basal_pulses_due(pump.basal, slot, limits)",
        "return [-min-]{+max+}(pump.bolus.remaining_pulses, limits.stroke_pulses, left_pul…",
    ]


def test_every_mutant_of_the_reference_pump_is_a_different_program_with_its_lines_in_place(
    of_pump: tuple[Mutant, ...],
) -> None:
    found = of_pump
    codes = [mutant.change for mutant in found if isinstance(mutant.change, CodeChange)]
    programs = {(code.path, ast.dump(ast.parse(code.source))) for code in codes}
    assert len(programs) == len(codes) > 500
    for path in {mutant.file for mutant in found}:
        original = path.read_bytes()
        assert (str(path), ast.dump(ast.parse(original))) not in programs
        of_file = [code for code in codes if code.path == str(path)]
        assert {code.source.count(b"\n") for code in of_file} <= {original.count(b"\n")}
    assert sum(isinstance(mutant.change, RowChange) for mutant in found) > 200
    assert {mutant.owner for mutant in found if not mutant.rows} == {
        "initial",
        "no_rates",
    }  # of the first state


def test_ids_and_fingerprints_name_one_mutant_each_and_stay_the_same(of_pump: tuple[Mutant, ...]) -> None:
    found = of_pump
    assert len({mutant.id for mutant in found}) == len({mutant.fingerprint for mutant in found}) == len(found)
    again = mutants_of(SYSTEM)
    assert [(one.id, one.fingerprint) for one in again] == [(one.id, one.fingerprint) for one in found]
    assert found[0].id == "power/any_power_on/constant/1"
    assert mutants_of(TINY_PUMP) != ()


def test_a_mutant_knows_the_rows_that_feel_it(of_lamp: tuple[Mutant, ...]) -> None:
    rows = {mutant.owner: mutant.rows for mutant in of_lamp}
    assert rows["cooled"] == ("MDL-UI-003",)
    assert rows["can_light"] == ("MDL-UI-001", "MDL-UI-002")
    assert rows["initial"] == ()
    assert lamp.SYSTEM.table[0].id in rows
