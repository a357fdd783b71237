"""Why a property fails: the clause that is false, the row that let it happen, the guard that would have stopped it."""
