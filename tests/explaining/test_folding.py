"""Events that come again and again in the same order are told once, with what they changed together."""

from pumpproof.verify.explaining.folding import folded
from pumpproof.verify.results.trace import Stretch
from pumpproof.verify.results.values import Change


def stretches(*events: str) -> list[Stretch]:
    """One step for each event; each counts ``n`` up and gives a pulse."""
    return [
        Stretch(
            number,
            number,
            event,
            ((f"MDL-{event}", 1),),
            (Change("n", number - 1, number),),
            (("pulses", 1),),
        )
        for number, event in enumerate(events, start=1)
    ]


def test_a_pattern_is_told_once() -> None:
    first, second, last = folded(stretches("start", *["press", "tick"] * 100, "stop"))
    assert (second.first, second.last, second.repeats) == (2, 201, 100)
    assert second.events == (("press", 1), ("tick", 1))
    assert second.taken == (("MDL-press", 100), ("MDL-tick", 100))
    assert second.changes == (Change("n", 1, 201),)
    assert second.outputs == (("pulses", 200),)
    assert (first.first, last.last) == (1, 202)


def test_twice_is_no_pattern() -> None:
    assert len(folded(stretches("a", "b", "a", "b"))) == 4


def test_a_step_that_is_marked_stands_alone() -> None:
    lines = folded(stretches(*["a", "b"] * 5), apart=(10,))
    assert [(line.first, line.last) for line in lines] == [(1, 8), (9, 9), (10, 10)]


def test_every_step_is_told_once_and_in_order() -> None:
    for events in (["a"] * 7, ["a", "b", "c"] * 4, ["a", "b"] * 3 + ["c"] + ["a", "b"] * 3):
        lines = folded(stretches(*events))
        assert [step for line in lines for step in range(line.first, line.last + 1)] == [
            *range(1, len(events) + 1)
        ]


def test_what_comes_back_to_where_it_was_is_no_change() -> None:
    back = [
        Stretch(number, number, event, (), (Change("on", event == "off", event == "on"),), ())
        for number, event in enumerate(["on", "off"] * 3, start=1)
    ]
    (line,) = folded(back)
    assert line.changes == ()
