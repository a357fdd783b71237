"""The requirements of the reference pump, read from ``requirements.toml`` beside this module."""

from pathlib import Path

from pumpproof.spec.kernel.requirements import load_requirements

REQUIREMENTS = load_requirements(Path(__file__).resolve().parent / "requirements.toml")
