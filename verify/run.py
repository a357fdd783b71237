"""One verification from beginning to end: select, discharge, check, search, judge."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import z3

from pumpproof.spec.kernel.profiles import ConditionVerdict, Profile, check_profile
from pumpproof.spec.kernel.properties import Property
from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.kernel.table import Command, Ignored, Refused, Row
from pumpproof.verify.judge import Findings, judge_property
from pumpproof.verify.proof.cache import Cache, NoCache
from pumpproof.verify.proof.induction import RESOURCE_LIMIT
from pumpproof.verify.proof.obligations import CODE, TABLE, Obligations
from pumpproof.verify.proof.pool import discharge_all
from pumpproof.verify.proof.sanity import Twin, twins
from pumpproof.verify.proof.symbolic import SymbolicSystem
from pumpproof.verify.proof.verdicts import Discharge, Verdict
from pumpproof.verify.logic.smt import Answer
from pumpproof.verify.record import CheckResult, ProfileResult, RowResult, Verification

Progress = Callable[[int, int, str], None]


class UnknownProperty(ValueError):
    """An id that no property of the system has; the message names near misses."""


def closure(system: System, ids: Sequence[str]) -> tuple[Property, ...]:
    """The properties with these ids and every lemma that they rest on, in the order of the system.

    Raises:
        UnknownProperty: the system has no property with one of the ids.
    """
    known = {one.id: one for one in system.properties}
    wanted: set[str] = set()
    pending = list(ids)
    while pending:
        identifier = pending.pop()
        if identifier not in known:
            raise UnknownProperty(f"system {system.name} has no property {identifier}")
        if identifier not in wanted:
            wanted.add(identifier)
            pending.extend(known[identifier].uses)
    return tuple(one for one in system.properties if one.id in wanted)
