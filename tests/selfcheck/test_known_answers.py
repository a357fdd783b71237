"""What is known of the systems of the self-check stands in a file of its own.

``PUMPPROOF_PIN_ANSWERS=1 pytest tests/selfcheck/test_known_answers.py`` writes it anew; read the difference.
"""

import os
from pathlib import Path

from pumpproof.verify.selfcheck import answers
from pumpproof.verify.selfcheck.answers import QUESTIONS, known_answers

FILE = Path(answers.__file__).with_name("answers.toml")
HEAD = (
    "# What is known of each system; see answers.py. "
    "A change here is a change of what the toolkit says of a system.\n"
)


def _written() -> str:
    """What the toolkit says, as the file has it; a question that is asked again has the same answer."""
    said = {name: lines for name, lines in answers.answers() if not name.endswith(" again")}
    parts = (
        f'["{name}"]\nlines = [\n' + "".join(f'    "{line}",\n' for line in lines) + "]\n"
        for name, lines in said.items()
    )
    return "\n".join((HEAD, *parts))


def test_the_file_holds_what_the_toolkit_says() -> None:
    written = _written()
    if os.environ.get("PUMPPROOF_PIN_ANSWERS") == "1":
        FILE.write_text(written, encoding="utf-8")
    assert FILE.read_text(encoding="utf-8") == written


def test_every_question_has_a_known_answer() -> None:
    assert {name.removesuffix(" again") for name in QUESTIONS} == set(known_answers())
