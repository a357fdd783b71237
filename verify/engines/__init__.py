"""Engines: ways to decide a property, behind one interface. What one says is shown again, never believed."""
