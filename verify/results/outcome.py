"""The outcome of a verification as one number, the same everywhere."""

from collections import Counter
from collections.abc import Iterable

from pumpproof.verify.proof.verdicts import Verdict
from pumpproof.verify.record import Verification
from pumpproof.verify.results.exits import ExitCode, gravest

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


def exit_code(verification: Verification) -> ExitCode:
    """The exit code of a verification. Where no property was judged, nothing is proved: ``UNDECIDED``."""
    codes = [_OF_VERDICT[verdict] for verdict in verification.verdicts()]
    if not verification.properties:
        codes.append(ExitCode.UNDECIDED)
    if verification.requested != verification.accounted:
        codes.append(ExitCode.GATE)
    return gravest(codes)


def in_words(verification: Verification) -> str:
    """The outcome of a verification in one or two words."""
    code = exit_code(verification)
    if code is ExitCode.REFUTED and Verdict.REFUTED not in verification.verdicts():
        return Verdict.VACUOUS.value
    return _IN_WORDS[code]


def counts(verdicts: Iterable[Verdict]) -> dict[Verdict, int]:
    """How often each verdict that occurs was given, in the order of the closed list."""
    counted = Counter(verdicts)
    return {verdict: counted[verdict] for verdict in Verdict if counted[verdict]}
