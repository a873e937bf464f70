"""Long chains of things that lead to one another, gone through without recursion. Knows no notebooks."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)


def lowest_first(start: Node, below: Callable[[Node], Iterable[Node]], seen: set[Node]) -> Iterator[Node]:
    """What can be reached from `start`, what is below a node before the node; of a circle only where it was entered.

    Leaves out what is in `seen`, and adds what it meets.
    """
    index = {start: 0}
    low = [0]
    open_: set[Node] = {start}
    path: list[Node] = [start]
    work = [(start, iter(below(start)))]
    seen.add(start)
    while work:
        node, rest = work[-1]
        for other in rest:
            if other in open_:
                low[index[node]] = min(low[index[node]], index[other])
            elif other not in seen:
                seen.add(other)
                index[other] = len(low)
                low.append(len(low))
                open_.add(other)
                path.append(other)
                work.append((other, iter(below(other))))
                break
        else:
            work.pop()
            at = index[node]
            if work:
                above = index[work[-1][0]]
                low[above] = min(low[above], low[at])
            if low[at] == at:
                while (closed := path.pop()) != node:
                    open_.discard(closed)
                open_.discard(node)
                yield node
