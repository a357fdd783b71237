"""The interface between the reference implementation and a drive, real or simulated."""
