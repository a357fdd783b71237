"""A run as a picture: well-formed, with every mode, every quantity that changes and the broken step in it."""

from xml.etree import ElementTree as ET

import pytest
from bolus_pump import LIMITS, SYSTEM, BolusRequested, Tick

from pumpproof.verify.explaining.picture import Mark, picture
from pumpproof.verify.search.run import Run

RUN = Run(LIMITS, ((BolusRequested(3), 1), (Tick(delivery_inhibited=True), 500), (Tick(), 2)))


def words(drawn: str) -> list[str]:
    root = ET.fromstring(drawn)
    return [one.text or "" for one in root.iter("{http://www.w3.org/2000/svg}text")]


def test_modes_quantities_events_and_the_broken_step_are_in_it() -> None:
    said = words(
        picture(SYSTEM, RUN, "INV-DOSE-002: <no pulse> & nothing", [Mark(503, "step 503 breaks it")])
    )
    for wanted in (
        "INV-DOSE-002: <no pulse> & nothing",
        "DELIVERING",
        "remaining_pulses",
        "reservoir_pulses",
        "output drive_pulses",
        "500 × Tick(delivery_inhibited=True)",
        "step 503 breaks it",
        "503",
    ):
        assert wanted in said
    assert "refusal" not in " ".join(said)


def test_highest_and_lowest_values_are_those_of_the_whole_run() -> None:
    said = words(picture(SYSTEM, RUN, "x"))
    assert {"25", "23", "3", "0"} <= set(said)


@pytest.mark.parametrize("run", [Run(LIMITS, ()), Run(LIMITS, ((Tick(), 1),))], ids=["no step", "one step"])
def test_the_shortest_runs_can_be_drawn(run: Run) -> None:
    assert "IDLE" in words(picture(SYSTEM, run, "x", [Mark(len(run), "here")]))


def test_nothing_is_drawn_outside_the_picture() -> None:
    root = ET.fromstring(picture(SYSTEM, RUN, "x", [Mark(503, "here")]))
    width, height = int(root.attrib["width"]), int(root.attrib["height"])
    for one in root.iter("{http://www.w3.org/2000/svg}polyline"):
        points = [tuple(map(int, pair.split(","))) for pair in one.attrib["points"].split()]
        assert all(0 <= x <= width and 0 <= y <= height for x, y in points)


def test_the_picture_is_the_same_each_time() -> None:
    assert picture(SYSTEM, RUN, "x") == picture(SYSTEM, RUN, "x")
