"""Row, Table, System and the executable machine, for any pump."""
