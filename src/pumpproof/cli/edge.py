"""Known answers of the command line: exit codes, the report and the records of a system that is not proved."""

import contextlib
import io
import json
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from dataclasses import replace

from pumpproof.cli.errors import BadInput
from pumpproof.cli.main import guarded
from pumpproof.cli.system import load_profiles
from pumpproof.cli.verifying import Request, cache_of, finish
from pumpproof.spec.kernel.profiles import ProfileError
from pumpproof.verify.junit import junit
from pumpproof.verify.proof.cache import NoCache
from pumpproof.verify.proof.verdicts import Verdict
from pumpproof.verify.record import Verification
from pumpproof.verify.results.document import Circumstances, canonical, document
from pumpproof.verify.results.exits import ExitCode
from pumpproof.verify.results.outcome import exit_code
from pumpproof.verify.results.trace import Traces
from pumpproof.verify.run import Request as Asked
from pumpproof.verify.run import judge_profile, verify_system
from pumpproof.verify.selfcheck.answers import STEPS
from pumpproof.verify.selfcheck.check import Broken
from pumpproof.verify.selfcheck.systems import pump, wrong


def broken_at_the_edge() -> Iterator[Broken]:
    """What the command line gets wrong; nothing of a toolkit that works."""
    for name, error, expected in (
        ("an unexpected error", RuntimeError("known"), ExitCode.FAULT),
        ("bad input", BadInput("known"), ExitCode.INPUT),
    ):
        with contextlib.redirect_stderr(io.StringIO()):
            code = guarded(_raising(error))
        if code != expected:
            yield Broken("exit code", f"{name} gives {code}; expected {int(expected)}")
    if not isinstance(cache_of("known", use_cache=False), NoCache):
        yield Broken("cache", "--no-cache leaves it in use")
    yield from _broken_profiles()
    found = verify_system(wrong.NO_ROW, Asked(steps=STEPS))
    yield from _broken_reports(found)
    yield from _broken_records(found, Traces.of(found))
    yield from _broken_outcomes(found)


def _broken_profiles() -> Iterator[Broken]:
    """A profile is left out only because a value of it is not published; one that violates a condition is refused."""
    system = replace(pump.SYSTEM, profiles=pump.PROFILES)
    profiles = load_profiles(system, ())
    left_out = [one.id for one in profiles.left_out]
    if left_out != ["not-published"]:
        yield Broken("profiles", f"left out: {', '.join(left_out)}; expected not-published")
    for one in profiles.judged:
        try:
            said = judge_profile(system, one).verdict
        except ProfileError:
            said = Verdict.REFUTED
        if said is not (Verdict.REFUTED if one.id == "violating" else Verdict.PROVED):
            yield Broken("profiles", f"{one.id} is {said.value}")


def _raising(error: Exception) -> Callable[[], int]:
    def action() -> int:
        raise error

    return action


def _broken_reports(found: Verification) -> Iterator[Broken]:
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(io.StringIO()):
        code = finish(Request("known", (), (), 1, None, None, use_cache=False), found, "")
    text = said.getvalue()
    if code != ExitCode.REFUTED or "Exit code 1." not in text or "ALL PROVED" in text:
        yield Broken("report", f"a system that is not proved ends with code {code}")
    lines = text.splitlines()
    for one in found.properties:
        if not any(one.property.id in line and f" {one.verdict.value}" in line for line in lines):
            yield Broken("report", f"{one.property.id} is {one.verdict.value}, and it does not say so")


def _broken_records(found: Verification, traces: Traces) -> Iterator[Broken]:
    text = canonical(document(found, traces, Circumstances("", "", "", ""), "known", ()))
    recorded = {one["id"]: one["verdict"] for one in json.loads(text)["properties"]}
    for one in found.properties:
        said = recorded.get(one.property.id)
        if said != one.verdict.value:
            yield Broken("record", f"{one.property.id} is {one.verdict.value}; recorded as {said}")


_CODES = {
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


def _broken_outcomes(found: Verification) -> Iterator[Broken]:
    """Each verdict alone: its exit code, and whether a reader of the JUnit file takes it for a success."""
    result = replace(found.properties[0], counterexample=None)
    for verdict in Verdict:
        alone = replace(
            found, properties=(replace(result, verdict=verdict),), checks=(), rows=(), profiles=()
        )
        if exit_code(alone) is not _CODES[verdict]:
            yield Broken("exit code", f"{verdict.value} gives {int(exit_code(alone))}")
        cases = ET.fromstring(junit(alone, Traces.of(alone))).iter("testcase")  # noqa: S314  written here
        passes = any(
            result.property.id in case.get("name", "")
            and all(case.find(one) is None for one in ("failure", "error", "skipped"))
            for case in cases
        )
        if passes is not (verdict is Verdict.PROVED):
            yield Broken(
                "record", f"a property that is {verdict.value} {'passes' if passes else 'fails'} in JUnit"
            )
    nothing = replace(found, properties=(), checks=(), rows=(), profiles=(), accounted=found.requested)
    if exit_code(nothing) is not ExitCode.UNDECIDED:
        yield Broken("exit code", f"a verification of nothing gives {int(exit_code(nothing))}")
    for accounted in (found.requested - 1, found.requested + 1):
        proved = replace(result, verdict=Verdict.PROVED)
        alone = replace(found, properties=(proved,), checks=(), rows=(), profiles=(), accounted=accounted)
        if exit_code(alone) is not ExitCode.GATE:
            yield Broken("exit code", f"{accounted} of {found.requested} pairs accounted for")
