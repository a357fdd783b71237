"""The specification of the reference pump as a whole: nothing is asked for without a row and a property."""

from pumpproof.spec.kernel.properties import Role
from pumpproof.statemachine.pump.system import SYSTEM


def test_every_requirement_is_formalised_by_a_property() -> None:
    formalised = {one for known in SYSTEM.properties for one in known.formalizes}
    assert {one.id for one in SYSTEM.requirements} - formalised == set()


def test_every_requirement_is_served_by_a_row() -> None:
    served = {one for entry in SYSTEM.table for one in entry.requirements}
    assert {one.id for one in SYSTEM.requirements} - served == set()


def test_every_lemma_carries_a_proof() -> None:
    used = {one for known in SYSTEM.properties for one in known.uses}
    lemmas = {known.id for known in SYSTEM.properties if known.role is Role.LEMMA}
    assert lemmas - used == set()
