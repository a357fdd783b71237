"""Proof objects of cvc5, in its CPC format, for whoever wants the steps and not only the answer.

A proof belongs to one question, so all obligations of a subject are put as one: whether any of them fails. The text of
the question stands beside its proof. A public checker, ethos, reads both; nothing in this toolkit needs it.
"""

import gzip
from collections.abc import Callable, Iterator, Sequence

from pumpproof.verify.certificates.export import Exported, Exporter
from pumpproof.verify.certificates.script import Script
from pumpproof.verify.certificates.second_solver import Session
from pumpproof.verify.certificates.text import Printer
from pumpproof.verify.logic.smt import Answer
from pumpproof.verify.proof.obligations import CODE, TABLE

_OPTIONS = (("produce-proofs", "true"), ("proof-format-mode", "cpc"), ("proof-print-reference", "true"))


class NoProof(RuntimeError):
    """cvc5 proves each obligation of a subject, and gives no proof of all of them together."""


def proof_files(
    exporter: Exporter, properties: Sequence[str], done: Callable[[str], None]
) -> Iterator[tuple[str, bytes]]:
    """Name and content of the question and of the compressed proof of each subject; ``done`` is told of each.

    Raises:
        NoProof: there is no proof of a question.
    """
    printer = Printer()
    for subject in (*properties, TABLE, CODE):
        asked = [one for one in exporter.of_subject(subject) if isinstance(one, Exported)]
        if asked:
            question = _any_fails(asked, printer)
            yield f"{subject}.smt2", question.encode()
            yield f"{subject}.cpc.gz", gzip.compress(_proof(subject, question).encode(), mtime=0)
        done(subject)


def _any_fails(obligations: Sequence[Exported], printer: Printer) -> str:
    script = Script(printer)
    for one in obligations:
        script.define(one.definitions)
    failing = (
        f"(and {' '.join(said.text for said in one.assumed)} (not {one.goal.text}))" for one in obligations
    )
    return f"{script.take()}(assert (or false {' '.join(failing)}))\n(check-sat)\n"


def _proof(subject: str, question: str) -> str:
    session = Session(_OPTIONS)
    answer = session.run(question)
    if answer != [Answer.UNSATISFIABLE]:
        raise NoProof(f"{subject}: cvc5 answers {answer[0].value} to all obligations together")
    return session.proof()
