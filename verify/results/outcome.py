"""The outcome of a verification as one number, the same everywhere."""

from collections import Counter
from collections.abc import Iterable
from enum import IntEnum

from pumpproof.verify.proof.verdicts import Verdict
from pumpproof.verify.record import Verification


class ExitCode(IntEnum):
    """Exit codes of every command."""

    PROVED = 0
    REFUTED = 1
    UNDECIDED = 2
    GATE = 3
    INPUT = 4
    FAULT = 5


_PRECEDENCE = (
    ExitCode.FAULT,
    ExitCode.INPUT,
    ExitCode.REFUTED,
    ExitCode.UNDECIDED,
    ExitCode.GATE,
    ExitCode.PROVED,
)

_OF_VERDICT = {
    Verdict.PROVED: ExitCode.PROVED,
    Verdict.PROVED_BOUNDED: ExitCode.UNDECIDED,
    Verdict.REFUTED: ExitCode.REFUTED,
    Verdict.VACUOUS: ExitCode.REFUTED,
    Verdict.UNKNOWN: ExitCode.UNDECIDED,
    Verdict.TIMEOUT: ExitCode.UNDECIDED,
    Verdict.ERROR: ExitCode.FAULT,
    Verdict.SKIPPED: ExitCode.UNDECIDED,
    Verdict.ASSUMED: ExitCode.UNDECIDED,
}

_IN_WORDS = {
    ExitCode.PROVED: "all proved",
    ExitCode.REFUTED: "refuted",
    ExitCode.UNDECIDED: "not proved",
    ExitCode.GATE: "incomplete",
    ExitCode.INPUT: "bad input",
    ExitCode.FAULT: "tool fault",
}


def gravest(codes: Iterable[ExitCode]) -> ExitCode:
    """The code that counts when several apply: a fault outweighs a refutation, which outweighs an open question."""
    return min(codes, key=_PRECEDENCE.index, default=ExitCode.PROVED)


def exit_code(verification: Verification) -> ExitCode:
    """The exit code of a verification. Where no property was judged, nothing is proved: ``UNDECIDED``."""
    codes = [_OF_VERDICT[verdict] for verdict in verification.verdicts()]
    if not verification.properties:
        codes.append(ExitCode.UNDECIDED)
    if verification.requested != verification.accounted:
        codes.append(ExitCode.GATE)
    return gravest(codes)


def in_words(code: ExitCode) -> str:
    """The outcome in two or three words."""
    return _IN_WORDS[code]


def counts(verdicts: Iterable[Verdict]) -> dict[Verdict, int]:
    """How often each verdict that occurs was given, in the order of the closed list."""
    counted = Counter(verdicts)
    return {verdict: counted[verdict] for verdict in Verdict if counted[verdict]}
