"""An explanation in words: what is false, what let it happen, what would have stopped it, what was never seen."""

from collections.abc import Callable, Iterator
from pathlib import Path

from pumpproof.spec.kernel.properties import Property
from pumpproof.verify.explaining.clause import Clause
from pumpproof.verify.explaining.explanation import Explanation, LetHappen
from pumpproof.verify.explaining.remedy import Remedy
from pumpproof.verify.language.tree import Span
from pumpproof.verify.results.values import show

Place = Callable[[Span, str], str]


def place_in_file(span: Span, function: str) -> str:
    """A function and where it stands, the same on any machine."""
    return f"{function}, {Path(span.file).name}:{span.line}"


def told(
    known: Property, explanation: Explanation, place: Place = place_in_file
) -> Iterator[tuple[str, list[str]]]:
    """The parts of an explanation, each a heading and lines; ``place`` says where a function stands."""
    if explanation.clause is not None:
        yield "what is false", _of_clause(explanation.clause, place)
    if explanation.broke_first is not None:
        lemma, step = explanation.broke_first
        yield "broken before", [f"{lemma}, on which {known.id} rests, at step {step:,}"]
    if explanation.let_happen is not None:
        yield "what let it happen", _of_arrow(explanation.let_happen, place)
    if explanation.remedy is not None and explanation.let_happen is not None:
        yield "what would stop it", _of_remedy(explanation.remedy, explanation.let_happen.step, place)
    elif explanation.is_run and explanation.let_happen is not None:
        yield "what would stop it", [_no_remedy(explanation.let_happen)]
    if explanation.unseen:
        states = explanation.unseen[0].states
        lines = [f"{one.relation}; here {one.here}" for one in explanation.unseen]
        yield "never seen", [f"in all {states:,} states of known runs, but not in this one:", *lines]


def _of_clause(clause: Clause, place: Place) -> list[str]:
    values = [f"{one.text} = {show(one.value)}" for one in clause.values if one.text != clause.text]
    return [*clause.text.splitlines(), *(f"  {line}" for line in values), place(clause.span, clause.function)]


def _of_arrow(arrow: LetHappen, place: Place) -> list[str]:
    places = [f"{one.role} {place(one.span, one.function)}" for one in arrow.places]
    if not arrow.arrow:
        return places
    return [f"step {arrow.step:,}, {arrow.arrow}: {arrow.why}", *places]


def _of_remedy(remedy: Remedy, step: int, place: Place) -> list[str]:
    role = "accept it only if" if remedy.is_command else "take this row only if"
    kept = "no known run takes it otherwise"
    if remedy.runs == 1:
        kept = "the one known run that takes it without harm stays possible"
    elif remedy.runs:
        kept = f"the {remedy.runs:,} known runs that take it without harm stay possible"
    lines = [
        f"{role} {remedy.condition}",
        f"a condition for {place(remedy.span, remedy.function)}, which excludes step {step:,}",
        f"checked: {remedy.entry} then keeps {remedy.keeps}, and {kept}",
    ]
    return lines if remedy.is_command else [*lines, "another row must then take the event"]


def _no_remedy(arrow: LetHappen) -> str:
    if arrow.step == 0:
        return "another initial state: it is false before any event"
    if arrow.is_refusal:
        return "no further condition: the step refuses its event already"
    return "no comparison was found that excludes this step and keeps the runs that are known"
