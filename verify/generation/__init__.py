"""Tests as data: a run from the initial state for every row, every boundary of a guard and every refusal."""
