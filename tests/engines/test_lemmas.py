"""Proposed lemmas are pasted as they are printed, and the property is proved."""

import importlib.util
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from models import load, loaded, model_files, system_of
from questions import without_hints, without_lemmas

from pumpproof.spec.kernel.properties import Property
from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.engines.engine import Engine
from pumpproof.verify.engines.houdini import Houdini
from pumpproof.verify.engines.lemmas import NoProposal, Proposal, find_lemmas
from pumpproof.verify.engines.source_text import SourceText
from pumpproof.verify.engines.spacer import Spacer
from pumpproof.verify.judge import ToolFault
from pumpproof.verify.logic.terms import Term
from pumpproof.verify.proof.verdicts import Verdict
from pumpproof.verify.run import Request, verify_system

NEED_A_LEMMA = [
    ("dual_bolus", "INV-RES-001", Houdini()),
    ("dual_bolus", "INV-RES-001", Spacer()),
    ("latched_alarm", "INV-ALARM-001", Houdini()),
    ("single_bolus", "INV-RES-001", Houdini()),
    ("single_bolus", "INV-BOLUS-001", Houdini()),
    ("sliding_cap", "INV-DOSE-001", Spacer()),
]


def model(name: str) -> System:
    (path,) = (path for path in model_files("proved") if path.stem == name)
    return system_of(loaded(path))


def verdict(system: System, identifier: str) -> Verdict:
    return {one.property.id: one.verdict for one in verify_system(system, Request()).properties}[identifier]


def pasted(system: System, found: Proposal, folder: Path) -> System:
    """The system after a user did what the proposal says."""
    path = folder / "pasted.py"
    path.write_text(found.text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(f"pasted_{folder.name}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    new = tuple(one for one in vars(module).values() if isinstance(one, Property))
    assert tuple(one.id for one in new) == found.lemmas
    known = tuple(
        replace(one, uses=found.uses) if one.id == found.property_id else one for one in system.properties
    )
    return replace(system, properties=(*known, *new))


@pytest.mark.parametrize(("name", "identifier", "engine"), NEED_A_LEMMA)
def test_what_is_printed_can_be_pasted_and_proves_the_property(
    name: str, identifier: str, engine: Engine, tmp_path: Path
) -> None:
    system = without_lemmas(model(name))
    assert verdict(system, identifier) is Verdict.UNKNOWN
    found = find_lemmas(system, identifier, engines=(engine,))
    assert isinstance(found, Proposal)
    mended = pasted(system, found, tmp_path)
    verdicts = {one.property.id: one.verdict for one in verify_system(mended, Request()).properties}
    assert verdicts[identifier] is Verdict.PROVED
    assert all(verdicts[lemma] is Verdict.PROVED for lemma in found.lemmas)


def test_no_lemma_of_a_proposal_can_be_left_out(tmp_path: Path) -> None:
    system = without_lemmas(model("single_bolus"))
    found = find_lemmas(system, "INV-RES-001")
    assert isinstance(found, Proposal)
    mended = pasted(system, found, tmp_path)
    for lemma in found.uses:
        fewer = tuple(
            replace(one, uses=tuple(used for used in one.uses if used != lemma)) for one in mended.properties
        )
        assert verdict(replace(mended, properties=fewer), "INV-RES-001") is Verdict.UNKNOWN


def test_the_text_is_as_one_would_write_it() -> None:
    found = find_lemmas(without_lemmas(model("single_bolus")), "INV-RES-001")
    assert isinstance(found, Proposal)
    assert found.text.endswith(
        """@lemma(
    "INV-RES-901",
    says="pump.remaining_pulses <= pump.reservoir_pulses.",
)
def proposed_res_901(pump: Pump) -> bool:
    return pump.remaining_pulses <= pump.reservoir_pulses


@lemma(
    "INV-RES-902",
    says="pump.mode = Mode.IDLE or 1 <= pump.reservoir_pulses.",
    uses=("INV-RES-901",),
)
def proposed_res_902(pump: Pump) -> bool:
    return pump.mode is Mode.IDLE or 1 <= pump.reservoir_pulses
"""
    )


def test_a_lemma_that_the_system_has_already_is_named_and_not_written_again() -> None:
    found = find_lemmas(without_hints(model("single_bolus")), "INV-RES-001")
    assert isinstance(found, Proposal)
    assert (found.uses, found.lemmas, found.text) == (("INV-BOLUS-101",), (), "")


def test_nothing_is_proposed_where_induction_is_enough() -> None:
    found = find_lemmas(model("single_bolus"), "INV-BOLUS-101")
    assert found == NoProposal(
        "INV-BOLUS-101",
        ("induction: it needs none; what it rests on is not proved, or has no witness",),
    )


def test_nothing_is_proposed_for_what_is_broken() -> None:
    (path,) = (path for path in model_files("refuted") if path.stem == "empty_reservoir")
    found = find_lemmas(without_lemmas(system_of(load(path))), "INV-RES-001")
    assert isinstance(found, NoProposal)
    assert [reason.split(":")[0] for reason in found.reasons] == ["houdini", "spacer"]


def test_a_text_that_says_something_else_is_a_fault_of_the_tool(monkeypatch: pytest.MonkeyPatch) -> None:
    function = SourceText.function

    def forgets(self: SourceText, name: str, term: Term, declaration: str = "") -> str:
        return function(self, name, term, declaration).replace("<=", "<")

    monkeypatch.setattr(SourceText, "function", forgets)
    with pytest.raises(ToolFault, match="the text of a lemma for INV-RES-001 does not say what was found"):
        find_lemmas(without_lemmas(model("single_bolus")), "INV-RES-001")
