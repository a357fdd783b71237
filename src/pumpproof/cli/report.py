"""A verification on the terminal: what formalises a requirement first, then what carries it, then the result."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from pumpproof.cli.needs import cores_of, unneeded_of
from pumpproof.cli.traces import evidence_against, trace_table
from pumpproof.cli.words import count
from pumpproof.spec.kernel.profiles import ConditionCheck, ConditionVerdict
from pumpproof.spec.kernel.properties import Role
from pumpproof.verify.explaining.explanation import explain
from pumpproof.verify.proof.verdicts import Tally, Verdict
from pumpproof.verify.record import (
    NOT_YET,
    CheckResult,
    ProfileResult,
    PropertyResult,
    Verification,
)
from pumpproof.verify.results.exits import ExitCode
from pumpproof.verify.results.left_out import LeftOut
from pumpproof.verify.results.outcome import exit_code, in_words
from pumpproof.verify.results.trace import Traces

_MOST_NAMES = 4

_BAD = (Verdict.REFUTED, Verdict.VACUOUS, Verdict.ERROR)


def report(
    verification: Verification, traces: Traces, left_out: Sequence[LeftOut] = ()
) -> Iterator[RenderableType]:
    """The blocks of a report, in order; the last line is the overall result.

    ``left_out`` are profiles that were not asked for; the report names them and why.
    """
    system = verification.system
    yield Text.assemble((system.name, "bold"), f": {system.says}")
    claims = [one for one in verification.properties if one.property.role is not Role.LEMMA]
    lemmas = [one for one in verification.properties if one.property.role is Role.LEMMA]
    if claims:
        yield _section("Properties that formalise requirements", _properties(claims))
    if lemmas:
        yield _section("Lemmas that carry them", _properties(lemmas))
    if verification.checks:
        yield _section("Checks of the system and of its specification", _checks(verification.checks))
    if verification.rows:
        yield _section("Rows", _rows(verification))
    if verification.profiles or left_out:
        yield _section("Device profiles", _profiles(verification.profiles, left_out))
    if verification.needs is not None:
        yield _section("What the proofs need", cores_of(verification.needs))
        yield _section("What no proof needs", unneeded_of(verification.needs))
    yield from _details(verification, traces)
    yield _section("Result", Group(*summary(verification)))


def verdict_text(verdict: Verdict, strength: str) -> Text:
    """A verdict with the solvers that stand behind it if it is a proof."""
    if verdict is Verdict.PROVED:
        return Text(f"proved ({strength})" if strength else "proved", style="green")
    return Text(verdict.value, style="bold red" if verdict in _BAD else "bold yellow")


def duration(seconds: float) -> str:
    """A duration as people read it."""
    return f"{seconds:.1f} s" if seconds >= 1 else f"{round(seconds * 1000)} ms"


def summary(verification: Verification) -> Iterator[Text]:
    """A few lines of counts, what a proof does not carry yet, and the overall result."""
    yield Text(f"properties: {_counted((one.verdict, one.strength) for one in verification.properties)}")
    yield Text(f"checks:     {_counted((one.verdict, one.strength) for one in verification.checks)}")
    yield Text(f"rows:       {_reached(verification)}")
    yield from _longest_witness(verification)
    yield Text(f"profiles:   {_counted((one.verdict, '') for one in verification.profiles)}")
    pairs = f"{verification.accounted} of {verification.requested} pairs of row and property accounted for"
    yield Text(f"accounting: {pairs}")
    took = f"{duration(sum(verification.seconds.values()))}, {verification.solver}"
    second = verification.second_opinion
    again = (
        f"; {second.discharged} again by {verification.second_solver}" if verification.second_solver else ""
    )
    yield Text(f"obligations: {_discharged(verification)}{again}; {took}")
    if NOT_YET:
        yield Text(f"What is not there yet: {', '.join(NOT_YET)}.")
    yield _overall(verification)


def _longest_witness(verification: Verification) -> Iterator[Text]:
    """How far from the initial state the situations are that a run had to reach."""
    witnesses = [
        (len(one.witness), one.property.id) for one in verification.properties if one.witness is not None
    ]
    witnesses += [(len(row.reached), row.name) for row in verification.rows if row.reached is not None]
    if witnesses:
        length, name = max(witnesses, key=lambda one: one[0])
        yield Text(f"longest witness: {length:,} {'event' if length == 1 else 'events'}, {name}")


def table(*headings: str) -> Table:
    """A table whose first column is never broken."""
    made = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1), header_style="bold")
    for number, heading in enumerate(headings):
        made.add_column(heading, no_wrap=number == 0 or heading in ("VERDICT", "TIME"), overflow="fold")
    return made


def _discharged(verification: Verification) -> str:
    """How many obligations stand behind the verdicts, and how many of them were not solved in this run."""
    tallies = [*(one.tally for one in verification.properties), *(one.tally for one in verification.checks)]
    discharged = sum(tallies, Tally())
    cached = (
        f", {discharged.cached} of them in an earlier run (--no-cache solves all)"
        if discharged.cached
        else ""
    )
    return f"{discharged.total} discharged{cached}"


def _overall(verification: Verification) -> Text:
    code = exit_code(verification)
    style = "bold green" if code is ExitCode.PROVED else "bold red"
    words = in_words(verification).upper() + (
        f" ({verification.strength})" if code is ExitCode.PROVED else ""
    )
    if code is ExitCode.PROVED:
        proved = count(len(verification.properties), "property")
        scope = f" and what they rest on: {', '.join(verification.only)}" if verification.only else ""
        said = f"{proved} of system {verification.system.name}{scope}"
    elif code is ExitCode.GATE:
        said = f"{verification.requested} pairs of row and property requested, {verification.accounted} accounted for"
    else:
        said = _culprits(verification, code)
    return Text.assemble((f"{words}: ", style), f"{said}. Exit code {int(code)}.")


def _culprits(verification: Verification, code: ExitCode) -> str:
    """What decides the exit code: how many, and the first of them, those that formalise requirements before lemmas."""
    deciding = {
        ExitCode.FAULT: (Verdict.ERROR,),
        ExitCode.REFUTED: (Verdict.REFUTED, Verdict.VACUOUS),
    }.get(code, tuple(one for one in Verdict if one is not Verdict.PROVED))
    properties = sorted(verification.properties, key=lambda one: one.property.role is Role.LEMMA)
    unreached = [row.name for row in verification.rows if row.reached is None]
    named = {
        "property": [one.property.id for one in properties if one.verdict in deciding],
        "check": [one.name for one in verification.checks if one.verdict in deciding],
        "row": unreached if Verdict.UNKNOWN in deciding else [],
        "profile": [one.profile.id for one in verification.profiles if one.verdict in deciding],
    }
    said = [f"{count(len(names), noun)} ({_first(names)})" for noun, names in named.items() if names]
    return ", ".join(said) or "no property was judged"


def _first(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_MOST_NAMES])
    return shown if len(names) <= _MOST_NAMES else f"{shown}, …"


def _section(title: str, content: RenderableType) -> RenderableType:
    return Group(Text(), Text(title, style="bold underline"), content)


def _properties(results: Sequence[PropertyResult]) -> Table:
    made = table("ID", "SENTENCE", "VERDICT", "METHOD", "TIME")
    for one in results:
        made.add_row(
            one.property.id,
            Text(one.property.says),
            verdict_text(one.verdict, one.strength),
            Text(one.method),
            duration(one.seconds),
        )
    return made


def _checks(results: Sequence[CheckResult]) -> Table:
    made = table("CHECK", "SENTENCE", "VERDICT", "EXAMINED", "TIME")
    for one in results:
        made.add_row(
            Text(one.name),
            Text(one.says),
            verdict_text(one.verdict, one.strength),
            str(one.examined or one.tally.total),
            duration(one.seconds),
        )
    return made


def _rows(verification: Verification) -> RenderableType:
    missing = [row for row in verification.rows if row.reached is None]
    said = Text(_reached(verification))
    if not missing:
        return said
    made = table("ROW", "SENTENCE", "VERDICT", "REASON")
    for row in missing:
        made.add_row(row.name, Text(row.why), Text("not reached", style="bold yellow"), Text(row.reason))
    return Group(said, made)


def _reached(verification: Verification) -> str:
    reached = sum(row.reached is not None for row in verification.rows)
    return (
        f"{reached} of {len(verification.rows)} reached by a run of the machine from its initial state "
        f"(limits: {verification.profile_of_runs})"
    )


def _profiles(results: Sequence[ProfileResult], left_out: Sequence[LeftOut]) -> Table:
    made = table("PROFILE", "NAME", "VERDICT", "CONDITIONS OF VALID LIMITS")
    for one in results:
        made.add_row(
            one.profile.id,
            Text(one.profile.name),
            verdict_text(one.verdict, ""),
            Text(_conditions(one.checks)),
        )
    for profile in left_out:
        made.add_row(profile.id, Text(profile.name), Text("not asked for", style="yellow"), Text(profile.why))
    return made


def _conditions(checks: Sequence[ConditionCheck]) -> str:
    satisfied = sum(check.verdict is ConditionVerdict.SATISFIED for check in checks)
    lines = [f"{satisfied} of {len(checks)} satisfied"]
    for check in checks:
        if check.verdict is ConditionVerdict.VIOLATED:
            values = ", ".join(f"{name} = {value}" for name, value in check.read)
            lines.append(f"{check.id} violated: {check.says} Here {values}.")
    unknown: dict[tuple[str, str], list[str]] = {}
    for check in checks:
        if check.verdict is ConditionVerdict.UNKNOWN:
            unknown.setdefault((check.unknown_edge, check.why), []).append(check.id)
    lines += [f"{edge} is unknown ({why}): {', '.join(ids)}" for (edge, why), ids in unknown.items()]
    return "\n".join(lines)


def _details(verification: Verification, traces: Traces) -> Iterator[RenderableType]:
    """Why each thing that is not proved is not."""
    explanations = explain(verification, traces)
    for one in verification.properties:
        if one.verdict is not Verdict.PROVED:
            evidence = evidence_against(one, traces, explanations.get(one.property.id))
            yield _detail(one.property.id, one.property.says, one.verdict, one.reason, evidence)
    for check in verification.checks:
        if check.verdict is not Verdict.PROVED:
            shown = [
                Group(Text(situation.obligation), trace_table(trace))
                for situation, trace in zip(check.situations, traces.of_checks[check.name], strict=True)
            ]
            yield _detail(
                check.name, check.says, check.verdict, check.reason, Group(*shown) if shown else None
            )


def _detail(
    name: str, says: str, verdict: Verdict, reason: str, evidence: RenderableType | None
) -> RenderableType:
    heading = Text.assemble((f"{name} ", "bold"), verdict_text(verdict, ""))
    inside: list[RenderableType] = [Text(says)]
    if reason:
        inside.append(Text(f"reason: {reason}"))
    if evidence is not None:
        inside.append(evidence)
    return Group(Text(), heading, Padding(Group(*inside), (0, 0, 0, 2)))


def _counted(verdicts: Iterable[tuple[Verdict, str]]) -> str:
    """How often each verdict was given, proofs apart by the solvers behind them, in the order of the closed list."""
    texts = [(verdict, verdict_text(verdict, strength).plain) for verdict, strength in verdicts]
    counted = Counter(text for _, text in sorted(texts, key=lambda one: tuple(Verdict).index(one[0])))
    return ", ".join(f"{number} {text}" for text, number in counted.items()) or "none"
