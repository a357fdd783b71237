"""How the time of a proof grows with the system: independent copies of one model, doubled twice."""

import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.copies import write_copies
from tests.benchmarks.measure import Failed, Measurement, Say, Section

REPOSITORY = Path(__file__).resolve().parent.parent.parent
MODEL = REPOSITORY / "tests" / "models" / "proved" / "single_bolus.py"
COPIES = (4, 8, 16)

_VERIFY = """
import json, sys, time
from pumpproof.cli.system import load_system
from pumpproof.verify.run import Request, verify_system
system = load_system(sys.argv[1])
began = time.perf_counter()
verification = verify_system(system, Request())
seconds = time.perf_counter() - began
proved = all(one.verdict.value == "proved" for one in verification.properties)
print(json.dumps({"seconds": seconds, "pairs": verification.accounted, "proved": proved}))
"""


def growth(repeat: int, say: Say) -> list[Measurement]:
    """Seconds of the whole verification of each number of copies; the name tells the (row, property) pairs.

    Raises:
        Failed: a system of copies was not proved.
    """
    found: dict[str, list[float]] = {}
    with TemporaryDirectory(prefix="pumpproof-copies-") as folder:
        addresses = [(count, write_copies(MODEL, count, Path(folder))) for count in COPIES]
        for number in range(repeat):
            say(f"growth: repetition {number + 1} of {repeat}")
            for count, address in addresses:
                result = _verified(address, Path(folder))
                name = f"{count} copies, {result['pairs']} pairs of row and property"
                found.setdefault(name, []).append(result["seconds"])
    return [Measurement(what, tuple(taken)) for what, taken in found.items()]


def _verified(address: str, folder: Path) -> dict[str, float]:
    variables = os.environ | {"PYTHONPATH": str(REPOSITORY / "src")}
    command = [sys.executable, "-c", _VERIFY, address]
    done = subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True)
    if done.returncode != 0:
        raise Failed(f"{address}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    result: dict[str, float] = json.loads(done.stdout)
    if not result["proved"]:
        raise Failed(f"{address}: not everything is proved")
    return result


SECTIONS = (Section("Growth: independent copies of one model", growth),)
