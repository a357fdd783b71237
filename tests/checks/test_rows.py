"""Each row of the specification's checks fails for its own mistake, names the culprit, and for no other mistake."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from models import load, system_of

from pumpproof.verify.checks.context import Context
from pumpproof.verify.checks.environment import check_assumptions, check_receptive
from pumpproof.verify.checks.specification import CHECKS
from pumpproof.verify.logic.smt import Answer, Reply, Solver
from pumpproof.verify.logic.terms import FALSE, Term, all_of, integer, less, variable
from pumpproof.verify.proof.cache import FileCache, NoCache
from pumpproof.verify.proof.induction import Prover
from pumpproof.verify.proof.obligations import Obligations
from pumpproof.verify.proof.satisfiability import Scope
from pumpproof.verify.proof.symbolic import SymbolicSystem
from pumpproof.verify.proof.verdicts import Verdict
from pumpproof.verify.record import CheckResult, Verification
from pumpproof.verify.run import Request, verify_system

Patch = pytest.MonkeyPatch
SOUND = Path(__file__).with_name("sound.py")


@dataclass(frozen=True)
class Mistake:
    """What is written instead of what; the rows that notice it, with their verdict and a part of their reason."""

    name: str
    changes: tuple[tuple[str, str], ...]
    noticed: dict[str, tuple[Verdict, str]]


V, U = Verdict.VACUOUS, Verdict.UNKNOWN

MISTAKES = (
    Mistake(
        "conditions that contradict each other",
        (("return limits.most_pulses >= 1", "return limits.most_pulses >= 1 and limits.most_pulses <= 0"),),
        {
            "assumptions": (
                V,
                "ASM-BOLUS-001 (def gives_something(limits: Limits) -> bool:): no limits satisfy this condition",
            ),
            "initial states": (
                V,
                "initial (def initial(limits: Limits) -> Pump:): no limits are valid, so that nothing begins",
            ),
            "modes": (Verdict.SKIPPED, "nothing can be asked of them"),
            "guards": (Verdict.SKIPPED, "nothing can be asked of them"),
            "claims": (Verdict.SKIPPED, "nothing can be asked of them"),
            "repeated": (Verdict.SKIPPED, "nothing can be asked of them"),
        },
    ),
    Mistake(
        "an initial state that may raise",
        (("return Pump(Mode.READY, 0)", "return Pump(Mode.READY, (0, 0)[limits.most_pulses])"),),
        {
            "initial states": (
                U,
                "initial (def initial(limits: Limits) -> Pump:): it may raise: code: never raises: initial state",
            )
        },
    ),
    Mistake(
        "an observer that may raise",
        (("return Since(since.given + outputs", "return Since((0, 1)[since.given] + outputs"),),
        {
            "observers": (
                U,
                "since (def some_moment(pump: Pump) -> Since:): a step function may raise: since at MDL-BOLUS-001",
            )
        },
    ),
    Mistake(
        "an observer with a field that no step changes",
        (
            (
                "return replace(ledger, given=ledger.given + outputs.drive_pulses)",
                "return replace(ledger, given=0 * outputs.drive_pulses)",
            ),
        ),
        {
            "observers": (
                V,
                "Ledger.given (given: int): no step of the observer ever changes this field",
            )
        },
    ),
    Mistake(
        "an observer that cannot open anywhere",
        (("-> Since:\n    return Since(0)", "-> Since:\n    return Since(0 - pump.left_pulses)"),),
        {
            "openings": (
                U,
                "since (def some_moment(pump: Pump) -> Since:): not proved: INV-BOLUS-004: holds when",
            )
        },
    ),
    Mistake(
        "an opening that may raise",
        (("-> Since:\n    return Since(0)", "-> Since:\n    return Since((0, 0)[pump.left_pulses])"),),
        {
            "openings": (
                U,
                "since (def some_moment(pump: Pump) -> Since:): not proved: code: never raises: since begins",
            )
        },
    ),
    Mistake(
        "a mode that nothing leads to",
        (
            ('STOPPED = "stopped"\n\n\nclass R', 'STOPPED = "stopped"\n    LOST = "lost"\n\n\nclass R'),
            ("(Mode.STOPPED,), (Tick, Stopped)", "(Mode.STOPPED, Mode.LOST), (Tick, Stopped)"),
            ("(Mode.STOPPED,), (Asked,)", "(Mode.STOPPED, Mode.LOST), (Asked,)"),
        ),
        {"modes": (U, 'LOST (LOST = "lost"): no run of the machine was found that reaches it')},
    ),
    Mistake(
        "a condition that the others imply",
        (("pump.left_pulses > 0:\n", "pump.left_pulses > 0 or asked.pulses > 2 * limits.most_pulses:\n"),),
        {"guards": (V, "`asked.pulses > 2 * limits.most_pulses` never decides")},
    ),
    Mistake(
        "a condition that an invariant implies",
        (("return pump.left_pulses > 0\n", "return pump.left_pulses > 0 and pump.left_pulses >= 0 - 7\n"),),
        {"guards": (V, "`pump.left_pulses >= 0 - 7` never decides")},
    ),
    Mistake(
        "a refusal that never comes",
        (
            (
                "    return Reason.NONE\n\n",
                "    if pump.left_pulses < 0:\n        return Reason.BUSY\n    return Reason.NONE\n\n",
            ),
        ),
        {"guards": (V, "`pump.left_pulses < 0` never decides")},
    ),
    Mistake(
        "a field of the state that nothing reads",
        (
            ("    left_pulses: int\n", "    left_pulses: int\n    boluses: int\n"),
            ("Pump(Mode.READY, 0)", "Pump(Mode.READY, 0, 0)"),
            ("left_pulses=asked.pulses)", "left_pulses=asked.pulses, boluses=pump.boluses + 1)"),
        ),
        {"unread": (V, "Pump.boluses (boluses: int): nothing reads this field of the state")},
    ),
    Mistake(
        "a field of an event that nothing reads",
        (("class Tick:\n    pass", "class Tick:\n    late: bool"),),
        {"unread": (V, "Tick.late (late: bool): nothing reads this field of the event")},
    ),
    Mistake(
        "a limit that nothing reads",
        (
            ("    most_pulses: int\n", "    most_pulses: int\n    least_pulses: int\n"),
            ("return limits.most_pulses >= 1", "return limits.most_pulses >= 1 and limits.least_pulses >= 0"),
        ),
        {"unread": (V, "Limits.least_pulses (least_pulses: int): nothing reads this field of the limits")},
    ),
    Mistake(
        "an observer that no property asks for",
        (
            (
                "properties=(not_negative, books_are_true, within_limit, given_is_left, counts_up)",
                "properties=(not_negative, books_are_true, within_limit, given_is_left)",
            ),
        ),
        {
            "unread": (V, "since (def some_moment(pump: Pump) -> Since:): no property asks for it"),
            "unlisted": (U, "INV-BOLUS-004 ("),
        },
    ),
    Mistake(
        "an output that no property reads",
        (("    drive_pulses: int = 0\n", "    drive_pulses: int = 0\n    lamp: bool = False\n"),),
        {
            "outputs": (
                U,
                "Outputs.lamp (lamp: bool = False): no property reads it, so that nothing is proved of it",
            )
        },
    ),
    Mistake(
        "a property that calls what a row calls",
        (
            (
                "def owes(pump: Pump, tick",
                "def some_left(pump: Pump) -> bool:\n    return pump.left_pulses > 0\n\n\ndef owes(pump: Pump, tick",
            ),
            (
                "    return pump.left_pulses > 0\n\n\ndef owes_nothing",
                "    return some_left(pump)\n\n\ndef owes_nothing",
            ),
            ("return pump.left_pulses >= 0\n", "return some_left(pump) or pump.left_pulses == 0\n"),
        ),
        {
            "independence": (
                V,
                "INV-BOLUS-101 (def some_left(pump: Pump) -> bool:): it calls some_left, as MDL-BOLUS-003 does",
            )
        },
    ),
    Mistake(
        "an alternative beside one that is always true",
        (("return since.given >= 0\n", "return since.given >= 0 or since.given + 5 > 5\n"),),
        {"claims": (V, "`since.given + 5 > 5` never matters: what stands beside it")},
    ),
    Mistake(
        "an implication of nothing",
        (
            (
                "return since.given >= 0\n",
                "return since.given >= 0 and (not since.given < 0 or since.given == 7)\n",
            ),
        ),
        {"claims": (V, "`since.given == 7` never matters: what stands beside it")},
    ),
    Mistake(
        "a branch that is never taken",
        (
            (
                "return outputs.drive_pulses <= before.left_pulses",
                "return outputs.drive_pulses <= (before.left_pulses if outputs.drive_pulses < 2 else 9)",
            ),
        ),
        {"claims": (V, "`outputs.drive_pulses < 2` never matters: it is always true where it is asked")},
    ),
    Mistake(
        "the same stated in other words",
        (
            (
                "def gives_something",
                (
                    '@invariant("INV-BOLUS-005", says="Again.", formalizes=("REQ-BOLUS-001",))\n'
                    "def again(since: Since) -> bool:\n    return not since.given < 0\n\n\ndef gives_something"
                ),
            ),
            ("given_is_left, counts_up)", "given_is_left, counts_up, again)"),
        ),
        {
            "repeated": (
                V,
                "(def counts_up(since: Since) -> bool:, def again(since: Since) -> bool:): they say the same",
            )
        },
    ),
    Mistake(
        "a step property stated twice",
        (
            (
                "def gives_something",
                (
                    '@step_property("INV-BOLUS-005", says="Again.", formalizes=("REQ-BOLUS-001",), '
                    'uses=("INV-BOLUS-101",))\n'
                    "def again(before: Pump, outputs: Outputs) -> bool:\n"
                    "    return outputs.drive_pulses < before.left_pulses + 1\n\n\ndef gives_something"
                ),
            ),
            ("given_is_left, counts_up)", "given_is_left, counts_up, again)"),
        ),
        {"repeated": (V, "INV-BOLUS-003 and INV-BOLUS-005")},
    ),
    Mistake(
        "a lemma that carries nothing",
        (
            (
                "def gives_something",
                (
                    '@lemma("INV-BOLUS-102", says="Little is left.")\n'
                    "def little(pump: Pump) -> bool:\n    return pump.left_pulses <= 500\n\n\ndef gives_something"
                ),
            ),
            ("given_is_left, counts_up)", "given_is_left, counts_up, little)"),
        ),
        {
            "lemmas": (
                V,
                "INV-BOLUS-102 (def little(pump: Pump) -> bool:): no property uses it, and table and code",
            )
        },
    ),
    Mistake(
        "a requirement that nothing formalises",
        (('"example"),)', '"example"), Requirement("REQ-BOLUS-002", "More.", "example"))'),),
        {"requirements": (U, "REQ-BOLUS-002: no property formalises it, so that nothing is proved of it")},
    ),
    Mistake(
        "a property that is declared and not listed",
        (
            (
                "def gives_something",
                (
                    '@invariant("INV-BOLUS-009", says="It is empty.", formalizes=("REQ-BOLUS-001",))\n'
                    "def empty(pump: Pump) -> bool:\n    return pump.left_pulses == 0\n\n\ndef gives_something"
                ),
            ),
        ),
        {
            "unlisted": (
                U,
                "no system lists it among its properties, so that nothing is proved of it",
            )
        },
    ),
)


def spoiled(folder: Path, changes: tuple[tuple[str, str], ...]) -> Verification:
    text = SOUND.read_text(encoding="utf-8")
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path = folder / "mistake.py"
    path.write_text(text, encoding="utf-8")
    return verify_system(system_of(load(path)), Request())


def with_lines(reason: str, path: Path) -> str:
    """The reason, with the line of the source instead of each file and line."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return re.sub(rf"{re.escape(str(path))}:(\d+)", lambda found: lines[int(found[1]) - 1].strip(), reason)


def test_every_check_of_a_sound_system_is_proved_and_has_looked_at_something(tmp_path: Path) -> None:
    found = spoiled(tmp_path, ())
    assert set(found.verdicts()) == {Verdict.PROVED}
    assert len(found.checks) == 4 + len(CHECKS)  # table, code, twins and readings
    assert all(one.examined > 0 for one in found.checks[4:])


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda one: one.name)
def test_a_mistake_is_noticed_by_its_rows_alone(mistake: Mistake, tmp_path: Path) -> None:
    found = spoiled(tmp_path, mistake.changes).checks[3:]
    assert {one.name: one.verdict for one in found if one.verdict is not Verdict.PROVED} == {
        name: verdict for name, (verdict, _) in mistake.noticed.items()
    }
    for one in found:
        if one.name in mistake.noticed:
            assert mistake.noticed[one.name][1] in with_lines(one.reason, tmp_path / "mistake.py")
            assert one.verdict is Verdict.SKIPPED or one.findings


def test_no_row_is_without_a_mistake_but_the_one_that_types_exclude() -> None:
    """A range holds a value by construction, so that only a fault of the toolkit leaves an event without payload."""
    noticed = {name for mistake in MISTAKES for name in mistake.noticed}
    assert noticed == {check_name(check) for check in CHECKS} - {"receptive"}


def check_name(check: Callable[[Context], CheckResult]) -> str:
    """The name of the row that a check makes of a system with nothing in it to find fault with."""
    return {
        "check_initial_states": "initial states",
    }.get(check.__name__, check.__name__.removeprefix("check_"))


def environment(monkeypatch: Patch, allowed: Callable[[SymbolicSystem, type, Term], Term]) -> Context:
    """The sound system with other assumptions about its events."""
    original = SymbolicSystem.allowed
    monkeypatch.setattr(
        SymbolicSystem, "allowed", lambda self, event: allowed(self, event, original(self, event))
    )
    symbolic = SymbolicSystem(system_of(load(SOUND)))
    return Context(Obligations(symbolic), Prover(symbolic, NoCache()), {}, {})


def test_an_event_without_an_allowed_payload_is_noticed(monkeypatch: Patch) -> None:
    context = environment(monkeypatch, lambda _, event, ranges: FALSE if event.__name__ == "Tick" else ranges)
    for row in (check_receptive(context), check_assumptions(context)):
        assert row.verdict is Verdict.VACUOUS
        assert [one.element for one in row.findings] == ["Tick"]


def test_a_payload_that_is_not_allowed_everywhere_is_noticed(monkeypatch: Patch) -> None:
    def more_than_is_left(symbolic: SymbolicSystem, event: type, ranges: Term) -> Term:
        if event.__name__ != "Asked":
            return ranges
        left, pulses = symbolic.before.fields["left_pulses"], symbolic.event(event).fields["pulses"]
        assert isinstance(left, Term) and isinstance(pulses, Term)
        return all_of((ranges, less(left, pulses)))

    row = check_receptive(environment(monkeypatch, more_than_is_left))
    assert row.verdict is Verdict.UNKNOWN
    assert [one.element for one in row.findings] == ["Asked"]


def test_a_lemma_that_only_the_code_needs_carries_something(tmp_path: Path) -> None:
    changes = (
        ("left_pulses=pump.left_pulses - 1)", "left_pulses=(0, pump.left_pulses - 1)[pump.flag])"),
        ("    left_pulses: int\n", "    left_pulses: int\n    flag: int\n"),
        ("Pump(Mode.READY, 0)", "Pump(Mode.READY, 0, 1)"),
        (
            "def gives_something",
            (
                '@lemma("INV-BOLUS-102", says="The flag is up.")\n'
                "def flag_is_up(pump: Pump) -> bool:\n    return pump.flag == 1\n\n\ndef gives_something"
            ),
        ),
        ("given_is_left, counts_up)", "given_is_left, counts_up, flag_is_up)"),
    )
    found = {one.name: one for one in spoiled(tmp_path, changes).checks}
    assert found["code"].verdict is found["lemmas"].verdict is Verdict.PROVED


def test_a_condition_that_keeps_a_later_one_from_raising_decides(tmp_path: Path) -> None:
    """The look-up is of a 1 for one value only, but raises for others unless their range is asked for first."""
    old = "if not 1 <= asked.pulses <= limits.most_pulses:"
    new = "if not (asked.pulses < 3 and (0, 1, 0)[asked.pulses] == 1):"
    found = {one.name: one for one in spoiled(tmp_path, ((old, new),)).checks}
    assert found["code"].verdict is found["guards"].verdict is Verdict.PROVED


def test_checks_speak_of_the_whole_system_also_for_one_property(tmp_path: Path) -> None:
    path = tmp_path / "whole.py"
    path.write_text(SOUND.read_text(encoding="utf-8"), encoding="utf-8")
    system = system_of(load(path))
    whole, part = verify_system(system, Request()), verify_system(system, Request(only=("INV-BOLUS-004",)))
    assert [(one.name, one.examined) for one in part.checks] == [
        (one.name, one.examined) for one in whole.checks
    ]


def test_what_can_hold_and_what_can_not_is_found_again(tmp_path: Path) -> None:
    changes = MISTAKES[7].changes
    path = tmp_path / "cached.py"
    text = SOUND.read_text(encoding="utf-8")
    for old, new in changes:
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    system = system_of(load(path))
    first = FileCache(tmp_path / "keys", "z3")
    cold = verify_system(system, Request(), cache=first)
    first.save()
    warm = verify_system(system, Request(), cache=FileCache(tmp_path / "keys", "z3"))
    assert [(one.name, one.verdict, one.reason) for one in warm.checks] == [
        (one.name, one.verdict, one.reason) for one in cold.checks
    ]
    assert any(one.verdict is Verdict.VACUOUS for one in warm.checks)


def test_an_undecided_question_is_no_success(tmp_path: Path, monkeypatch: Patch) -> None:
    monkeypatch.setattr(Scope, "can_hold", lambda _self, *_terms: Reply(Answer.UNKNOWN, {}, "too hard"))
    found = {one.name: one for one in spoiled(tmp_path, ()).checks}
    for name in ("assumptions", "initial states", "guards", "claims", "repeated"):
        assert found[name].verdict is Verdict.UNKNOWN, name


def test_questions_that_are_asked_together_are_answered_as_each_alone(monkeypatch: Patch) -> None:
    number = variable("a number", "Int")
    asked: list[int] = []
    check = Solver.check

    def counted(self: Solver, terms: tuple[Term, ...], ask: Sequence[Term] = ()) -> Reply:
        asked.append(1)
        return check(self, terms, ask)

    monkeypatch.setattr(Solver, "check", counted)
    prover = Prover(SymbolicSystem(system_of(load(SOUND))), NoCache())
    scope = Scope(prover, (less(integer(0), number),))
    situation = less(number, integer(9))
    possible = [less(number, integer(k)) for k in range(2, 8)]
    impossible = [less(number, integer(k)) for k in range(-3, 2)]
    replies = scope.each_can_hold(situation, (*possible, *impossible, FALSE))
    assert {one: replies[one].answer for one in possible} == dict.fromkeys(possible, Answer.SATISFIABLE)
    assert {replies[one].answer for one in (*impossible, FALSE)} == {Answer.UNSATISFIABLE}
    assert len(asked) < len(possible)
    assert all(scope.can_hold(situation, one).answer is reply.answer for one, reply in replies.items())
