"""The general vocabulary of a specification: units, parameters, properties, observers, requirements."""
