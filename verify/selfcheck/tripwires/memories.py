"""What is remembered from run to run."""

import hashlib
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

from pumpproof.verify.logic import smt
from pumpproof.verify.logic.terms import integer, less, variable
from pumpproof.verify.proof import cluster
from pumpproof.verify.proof.cache import FileCache, NoCache
from pumpproof.verify.proof.induction import Prover
from pumpproof.verify.proof.obligations import Obligation, Obligations, Stage
from pumpproof.verify.proof.symbolic import SymbolicSystem
from pumpproof.verify.search.guided import explore
from pumpproof.verify.search.memory import RunMemory, _content, key_of
from pumpproof.verify.selfcheck.systems import pump, wrong
from pumpproof.verify.selfcheck.tripwires.proofs import symbolic
from pumpproof.verify.selfcheck.tripwires.runs import LIMITS

_X, _Y = variable("x", "Int"), variable("y", "Int")


def obligations() -> Iterator[str]:
    """An obligation is known only if all of it was discharged by this solver."""
    asked = Obligation("INV-BOLUS-101", Stage.STEP, "here", (less(_X, _Y),), less(_X, _Y))
    others = (
        ("a hypothesis less", replace(asked, hypotheses=())),
        ("another hypothesis", replace(asked, hypotheses=(less(_Y, _X),))),
        ("another goal", replace(asked, goal=less(_X, integer(3)))),
    )
    with tempfile.TemporaryDirectory(prefix="pumpproof-known-answers-") as folder:
        path = Path(folder, "obligations")
        cache = FileCache(path, "a solver")
        cache.add(asked)
        cache.save()
        known = FileCache(path, "a solver")
        if not known.holds(asked):
            yield "nothing: it forgets what was discharged"
        yield from (name for name, other in others if known.holds(other))
        if FileCache(path, "another solver").holds(asked):
            yield "an answer of another solver"
        with patch.object(smt, "__file__", __file__):
            if FileCache(path, "a solver").holds(asked):
                yield "an answer about terms that meant something else"
        if known.can_hold((*asked.hypotheses, asked.goal)) or known.are_equal(b"here"):
            yield "the answer to another question"


def nothing_kept() -> Iterator[str]:
    """Without a cache everything is asked anew."""
    asked = Obligation("INV-BOLUS-101", Stage.STEP, "here", (less(_X, _Y),), less(_X, _Y))
    none = NoCache()
    none.add(asked)
    none.add_can_hold((asked.goal,))
    none.add_equal(b"here")
    none.add_text(b"here")
    if (
        none.holds(asked)
        or none.can_hold((asked.goal,))
        or none.are_equal(b"here")
        or none.holds_text(b"here")
    ):
        yield "an answer that was not asked for"


def files() -> Iterator[str]:
    """What is remembered of a system, or is sent to a worker, depends on what is in its files."""
    content = hashlib.sha256(Path(str(pump.__file__)).read_bytes()).digest()
    if content not in set(_content(symbolic())):
        yield "a change of the files of a system, in what is remembered of its runs"
    read: list[str] = []

    class Noted(type(Path())):  # type: ignore[misc]
        def read_bytes(self) -> bytes:
            read.append(str(self))
            return bytes(super().read_bytes())

    with patch.object(cluster, "Path", Noted):
        cluster.code_of(Obligations(symbolic()))
    if not any(name.endswith("systems/pump.py") for name in read):
        yield "a change of the files of a system, in what a worker is asked for"


def undecided() -> Iterator[str]:
    """What was refuted or not decided is not remembered as discharged."""
    with tempfile.TemporaryDirectory(prefix="pumpproof-known-answers-") as folder:
        path = Path(folder, "obligations")
        for name, limit, goal in (("refuted", 1_000_000, less(_X, _Y)), ("not decided", 1, less(_X, _Y))):
            cache = FileCache(path, "a solver")
            asked = Obligation("INV-BOLUS-101", Stage.STEP, name, (less(_Y, _X),), goal)
            Prover(symbolic(), cache, limit).discharge("INV-BOLUS-101", (asked,))
            cache.save()
            if FileCache(path, "a solver").holds(asked):
                yield f"an obligation that was {name}"


def runs() -> Iterator[str]:
    """Runs of another system, or with other limits, are not taken for runs of this one."""
    with tempfile.TemporaryDirectory(prefix="pumpproof-known-answers-") as folder:
        memory = RunMemory(Path(folder, "runs"))
        memory.keep(symbolic(), LIMITS, explore(symbolic(), LIMITS, steps=2_000))
        memory.save()
        later = RunMemory(Path(folder, "runs"))
        if later.recall(symbolic(), LIMITS) is None:
            yield "nothing: it forgets the runs of this system"
        if later.recall(symbolic(), replace(LIMITS, cap_pulses=3)) is not None:
            yield "runs with other limits"
        if key_of(SymbolicSystem(wrong.CHANGED), LIMITS) == key_of(symbolic(), LIMITS):
            yield "runs of another system"


MEMORIES = (obligations, nothing_kept, files, undecided, runs)
