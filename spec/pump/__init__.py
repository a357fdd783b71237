"""The reference pump's vocabulary: state, events, limits, requirements and safety properties."""
