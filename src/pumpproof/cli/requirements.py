"""The option ``list --requirements``: the status of every requirement, by what it is shown, and figures."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from pumpproof.cli.console import standard_output
from pumpproof.cli.errors import BadInput
from pumpproof.cli.files import check_writable, write_whole
from pumpproof.cli.listing import section, table
from pumpproof.cli.system import load_system
from pumpproof.cli.words import count
from pumpproof.spec.kernel.entries import EntryError
from pumpproof.spec.kernel.risk_file import RiskFile, load_risk_file
from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.requirements.status import RequirementStatus, Status, statuses
from pumpproof.verify.results.exits import ExitCode

NO_CATEGORY = "all"


@dataclass(frozen=True)
class _Listing:
    """What is listed. ``record`` is the results.json that says what is proved, if one was given."""

    system: System
    risks: RiskFile | None
    statuses: tuple[RequirementStatus, ...]
    record: Path | None

    def category(self, one: RequirementStatus) -> str:
        """The hazard category under which a requirement counts: that of its first hazard."""
        return NO_CATEGORY if self.risks is None else self.risks.hazards_of(one.requirement)[0].category


def list_requirements(address: str, record: Path | None, output: Path | None) -> int:
    """Print the status of every requirement; write them as JSON too, if ``output`` is a file.

    Raises:
        BadInput: the system, its risk management file or the record cannot be read, or the output not written.
    """
    if output is not None:
        check_writable(output, "--json")
    system = load_system(address)
    try:
        risks = None if system.risk_file is None else load_risk_file(system.risk_file)
    except EntryError as error:
        raise BadInput(str(error)) from error
    violated = None if risks is None else {one for known in risks.violations for one in known.violates}
    proved = None if record is None else _proved(record, system)
    named = {clause.system for one in system.requirements for clause in one.parts if clause.system}
    elsewhere = {known: load_system(known).properties for known in sorted(named)}
    found = statuses(system.requirements, system.properties, violated, proved, elsewhere)
    listing = _Listing(system, risks, found, record)
    standard_output().show(*_blocks(listing))
    if output is not None:
        content = json.dumps(_document(listing), ensure_ascii=False, indent=2, sort_keys=True) + "\n"
        write_whole(output, content, "--json")
    return ExitCode.PROVED


def _proved(record: Path, system: System) -> frozenset[str]:
    try:
        document = json.loads(record.read_text(encoding="utf-8"))
        name = document["system"]["name"]
        proved = frozenset(one["id"] for one in document["properties"] if one["verdict"] == "proved")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadInput(
            f"--results {record}: is no results.json: {error!r}; `pumpproof verify --json {record}` writes one"
        ) from error
    if name != system.name:
        raise BadInput(f"--results {record}: is of system {name}, not of {system.name}")
    return proved


def _blocks(listing: _Listing) -> Iterator[RenderableType]:
    yield Text.assemble((listing.system.name, "bold"), f": {listing.system.says}")
    made = table("REQUIREMENT", "SENTENCE", "STATUS", "BY")
    for one in listing.statuses:
        made.add_row(one.requirement.id, Text(one.requirement.says), one.status.value, Text(_by(one)))
    yield from section(count(len(listing.statuses), "requirement"), made)
    yield from section("By hazard category", _figures(listing))
    yield Text()
    basis = "`pumpproof verify` finds them so" if listing.record is None else f"{listing.record} says so"
    yield Text(
        f"A requirement is what the weakest of its clauses is. A property counts as proved if {basis}."
    )
    if listing.risks is not None:
        yield from map(Text, _answers(listing.risks))


def _by(one: RequirementStatus) -> str:
    if len(one.clauses) == 1:
        return ", ".join(one.clauses[0].by)
    lines = []
    for known in one.clauses:
        shown = "" if known.status in (Status.PROVED, Status.OPEN) else f"{known.status.value}: "
        lines.append(f"{known.clause.id[-1]}: {shown}{', '.join(known.by)}")
    return "\n".join(lines)


def _figures(listing: _Listing) -> Any:
    figures = Counter((listing.category(one), one.status) for one in listing.statuses)
    shown = tuple(reversed(Status))
    made = table("CATEGORY", *(status.value.upper() for status in shown), "ALL")
    for category in dict.fromkeys(category for category, _ in figures):
        numbers = [figures[category, status] for status in shown]
        made.add_row(category, *(str(number or "") for number in numbers), str(sum(numbers)))
    totals = [sum(one.status is status for one in listing.statuses) for status in shown]
    made.add_row("all", *map(str, totals), str(sum(totals)))
    return made


def _answers(risks: RiskFile) -> Iterator[str]:
    told = sum(one.trace is not None for one in risks.incidents)
    outside = sum(bool(one.outside) for one in risks.incidents)
    tested = sum(bool(one.tests) for one in risks.incidents)
    yield (
        f"Incidents: {count(len(risks.incidents), 'report')}; {told} told as traces that properties reject, "
        f"{tested} shown by tests, {len(risks.incidents) - told - tested - outside} await a feature, "
        f"{outside} no trace can tell."
    )
    answered = sum(bool(one.answered_by) for one in risks.outside_risks)
    yield (
        f"Risks of an outside list: {len(risks.outside_risks)}; {answered} answered by requirements, "
        f"{len(risks.outside_risks) - answered} outside a pump's software."
    )
    yield f"Violations on record: {len(risks.violations)}."


def _document(listing: _Listing) -> dict[str, Any]:
    return {
        "system": listing.system.name,
        "counts": {
            status.value: sum(one.status is status for one in listing.statuses) for status in reversed(Status)
        },
        "requirements": [_row(listing, one) for one in listing.statuses],
    }


def _row(listing: _Listing, one: RequirementStatus) -> dict[str, Any]:
    requirement = one.requirement
    row: dict[str, Any] = {
        "id": requirement.id,
        "says": requirement.says,
        "source": requirement.source,
        "numbers": requirement.numbers,
        "basis": requirement.basis,
        "implements": list(requirement.implements),
        "status": one.status.value,
        "clauses": [
            {
                "id": known.clause.id,
                "says": known.clause.says,
                "status": known.status.value,
                "by": list(known.by),
                "assumption": "" if known.clause.outside is None else known.clause.outside.assumption,
            }
            for known in one.clauses
        ],
    }
    if listing.risks is not None:
        row["hazards"] = [hazard.id for hazard in listing.risks.hazards_of(requirement)]
        row["category"] = listing.category(one)
        row["severity"] = listing.risks.severity_of(requirement)
    return row
