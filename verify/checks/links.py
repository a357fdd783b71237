"""What is stated and leads nowhere: lemmas that carry nothing, requirements that nothing formalises."""

from collections.abc import Set as AbstractSet

from pumpproof.spec.kernel.properties import Property, Role
from pumpproof.verify.checks.context import Context, Rows
from pumpproof.verify.proof.obligations import CODE, TABLE
from pumpproof.verify.proof.pool import obligations_of
from pumpproof.verify.record import CheckResult

LEMMAS = "lemmas"
REQUIREMENTS = "requirements"


def check_lemmas(context: Context) -> CheckResult:
    """Whether each lemma carries a proof: that of a property that names it, or of the table or the code."""
    rows = Rows(LEMMAS, "Every lemma carries a proof.")
    properties = context.system.properties
    lemmas = [known for known in properties if known.role is Role.LEMMA]
    used = {lemma for known in properties for lemma in known.uses if lemma != known.id}
    idle = [known for known in lemmas if known.id not in used]
    rows.sound(len(lemmas) - len(idle))
    carrying = _carrying(context, idle)
    for known in idle:
        if known in carrying:
            rows.sound()
        else:
            where = context.place(known.claim)
            rows.found(known.id, where, "no property uses it, and table and code are proved without it")
    return rows.result()


def _carrying(context: Context, idle: list[Property]) -> list[Property]:
    """Those of these lemmas that the proofs of table and code need, each beside all that are not among them."""
    if not idle:
        return []
    invariants = context.obligations.relied_on
    needed: list[Property] = []
    if _sound_on(context, invariants - {one.id for one in idle}):
        return needed
    left = set(invariants)
    for one in idle:
        if _sound_on(context, left - {one.id}):
            left.discard(one.id)
        else:
            needed.append(one)
    return needed


def _sound_on(context: Context, invariants: AbstractSet[str]) -> bool:
    """Say whether table and code are proved from these invariants."""
    obligations = context.obligations.relying_on(invariants)
    return all(
        context.prover.discharge(subject, obligations_of(obligations, subject)).proved
        for subject in (TABLE, CODE)
    )


def check_requirements(context: Context) -> CheckResult:
    """Whether a property formalises each requirement, except where none is asked for."""
    rows = Rows(REQUIREMENTS, "A property formalises every requirement.")
    formalized = {one for known in context.system.properties for one in known.formalizes}
    asked = (one for one in context.system.requirements if one.asks_for_a_proof)
    for requirement in asked:
        if requirement.id in formalized:
            rows.sound()
        else:
            rows.undecided(requirement.id, "", "no property formalises it, so that nothing is proved of it")
    return rows.result()
