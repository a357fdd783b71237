"""What is derived from the record of a verification: its outcome, traces, and the document ``results.json``."""
