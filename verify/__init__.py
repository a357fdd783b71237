"""Reading decision code as formulas, proving it, and recording the verdicts. Works on any System."""
