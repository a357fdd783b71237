from pumpproof.spec.kernel.requirements import Clause, Requirement
REQUIREMENTS = (Requirement("REQ-OCC-004", "x.", "y", (Clause("REQ-OCC-004.a","a."),Clause("REQ-OCC-004.b","b."))),)
