"""A run of a property as a file: a picture of it, or a test that takes it again."""

from pumpproof.cli.errors import BadInput
from pumpproof.cli.explain import Files
from pumpproof.cli.files import write_whole
from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.explaining.explanation import Explanation
from pumpproof.verify.explaining.picture import Mark, picture
from pumpproof.verify.explaining.regression import regression_test
from pumpproof.verify.record import PropertyResult


def write_files(
    system: System, address: str, result: PropertyResult, explanation: Explanation | None, files: Files
) -> None:
    """Write the files that were asked for; none is written where one of them has nothing to show.

    Raises:
        BadInput: there is no run to show, or a file can not be written.
    """
    texts = []
    if files.picture is not None:
        texts.append((files.picture, _picture(system, result, explanation), "--picture"))
    if files.pytest is not None:
        texts.append((files.pytest, _test(address, result), "--pytest"))
    for path, text, option in texts:
        write_whole(path, text, option)


def _picture(system: System, result: PropertyResult, explanation: Explanation | None) -> str:
    known = result.property
    title = f"{known.id}: {known.says}"
    if result.counterexample is None:
        if result.witness is None:
            raise BadInput(f"--picture: no run of {known.id} is known, so there is nothing to draw")
        return picture(system, result.witness, f"{title} (a run that reaches its situation)")
    run = result.counterexample.run
    marks = [Mark(len(run), f"step {len(run):,} breaks {known.id}")]
    if explanation is not None and explanation.broke_first is not None:
        lemma, step = explanation.broke_first
        marks.append(Mark(step, f"step {step:,} breaks {lemma}, on which it rests"))
    return picture(system, run, title, marks)


def _test(address: str, result: PropertyResult) -> str:
    if result.counterexample is None:
        raise BadInput(
            f"--pytest: {result.property.id} has no counterexample (it is {result.verdict.value}), "
            "so there is no run that a test could take again"
        )
    return regression_test(address, result.property, result.counterexample)
