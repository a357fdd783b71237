"""Number entry: the rows that take keys, in the strict subset that is both run and proved."""
