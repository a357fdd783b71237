"""All decision logic of the reference pump, in the strict subset that is both run and proved."""
