"""The requirements of the reference pump, and the folder of its risk management file, which is this one."""

from pathlib import Path
from typing import Final

from pumpproof.spec.kernel.risk_file import load_requirements_of

RISK_FILE: Final = Path(__file__).resolve().parent

REQUIREMENTS = load_requirements_of(RISK_FILE)
