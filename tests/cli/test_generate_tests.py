"""``pumpproof generate-tests`` and ``replay-tests``: what is written, what a replay says, and what is refused."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any


def test_files_are_written_and_replayed_by_commands(call: Callable[..., Any], folder: Path) -> None:
    address = "pumpproof.starter.pump:SYSTEM"
    made = call("generate-tests", "tests.json", address)
    assert made.code in (0, 2)
    assert made.out.startswith("tests.json: system starter, ")
    again = call("replay-tests", "tests.json", address)
    assert (again.code, again.err) == (0, "")
    text = (folder / "tests.json").read_text(encoding="utf-8")
    stale = json.loads(text) | {"digest": "0"}
    (folder / "stale.json").write_text(json.dumps(stale), encoding="utf-8")
    assert call("replay-tests", "stale.json", address).code == 3
    (folder / "broken.json").write_text("{", encoding="utf-8")
    assert call("replay-tests", "broken.json", address).code == 4
    (folder / "empty.json").write_text("{}", encoding="utf-8")
    assert call("replay-tests", "empty.json", address).code == 4
    wrong = json.loads(text)
    wrong["tests"][0]["state"]["mode"] = "NOWHERE"
    (folder / "wrong.json").write_text(json.dumps(wrong), encoding="utf-8")
    answer = call("replay-tests", "wrong.json", address)
    assert answer.code == 1
    assert answer.err.endswith("; expected NOWHERE\n")
