"""Engines: ways to decide a property, behind one interface. What an engine says is never believed, it is shown again."""
