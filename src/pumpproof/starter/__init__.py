"""A small bolus pump that is proved as it stands: what ``pumpproof init`` writes for a pump of one's own.

The modules import each other relatively, so that they work under any package name.
"""
