"""The shell that makes a proved table run. It takes no dosing decision."""
