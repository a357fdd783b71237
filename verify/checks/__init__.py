"""Checks of a whole system: that its proofs have a footing, and that its specification says something."""
