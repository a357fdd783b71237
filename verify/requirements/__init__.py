"""Requirements: what is shown of each, and the violations that show that a property says it."""
