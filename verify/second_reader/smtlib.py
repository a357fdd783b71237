"""Formulas of the second reading as SMT-LIB 2 text, what is shared written once."""

from collections.abc import Iterable

from pumpproof.verify.second_reader.expression import Expression, in_order


def symbol(name: str) -> str:
    """A variable as SMT-LIB writes it.

    Raises:
        ValueError: the name has a character that a quoted symbol can not have.
    """
    if "|" in name or "\\" in name:
        raise ValueError(f"the name {name!r} can not be written in SMT-LIB; leave out | and \\")
    return f"|{name}|"


def closed_term(root: Expression) -> str:
    """One term over the quoted variables. What is used more than once is bound by ``let``, in layers."""
    return _layers((root,))[1][0]


def _layers(roots: Iterable[Expression]) -> tuple[int, list[str]]:
    wanted = list(roots)
    order = list(in_order(wanted, {}))
    uses: dict[Expression, int] = {}
    for term in order:
        for argument in term.arguments:
            uses[argument] = uses.get(argument, 0) + 1
    texts: dict[Expression, str] = {}
    depth: dict[Expression, int] = {}
    layers: list[list[tuple[str, str]]] = []
    for term in order:
        text = _written(term, [texts[argument] for argument in term.arguments])
        level = max((depth[argument] for argument in term.arguments), default=0)
        if term.arguments and uses.get(term, 0) > 1:
            while len(layers) <= level:
                layers.append([])
            name = f"s{level}_{len(layers[level])}"
            layers[level].append((name, text))
            text, level = name, level + 1
        texts[term], depth[term] = text, level
    results = []
    for root in wanted:
        body = texts[root]
        for layer in reversed(layers):
            bound = " ".join(f"({name} {text})" for name, text in layer)
            body = f"(let ({bound}) {body})"
        results.append(body)
    return len(layers), results


def _written(term: Expression, arguments: list[str]) -> str:
    match term.head:
        case "known":
            if term.sort == "Bool":
                return "true" if term.number else "false"
            return str(term.number) if term.number >= 0 else f"(- {-term.number})"
        case "variable":
            return symbol(term.name)
        case "*":
            factor = str(term.number) if term.number >= 0 else f"(- {-term.number})"
            return f"(* {factor} {arguments[0]})"
        case "div" | "mod":
            return f"({term.head} {arguments[0]} {term.number})"
        case _:
            return f"({term.head} {' '.join(arguments)})"
