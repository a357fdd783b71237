"""Mutation: faults put into the rows of a system, one at a time, to see whether its properties notice them."""
