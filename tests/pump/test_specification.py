"""The specification of the reference pump as a whole: nothing is asked for without a row and a property."""

from pumpproof.spec.kernel.properties import Role
from pumpproof.statemachine.pump.system import SYSTEM

ASKED = {one.id for one in SYSTEM.requirements if one.asks_for_a_proof}


def test_every_requirement_that_asks_for_a_proof_is_formalised_by_a_property() -> None:
    formalised = {one for known in SYSTEM.properties for one in known.formalizes}
    assert ASKED - formalised == set()


def test_every_row_serves_a_requirement_that_is_there_in_part_at_least() -> None:
    served = {one for entry in SYSTEM.table for one in entry.requirements}
    assert served - ASKED == set()


def test_every_lemma_carries_a_proof() -> None:
    used = {one for known in SYSTEM.properties for one in known.uses}
    lemmas = {known.id for known in SYSTEM.properties if known.role is Role.LEMMA}
    assert lemmas - used == set()
