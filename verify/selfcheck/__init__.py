"""The toolkit checked against itself: systems of which the answer is known, and faults that have to be noticed."""
