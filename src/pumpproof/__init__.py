"""PumpProof: a safety-verification toolkit for insulin pumps.

A verification toolkit and bench reference, not a medical device: never connect it to a person.
"""
