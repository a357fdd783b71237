"""Proof obligations as SMT-LIB 2 text: for the second solver, and as certificates that anybody can check."""
