"""The reference pump: every arrow is taken and every property has something to say, at limits of real size."""

from pumpproof.statemachine.pump.system import SYSTEM
from pumpproof.verify.proof.symbolic import SymbolicSystem
from pumpproof.verify.search.guided import explore
from pumpproof.verify.search.replay import arrow_names


def test_every_arrow_is_taken_and_every_property_is_witnessed() -> None:
    assert SYSTEM.profiles is not None
    assert SYSTEM.reference_profile is not None
    limits = SYSTEM.profiles.load_profile(SYSTEM.reference_profile).limits()
    found = explore(SymbolicSystem(SYSTEM), limits)
    assert found.missing == ()
    assert found.raised == {}
    assert set(found.reached) == {*arrow_names(SYSTEM).values(), *(known.id for known in SYSTEM.properties)}
