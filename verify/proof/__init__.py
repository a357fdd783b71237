"""From a System to obligations, and from obligations to verdicts."""
