"""Constructs of Python that have no reading, each with its name and what to write instead."""

import ast

UNSUPPORTED_EXPRESSIONS: dict[type[ast.expr], tuple[str, str]] = {
    ast.Lambda: ("a lambda", "write a function with def at module level"),
    ast.NamedExpr: ("an assignment expression (:=)", "assign on a line of its own"),
    ast.JoinedStr: ("an f-string", "use an enum member"),
    ast.List: ("a list", "write a tuple"),
    ast.Set: ("a set", "write a tuple"),
    ast.Dict: ("a dict", "use a frozen dataclass"),
    ast.ListComp: ("a list comprehension", "write tuple(... for i in range(n))"),
    ast.SetComp: ("a set comprehension", "write tuple(... for i in range(n))"),
    ast.DictComp: ("a dict comprehension", "write tuple(... for i in range(n))"),
    ast.GeneratorExp: (
        "a generator expression on its own",
        "write it inside tuple, sum, min, max, all or any",
    ),
    ast.Await: ("await", "write a plain function"),
    ast.Yield: ("yield", "return a value"),
    ast.YieldFrom: ("yield from", "return a value"),
    ast.Starred: ("a starred expression", "write the items out"),
    ast.Slice: ("a slice on its own", "slice a tuple"),
}

UNSUPPORTED_OPERATORS: dict[type[ast.operator], tuple[str, str]] = {
    ast.Div: ("a true division (/)", "use // with a positive divisor"),
    ast.Pow: ("a power (**)", "write a product"),
    ast.MatMult: ("a matrix product (@)", "write sums and products"),
    ast.BitAnd: ("a bit operation (&)", "write and on bools"),
    ast.BitOr: ("a bit operation (|)", "write or on bools"),
    ast.BitXor: ("a bit operation (^)", "write != on bools"),
    ast.LShift: ("a shift (<<)", "multiply by a constant"),
    ast.RShift: ("a shift (>>)", "use // with a positive divisor"),
}

UNSUPPORTED_STATEMENTS: dict[type[ast.stmt], tuple[str, str]] = {
    ast.While: ("a while loop", "write for i in range(n) with a fixed n"),
    ast.With: ("a with statement", "remove it: the subset has no side effects"),
    ast.AsyncWith: ("an async with statement", "remove it: the subset has no side effects"),
    ast.AsyncFor: ("an async for loop", "write for i in range(n) with a fixed n"),
    ast.Try: ("a try statement", "check the condition before the operation"),
    ast.TryStar: ("a try statement", "check the condition before the operation"),
    ast.Raise: ("a raise statement", "return a value that says what is wrong"),
    ast.Assert: ("an assert statement", "state it as an invariant"),
    ast.Delete: ("a del statement", "leave the name alone"),
    ast.Global: ("a global statement", "pass the value as a parameter and return it"),
    ast.Nonlocal: ("a nonlocal statement", "pass the value as a parameter and return it"),
    ast.Import: ("an import inside a function", "import at the top of the module"),
    ast.ImportFrom: ("an import inside a function", "import at the top of the module"),
    ast.FunctionDef: ("a nested function", "define it at module level"),
    ast.AsyncFunctionDef: ("a nested function", "define it at module level"),
    ast.ClassDef: ("a nested class", "define it at module level"),
    ast.Match: ("a match statement", "write if, elif and else"),
    ast.Pass: ("a pass statement", "return a value"),
    ast.Break: ("a break statement", "write the condition into the loop body"),
    ast.Continue: ("a continue statement", "write the condition into the loop body"),
}
