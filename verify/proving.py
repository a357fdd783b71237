"""What both solvers have discharged: the second one is asked all that the first one has."""

from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace

from pumpproof.verify.certificates.export import Exporter
from pumpproof.verify.certificates.second_solver import Answers, second_opinions
from pumpproof.verify.judge import with_second_opinion
from pumpproof.verify.proof.beside import beside
from pumpproof.verify.proof.cache import Cache
from pumpproof.verify.proof.obligations import CODE, TABLE
from pumpproof.verify.proof.symbolic import SymbolicSystem
from pumpproof.verify.proof.verdicts import Discharge, SecondOpinion
from pumpproof.verify.record import SecondTally


def ask_second(
    symbolic: SymbolicSystem,
    discharges: Mapping[str, Discharge],
    relied_on: AbstractSet[str],
    cache: Cache,
    without: Collection[str] = (),
) -> Answers:
    """Begin to ask the second solver all that is discharged, ``without`` what an obligation by name can not show.

    The result waits for the answers; it is to be called once.
    """
    asked = [subject for subject, one in discharges.items() if one.proved and subject not in without]

    def ask() -> tuple[dict[str, SecondOpinion], frozenset[str]]:
        known = cache.used
        opinions = second_opinions(Exporter(symbolic, relied_on), asked, cache)()
        return opinions, cache.used - known

    wait = beside(ask)

    def answers() -> dict[str, SecondOpinion]:
        opinions, keys = wait()
        cache.learn(keys)
        return opinions

    return answers


def agreed(
    discharges: Mapping[str, Discharge], opinions: Mapping[str, SecondOpinion], relied_on: Iterable[str]
) -> dict[str, Discharge]:
    """What remains discharged. Table and code fall with any invariant that they rely on.

    Raises:
        ToolFault: the second solver refutes what the first one discharged.
    """
    both = dict(discharges)
    for subject, opinion in opinions.items():
        both[subject] = with_second_opinion(both[subject], opinion)
    lost = tuple(
        failure for name in sorted(relied_on) if name in opinions for failure in opinions[name].undecided
    )
    for subject in (TABLE, CODE):
        both[subject] = replace(both[subject], failures=(*both[subject].failures, *lost))
    return both


def second_tally(opinions: Mapping[str, SecondOpinion], subjects: Iterable[str]) -> SecondTally:
    """How many obligations of these subjects the second solver was asked and discharged."""
    given = [opinions[subject] for subject in subjects if subject in opinions]
    return SecondTally(
        sum(one.asked for one in given),
        sum(one.discharged for one in given),
        sum(one.cached for one in given),
    )
