"""All benchmarks: ``python -m tests.benchmarks [--repeat N] [--only PART] [--json FILE]``."""

import argparse
import json
import sys
from pathlib import Path

from pumpproof.verify.files import write_whole
from tests.benchmarks import engines, growth, independent, verification
from tests.benchmarks.measure import Failed, circumstances, table

SECTIONS = (*verification.SECTIONS, *growth.SECTIONS, *independent.SECTIONS, *engines.SECTIONS)


def main() -> None:
    """Measure and print, section by section.

    Raises:
        Failed: what was to be measured did not do what it should.
    """
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description="Time the toolkit.")
    parser.add_argument(
        "--repeat", type=int, default=5, metavar="N", help="repetitions; medians are shown (5)"
    )
    parser.add_argument("--only", metavar="PART", help="only sections whose title holds this text")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every time that was measured")
    options = parser.parse_args()
    if options.repeat < 1:
        parser.error("--repeat must be 1 or more")
    sections = [one for one in SECTIONS if (options.only or "").lower() in one.title.lower()]
    if not sections:
        parser.error(
            f"no title holds {options.only!r}; there are: {'; '.join(one.title for one in SECTIONS)}"
        )
    print(*circumstances(), sep="\n")
    found = {}
    for section in sections:
        measured = section.measure(options.repeat, lambda text: print(text, file=sys.stderr))
        print(f"\n{section.title}", *table(measured), sep="\n")
        found[section.title] = {one.what: one.seconds for one in measured}
    if options.json is not None:
        write_whole(options.json, json.dumps({"circumstances": circumstances(), "seconds": found}, indent=1))


if __name__ == "__main__":
    try:
        main()
    except Failed as failed:
        sys.exit(str(failed))
