"""Data files that somebody edits by hand: what is wrong is said with file, line, and what to write."""

from pathlib import Path
from shutil import copytree

import pytest

from pumpproof.spec.kernel.entries import EntryError
from pumpproof.spec.kernel.requirements import load_requirements
from pumpproof.spec.kernel.risk_file import load_risk_file
from pumpproof.spec.pump.requirements import RISK_FILE

GOOD = """\
# Two requirements.

[[requirement]]
id = "REQ-DOSE-001"
says = "It is so."
source = "made up"

[[requirement]]
id = "REQ-DOSE-002"
says = "It is this and that."
origin = { book = "page 3", paper = "" }
basis = "read"

[[requirement.clause]]
id = "a"
says = "It is this."

[[requirement.clause]]
id = "b"
says = "It is that."
outside = { handler = "hardware", owner = "pump maker", assumption = "It is that." }
"""

SOURCES = {"book": "A Book", "paper": "A Paper"}


def test_requirements_are_read_with_their_clauses_and_sources(tmp_path: Path) -> None:
    file = tmp_path / "dose.toml"
    file.write_text(GOOD)
    first, second = load_requirements(tmp_path, SOURCES, {"REQ-DOSE-001": ("tests/test_it.py::test_it",)})
    assert (first.source, first.published, first.place) == ("made up", False, f"{file}:3")
    assert [part.tests for part in first.parts] == [("tests/test_it.py::test_it",)]
    assert (second.source, second.published) == ("A Book, page 3; A Paper", True)
    assert [part.id for part in second.parts] == ["REQ-DOSE-002.a", "REQ-DOSE-002.b"]
    assert [part.asks_for_a_proof for part in second.parts] == [True, False]


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('id = "REQ-DOSE-002"', 'id = "REQ-DOSE-001"', "8: id REQ-DOSE-001 is used twice, also at {file}:3"),
        (
            'id = "REQ-DOSE-002"',
            'id = "DOSE 2"',
            "8: id 'DOSE 2' is not of the form <TYPE>-<AREA>-<NNN>, for example REQ-BOLUS-001",
        ),
        (
            'says = "It is so."',
            'says = "It is so"',
            "3: says must be a sentence that ends in a full stop, not 'It is so'",
        ),
        (
            'says = "It is so."',
            "says = 3",
            '3: says = 3; expected text that is not empty, as says = "..."',
        ),
        ('says = "It is so."\n', "", "3: says is missing; an entry here has id, says"),
        (
            'source = "made up"',
            'sourse = "made up"',
            (
                "3: sourse is not known here; known are id, says, source, origin, implements, numbers, basis, "
                "clause, awaits, outside, system"
            ),
        ),
        (
            'source = "made up"\n',
            "",
            "3: give either source, a text, or origin, a table from public documents to places in them",
        ),
        ("paper = ", "papers = ", "8: origin names papers, which is no document; known are book, paper"),
        (
            'basis = "read"',
            'basis = "heard"',
            "8: basis = 'heard'; expected one of read, read in part, unconfirmed",
        ),
        ('id = "b"', 'id = "c"', "18: id = 'c'; clauses are lettered in order, so this one is 'b'"),
        (
            'handler = "hardware"',
            'handler = "somebody"',
            "18: handler = 'somebody'; expected one of hardware, out of software scope",
        ),
        (
            'says = "It is that."\n',
            'says = "It is that."\nawaits = "clock"\n',
            (
                "18: REQ-DOSE-002.b either awaits a feature, or is outside, or has tests, or is shown by another "
                "system: only one of the four"
            ),
        ),
        (
            'basis = "read"',
            'basis = "read"\nawaits = "clock"',
            "8: awaits, outside and system belong into the clauses",
        ),
        ("[[requirement]]\nid", "[requirement]\nid", "3: write [[requirement]] for each entry"),
        ('source = "made up"', 'source = "made up', "6: not valid TOML: Illegal character '\\n'"),
        ("# Two requirements.", "title = 3", "1: title is not known; expected [[requirement]]"),
    ],
)
def test_what_is_wrong_is_said_with_file_and_line(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    assert old in GOOD
    file = tmp_path / "dose.toml"
    text = GOOD.replace(old, new, 1)
    if old.startswith("[["):
        text = text[: text.index("[[requirement]]")]
    file.write_text(text)
    with pytest.raises(EntryError) as caught:
        load_requirements(file, SOURCES)
    assert str(caught.value) == f"{file}:" + complaint.replace("{file}", str(file))


@pytest.mark.parametrize(
    ("name", "old", "new", "complaint"),
    [
        (
            "hazards.toml",
            'severity = "critical"',
            'severity = "bad"',
            "severity = 'bad'; expected one of serious, critical, catastrophic",
        ),
        (
            "risk_controls.toml",
            '"HAZ-DOSE-001"',
            '"HAZ-DOSE-009"',
            "controls names HAZ-DOSE-009, which is nowhere",
        ),
        ("areas/log.toml", "event-log", "event-logs", "awaits names event-logs, which is nowhere"),
        ("areas/log.toml", "RCM-LOG-001", "RCM-LOG-009", "implements names RCM-LOG-009, which is nowhere"),
        (
            "violations.toml",
            "REQ-DOSE-001.a",
            "REQ-DOSE-001",
            "violates names REQ-DOSE-001, which is nowhere",
        ),
        (
            "violations.toml",
            "patch = ",
            "patches = ",
            "patches is not known here; known are violates, says, trace, patch, instead, limits, system",
        ),
        (
            "words.toml",
            'ready = ["on"',
            'ready = ["delivering"',
            "the word 'ready' stands for itself",
        ),
        (
            "incidents.toml",
            'awaits = "automation"',
            'awaits = "automation"\noutside = "No."',
            "give one of: a trace, the feature it awaits, why no trace can tell it (outside), or tests that show it",
        ),
        (
            "automated_delivery.toml",
            'outside = "person"',
            'outside = "nobody"',
            "outside = 'nobody'; expected one of advice, app-mode, baseline, insulin, person, settings",
        ),
        (
            "tested.toml",
            "REQ-INTEG-008",
            "REQ-INTEG-999",
            "the key names REQ-INTEG-999, which is nowhere",
        ),
    ],
)
def test_a_link_that_leads_nowhere_is_named_where_it_stands(
    tmp_path: Path, name: str, old: str, new: str, complaint: str
) -> None:
    folder = tmp_path / "requirements"
    copytree(RISK_FILE, folder)
    file = folder / name
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new, 1))
    with pytest.raises(EntryError) as caught:
        load_risk_file(folder)
    place, _, said = str(caught.value).partition(": ")
    assert said == complaint
    path, _, line = place.rpartition(":")
    assert Path(path).parent in (folder, folder / "areas")
    assert int(line) > 1
