"""What is declared beside a system and not listed in it: nothing would ever be asked of it."""

import sys
from collections.abc import Iterable, Iterator

from pumpproof.spec.kernel.properties import Property
from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.checks.context import Context, Rows
from pumpproof.verify.readings import functions_of
from pumpproof.verify.record import CheckResult

UNLISTED = "unlisted"


def check_unlisted(context: Context) -> CheckResult:
    """Whether each property of the modules from which the system takes its functions is a property of it.

    One that another system lists belongs to that system.
    """
    rows = Rows(UNLISTED, "Every property that is declared beside the system is listed in it.")
    system = context.system
    modules = {function.__module__ for function in functions_of(system)}
    listed = {id(known) for known in system.properties}
    declared = {id(known): known for known in _properties(modules)}
    missing = [known for key, known in declared.items() if key not in listed]
    elsewhere = (
        {id(known) for other in _systems() for known in vars(other).get("properties", ())}
        if missing
        else set()
    )
    missing = [known for known in missing if id(known) not in elsewhere]
    rows.sound(len(declared) - len(missing))
    for known in sorted(missing, key=lambda one: one.id):
        code = known.claim.__code__
        where = f"{code.co_filename}:{code.co_firstlineno}"
        rows.undecided(
            known.id, where, "no system lists it among its properties, so that nothing is proved of it"
        )
    return rows.result()


def _properties(modules: Iterable[str]) -> Iterator[Property]:
    """The properties that these modules declare; what a module imports belongs to the module that declares it."""
    for name in sorted(modules):
        for value in list(vars(sys.modules[name]).values()) if name in sys.modules else ():
            if isinstance(value, Property) and value.claim.__module__ == name:
                yield value


def _systems() -> Iterator[System]:
    for module in list(sys.modules.values()):
        yield from (
            value for value in list(getattr(module, "__dict__", {}).values()) if isinstance(value, System)
        )
