"""The HTTP calls that stand in the tests, read from their syntax: nothing runs.

A call is `….get(path)`, `….post(path)`, … or `….request(method, path)`. What method and path can be is followed through
f-strings, sums, names that are set once or run over literals, and parameters, from each call of a helper to what it calls.
What cannot be known is a `GAP`, which stands for part of one segment of a path.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product

GAP = "\0"
METHODS = ("get", "post", "put", "patch", "delete")
PARAMETER = re.compile("\1(\\d+):(\\w+)\1")
"""A parameter in a text, by the number of its function and its name."""
DEEPEST = 6
"""How many helpers, or names, are followed one through the other."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Call:
    method: str
    path: str
    module: str


@dataclass(frozen=True)
class Scope:
    """A function, or the module around all of its functions."""

    module: str
    node: Function | ast.Module
    outer: Scope | None
    number: int = 0

    @cached_property
    def parameters(self) -> dict[str, ast.expr | None]:
        """Every parameter with its default, in their order."""
        if isinstance(self.node, ast.Module):
            return {}
        given = self.node.args
        positional = [one.arg for one in (*given.posonlyargs, *given.args)]
        defaults = [*[None] * (len(positional) - len(given.defaults)), *given.defaults]
        names = [*positional, *(one.arg for one in given.kwonlyargs)]
        return dict(zip(names, [*defaults, *given.kw_defaults], strict=True))

    @property
    def is_method(self) -> bool:
        return next(iter(self.parameters), None) == "self"

    def parameter(self, name: str) -> str:
        """How a parameter stands in a text."""
        return f"\1{self.number}:{name}\1"

    def argument(self, name: str, call: ast.Call) -> ast.expr | None:
        """What a call of this function gives for a parameter, or its default."""
        by_name = {keyword.arg: keyword.value for keyword in call.keywords}
        place = list(self.parameters).index(name) - self.is_method
        if name not in by_name and place < len(call.args):
            return call.args[place]
        return by_name.get(name, self.parameters[name])

    @cached_property
    def values(self) -> dict[str, list[ast.expr]]:
        """What names are set to here: by an assignment, a loop over literals, or the parameters of a test."""
        found: dict[str, list[ast.expr]] = defaultdict(list)
        for node in own(self.node):
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    _bind(found, target, [node.value])
            elif isinstance(node, ast.AnnAssign) and node.value is not None:
                _bind(found, node.target, [node.value])
            elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
                _bind(found, node.target, _elements(node.iter))
        for decorator in getattr(self.node, "decorator_list", ()):
            if isinstance(decorator, ast.Call) and ast.unparse(decorator.func).endswith("parametrize"):
                names = decorator.args[0]
                target = ast.Name(str(names.value)) if isinstance(names, ast.Constant) else _names(names)
                _bind(found, target, _elements(decorator.args[1]))
        return found

    def texts(self, node: ast.expr | None, depth: int = 0) -> set[str]:
        """What an expression can be here, with parameters and gaps in it."""
        if depth > DEEPEST:
            return {GAP}
        match node:
            case ast.Constant(value=str(text)):
                return {text}
            case ast.JoinedStr(values=parts):
                return _joined(self.texts(part, depth + 1) for part in parts)
            case ast.FormattedValue(value=value):
                return self.texts(value, depth + 1)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return _joined([self.texts(left, depth + 1), self.texts(right, depth + 1)])
            case ast.IfExp(body=one, orelse=other):
                return self.texts(one, depth + 1) | self.texts(other, depth + 1)
            case ast.Name(id=name):
                return self._named(name, depth + 1)
        return {GAP}

    def _named(self, name: str, depth: int) -> set[str]:
        if name in self.values:
            return set().union(*(self.texts(value, depth) for value in self.values[name]))
        if name in self.parameters:
            return {self.parameter(name)}
        return self.outer._named(name, depth) if self.outer else {GAP}


def own(node: ast.AST) -> Iterator[ast.AST]:
    """What stands in a function or a module itself, not in the functions inside it."""
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, Function):
            yield from own(child)


def _bind(found: dict[str, list[ast.expr]], target: ast.expr, values: Iterable[ast.expr]) -> None:
    if isinstance(target, ast.Name):
        found[target.id] += values
    elif isinstance(target, ast.Tuple | ast.List):
        for value in values:
            for place, one in enumerate(target.elts):
                known = isinstance(value, ast.Tuple | ast.List) and place < len(value.elts)
                _bind(found, one, [value.elts[place] if known else ast.Constant(None)])  # type: ignore[attr-defined]


def _names(texts: ast.expr) -> ast.expr:
    """The names that a tuple of texts says, as what is bound."""
    return ast.Tuple([ast.Name(str(one.value)) for one in _elements(texts) if isinstance(one, ast.Constant)])


def _elements(node: ast.expr) -> list[ast.expr]:
    match node:
        case ast.Tuple(elts=found) | ast.List(elts=found) | ast.Set(elts=found):
            return found
        case ast.Dict(keys=keys):
            return [key for key in keys if key is not None]
        case ast.Call(func=ast.Attribute(value=ast.Dict(keys=keys, values=values), attr="items")):
            return [ast.Tuple([key, value]) for key, value in zip(keys, values, strict=True) if key is not None]
    return [ast.Constant(None)]


def _joined(parts: Iterable[set[str]]) -> set[str]:
    return {"".join(texts) for texts in product(*parts)}


class Reader:
    """The calls that stand in some modules, by name and syntax tree."""

    def __init__(self, modules: Mapping[str, ast.Module]) -> None:
        self._scopes: list[Scope] = []
        self._calls: dict[str, list[tuple[ast.Call, Scope]]] = defaultdict(list)
        """Every call of a function or a method by its name, with where it stands."""
        self._known: dict[tuple[str, str, int], frozenset[tuple[str, str]]] = {}
        for module, tree in modules.items():
            self._enter(module, tree, None)

    def _enter(self, module: str, node: Function | ast.Module, outer: Scope | None) -> None:
        scope = Scope(module, node, outer, len(self._scopes))
        self._scopes.append(scope)
        for one in own(node):
            if isinstance(one, Function):
                self._enter(module, one, scope)
            elif isinstance(one, ast.Call):
                name = one.func.attr if isinstance(one.func, ast.Attribute) else getattr(one.func, "id", "")
                self._calls[name].append((one, scope))

    def calls(self) -> set[Call]:
        found = set()
        for text, scope in self._http():
            for filled, module in self._filled(text, scope.module):
                method, _, address = filled.partition(" ")
                _, start, path = address.partition("/v1/")
                if start:
                    found.add(Call(method, start + path.partition("?")[0], module))
        return found

    def _http(self) -> Iterator[tuple[str, Scope]]:
        """Method and path of each call, with parameters in them."""
        for method in METHODS:
            for node, scope in self._calls[method]:
                if isinstance(node.func, ast.Attribute) and node.args:
                    yield from ((f"{method.upper()} {path}", scope) for path in scope.texts(node.args[0]))
        for node, scope in self._calls["request"]:
            if len(node.args) == 2:
                methods, paths = (scope.texts(argument) for argument in node.args)
                yield from ((f"{method} {path}", scope) for method, path in product(methods, paths))

    def _filled(self, text: str, module: str, depth: int = 0) -> frozenset[tuple[str, str]]:
        """The text with its parameters filled in, by each call of the function that has them, and the module that calls."""
        asked = (text, module, depth)
        if (
            asked not in self._known
        ):  # helpers of one name call each other in thousands of ways, and mostly say the same
            self._known[asked] = frozenset(self._fill(text, module, depth))
        return self._known[asked]

    def _fill(self, text: str, module: str, depth: int) -> Iterator[tuple[str, str]]:
        parameter = PARAMETER.search(text)
        if parameter is None or depth > DEEPEST:
            yield PARAMETER.sub(GAP, text), module
            return
        function = self._scopes[int(parameter[1])]
        assert isinstance(function.node, Function)
        calls = [
            (call, scope)
            for call, scope in self._calls[function.node.name]
            if function.is_method == isinstance(call.func, ast.Attribute)
        ]
        if not calls:
            yield from self._filled(text.replace(parameter[0], GAP), module, depth)
        for given, caller in {
            (given, scope.module) for call, scope in calls for given in _given(text, function, call, scope)
        }:
            yield from self._filled(given, caller, depth + 1)


def _given(text: str, function: Scope, call: ast.Call, scope: Scope) -> Iterator[str]:
    """The text with what one call gives for the parameters of a function."""
    names = {name for number, name in PARAMETER.findall(text) if int(number) == function.number}
    for values in product(*(scope.texts(function.argument(name, call)) for name in names)):
        filled = text
        for name, value in zip(names, values, strict=True):
            filled = filled.replace(function.parameter(name), value)
        yield filled
