"""Reverse-mode differentiation of scalars in plain float64, with nothing but the standard library.

Every function takes floats as well as variables, so that the same formula gives a value or, on variables, its gradient.
"""

import math


class Var:
    """A number that remembers which numbers it was made from, and its derivative with respect to each of them."""

    __slots__ = ("value", "parents", "slopes", "grad")

    def __init__(self, value, parents=(), slopes=()):
        self.value, self.parents, self.slopes, self.grad = float(value), parents, slopes, 0.0

    def __add__(self, other):
        return linear(1.0, self, 1.0, other)

    __radd__ = __add__

    def __sub__(self, other):
        return linear(1.0, self, -1.0, other)

    def __rsub__(self, other):
        return linear(1.0, other, -1.0, self)

    def __neg__(self):
        return Var(-self.value, (self,), (-1.0,))

    def __mul__(self, other):
        if isinstance(other, Var):
            return Var(self.value * other.value, (self, other), (other.value, self.value))
        return Var(self.value * other, (self,), (float(other),))

    __rmul__ = __mul__

    def __truediv__(self, other):
        if isinstance(other, Var):
            quotient = self.value / other.value
            return Var(quotient, (self, other), (1 / other.value, -quotient / other.value))
        return Var(self.value / other, (self,), (1 / other,))


def linear(a, x, b, y):
    """a x + b y, of which at least one is a variable."""
    if not isinstance(y, Var):
        return Var(a * x.value + b * y, (x,), (a,))
    if not isinstance(x, Var):
        return Var(a * x + b * y.value, (y,), (b,))
    return Var(a * x.value + b * y.value, (x, y), (a, b))


def value(x):
    """The number itself, without its history: what a formula holds constant."""
    return x.value if isinstance(x, Var) else x


def unary(x, result, slope):
    return Var(result, (x,), (slope,)) if isinstance(x, Var) else result


def exp(x):
    result = math.exp(value(x))
    return unary(x, result, result)


def log(x):
    return unary(x, math.log(value(x)), 1 / value(x))


def sigmoid(x):
    v = value(x)
    result = 1 / (1 + math.exp(-v)) if v >= 0 else math.exp(v) / (1 + math.exp(v))
    return unary(x, result, result * (1 - result))


def inverse_root(x):
    result = 1 / math.sqrt(value(x))
    return unary(x, result, -0.5 * result / value(x))


def clamp(x, low, high):
    """x inside the bounds, without gradient beyond them."""
    inside = low <= value(x) <= high
    return x if inside else unary(x, min(max(value(x), low), high), 0.0)


def smaller(a, b):
    return a if value(a) <= value(b) else b


def larger(a, b):
    return a if value(a) >= value(b) else b


def total(items):
    items = list(items)
    if any(isinstance(x, Var) for x in items):
        parents = tuple(x for x in items if isinstance(x, Var))
        return Var(math.fsum(value(x) for x in items), parents, (1.0,) * len(parents))
    return math.fsum(items)


def dot(a, b):
    """The inner product of two lists, both of floats or both of variables."""
    if isinstance(a[0], Var):
        left, right = [x.value for x in a], [y.value for y in b]
        return Var(sum(x * y for x, y in zip(left, right)), (*a, *b), (*right, *left))
    return sum(x * y for x, y in zip(a, b))


def log_sum_exp(items):
    top = max(value(x) for x in items)
    result = top + math.log(math.fsum(math.exp(value(x) - top) for x in items))
    if isinstance(items[0], Var):
        return Var(result, tuple(items), tuple(math.exp(x.value - result) for x in items))
    return result


def backward(root):
    """Adds d root / d x to the grad of every variable x that the root was made from."""
    order, seen, stack = [], set(), [(root, False)]
    while stack:
        node, done = stack.pop()
        if done:
            order.append(node)
        elif id(node) not in seen:
            seen.add(id(node))
            stack.append((node, True))
            stack.extend((parent, False) for parent in node.parents if id(parent) not in seen)
    root.grad += 1.0
    for node in reversed(order):
        for parent, slope in zip(node.parents, node.slopes):
            parent.grad += node.grad * slope
