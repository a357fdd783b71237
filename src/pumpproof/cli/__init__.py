"""The command ``pumpproof``: verify a system, explain what is claimed of it, list what it has.

Exit codes: 0 all proved; 1 refuted or vacuous; 2 anything that is not decided; 3 the accounting does not agree;
4 usage or input; 5 a fault of the tool. Besides, 130 after an interrupt and 141 when nobody reads the output.
"""

from pumpproof.cli.main import main, run

__all__ = ["main", "run"]
