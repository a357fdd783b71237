"""All that the toolkit says of some small systems, as one text; run as a program with a number of jobs and an order."""

import json
import random
import sys
from dataclasses import replace
from typing import Any

import bolus_pump
import lamp
import sample_pump
from models import FOLDER, loaded, system_of

from pumpproof.spec.kernel.properties import Kind
from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.certificates.export import Exporter
from pumpproof.verify.certificates.write import certificates
from pumpproof.verify.explaining.explanation import explain
from pumpproof.verify.mutation.accepted import Review
from pumpproof.verify.mutation.baseline import baseline_of
from pumpproof.verify.mutation.campaign import run_campaign
from pumpproof.verify.mutation.mutants import mutants_of
from pumpproof.verify.mutation.report import as_data
from pumpproof.verify.proof.symbolic import SymbolicSystem
from pumpproof.verify.record import Verification
from pumpproof.verify.results.document import Circumstances, document
from pumpproof.verify.results.trace import Traces
from pumpproof.verify.run import Request, verify_system

SYSTEMS = (
    sample_pump.SYSTEM,
    bolus_pump.SYSTEM,
    lamp.SYSTEM,
    system_of(loaded(FOLDER / "refuted" / "parts_checked_apart.py")),
)


def shuffled(system: System, order: int) -> System:
    """The same system with its properties in another order; as it is for 0."""
    properties = list(system.properties)
    if order:
        random.Random(order).shuffle(properties)
    return replace(system, properties=tuple(properties))


def said_of(system: System, jobs: int) -> tuple[Verification, dict[str, Any]]:
    """Record with cores, explanations of what is not proved, and certificates of the invariants that are."""
    found = verify_system(system, Request(jobs=jobs, cores=True))
    traces = Traces.of(found)
    record = document(found, traces, Circumstances("", "", "", ""), "")
    del record["volatile"]
    proved = [one.property.id for one in found.properties if one.verdict.value == "proved"]
    invariants = {one.id for one in system.properties if one.kind is Kind.INVARIANT and one.id in proved}
    exporter = Exporter(SymbolicSystem(system), frozenset(invariants))
    explanations = explain(found, traces, [one.id for one in system.properties])
    return found, {
        "record": record,
        "explanations": {name: repr(one) for name, one in explanations.items()},
        "certificates": certificates(exporter, proved).files,
    }


def whole_record(jobs: int, order: int) -> dict[str, Any]:
    """What is said of every system, and of the mutants of the last that is proved."""
    said: dict[str, Any] = {}
    for one in SYSTEMS:
        system = shuffled(one, order)
        found, said[system.name] = said_of(system, jobs)
        if one is lamp.SYSTEM:
            results = run_campaign(
                baseline_of(system, found), mutants_of(system), jobs, lambda _done, _total, _what: None
            )
            said["mutants"] = as_data(system, results, Review(frozenset(), ()))
    return said


if __name__ == "__main__":
    json.dump(whole_record(int(sys.argv[1]), int(sys.argv[2])), sys.stdout, sort_keys=True, indent=1)
