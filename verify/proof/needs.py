"""What the proofs of a system need: a core for each property, and the elements that no proof needs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pumpproof.spec.kernel.properties import Property, Role
from pumpproof.verify.proof.cores import SubjectCores
from pumpproof.verify.proof.elements import Element, ElementKind
from pumpproof.verify.proof.obligations import CODE, TABLE, Obligations
from pumpproof.verify.proof.parts import INITIAL, Parts

OF_A_ROW = (ElementKind.MODES, ElementKind.GUARD, ElementKind.ASSIGNMENT)
"""A row is needed where one of these is."""

ASSUMPTIONS = (ElementKind.TYPE, ElementKind.EVENT_RANGE, ElementKind.CONDITION)
"""What a proof takes for granted of the surroundings."""


@dataclass(frozen=True)
class Core:
    """What the proof of one subject (a property, or a check of the system) needs.

    ``elements`` are in the order of the system. ``obligations`` counts those that need anything. If the core is
    ``minimal``, no element can be left out of the core of the obligation that needs it. ``idle_lemmas`` are named by
    the property and needed by none of its obligations. ``undecided`` names obligations of which no core was found
    within the budget: then nothing is known of what they need.
    """

    subject: str
    obligations: int
    elements: tuple[Element, ...]
    minimal: bool
    idle_lemmas: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()

    def of(self, *kinds: ElementKind) -> tuple[Element, ...]:
        """The elements of these kinds."""
        return tuple(element for element in self.elements if element.kind in kinds)

    @property
    def rows(self) -> tuple[str, ...]:
        """The arrows that the proof needs: something of their modes, guard or effect."""
        return tuple(dict.fromkeys(one.owner for one in self.of(*OF_A_ROW) if one.owner != INITIAL))

    @property
    def lemmas(self) -> tuple[str, ...]:
        """Ids of the invariants that the proof assumes before a step, itself included."""
        return tuple(dict.fromkeys(one.owner for one in self.of(ElementKind.LEMMA)))


@dataclass(frozen=True)
class Unneeded:
    """What no proof of the system needs: all of it together can be left out of every hypothesis.

    ``rows`` are arrows of whose modes, guard and effect no proof needs anything; ``guard_conjuncts`` and
    ``assignments`` are those of the other arrows. ``lemmas`` formalise no requirement, and no proof but their own
    needs them.
    """

    rows: tuple[Element, ...]
    guard_conjuncts: tuple[Element, ...]
    assignments: tuple[Element, ...]
    conditions: tuple[Element, ...]
    lemmas: tuple[Element, ...]

    def __iter__(self) -> Iterator[Element]:
        yield from self.rows
        yield from self.guard_conjuncts
        yield from self.assignments
        yield from self.conditions
        yield from self.lemmas


@dataclass(frozen=True)
class Needs:
    """The cores of the properties and checks that were proved, in the order of the system.

    ``unneeded`` is None where not everything was proved, or asked for: then a proof may still need anything.
    """

    cores: tuple[Core, ...]
    unneeded: Unneeded | None

    def core_of(self, subject: str) -> Core | None:
        """The core of a property or check, if it was proved."""
        return next((core for core in self.cores if core.subject == subject), None)


def needs(obligations: Obligations, found: Mapping[str, SubjectCores]) -> Needs:
    """Put the cores of proved subjects together; to say what is unneeded takes those of all subjects of the system."""
    system = obligations.symbolic.system
    parts = Parts(obligations)
    everything = _everything(parts)
    order = {element: position for position, element in enumerate(everything)}
    subjects = (*(one.id for one in system.properties), TABLE, CODE)
    named = {one.id: one for one in system.properties}
    cores = tuple(
        _core(found[subject], named.get(subject), order) for subject in subjects if subject in found
    )
    complete = len(cores) == len(subjects) and not any(core.undecided for core in cores)
    return Needs(cores, _unneeded(everything, cores, system.properties) if complete else None)


def _core(found: SubjectCores, known: Property | None, order: Mapping[Element, int]) -> Core:
    elements = tuple(sorted(found.elements, key=lambda one: (order.get(one, len(order)), *_text(one))))
    used = {element.owner for element in elements if element.kind is ElementKind.LEMMA}
    idle = () if known is None or found.undecided else tuple(one for one in known.uses if one not in used)
    return Core(found.subject, found.obligations, elements, found.minimal, idle, found.undecided)


def _text(element: Element) -> tuple[str, str, str, str]:
    return element.kind.value, element.owner, element.says, element.where


def _everything(parts: Parts) -> tuple[Element, ...]:
    """Every element of a system that a core could name, in the order of the system."""
    symbolic, elements = parts.symbolic, parts.elements
    found: list[Element] = [*elements.every_lemma(), *elements.every_assumption()]
    for arrow in symbolic.arrows:
        found += [part.element for part in elements.event(arrow)]
    found += parts.observers()
    found += parts.initial_assignments()
    for arrow in symbolic.arrows:
        found += [elements.modes(arrow).element, *(part.element for part in elements.guard(arrow))]
        found += parts.assignments(arrow)
    return tuple(dict.fromkeys(found))


def _unneeded(
    everything: Iterable[Element], cores: Sequence[Core], properties: Sequence[Property]
) -> Unneeded:
    used = {element for core in cores for element in core.elements if element.kind is not ElementKind.LEMMA}
    lemmas = {lemma for core in cores for lemma in core.lemmas if lemma != core.subject}
    carrying = {one.id for one in properties if one.role is Role.LEMMA}
    rows = {row for core in cores for row in core.rows}
    left = [element for element in everything if element not in used]

    def of_needed_rows(kind: ElementKind) -> tuple[Element, ...]:
        return tuple(one for one in left if one.kind is kind and one.owner in {*rows, INITIAL})

    return Unneeded(
        rows=tuple(one for one in left if one.kind is ElementKind.MODES and one.owner not in rows),
        guard_conjuncts=of_needed_rows(ElementKind.GUARD),
        assignments=of_needed_rows(ElementKind.ASSIGNMENT),
        conditions=tuple(one for one in left if one.kind is ElementKind.CONDITION),
        lemmas=tuple(
            one
            for one in left
            if one.kind is ElementKind.LEMMA and one.owner in carrying and one.owner not in lemmas
        ),
    )
