"""Concrete runs of the machine: witnesses, rows reached, counterexamples. Everything found is replayed."""
