"""Makes the recorded calls again, with the old and the new definition, and says of each whether they did the same.

A call that does not repeat itself with the old definition says nothing of the new one: it is skipped. So is whatever can't
be told. Runs inside the kernel (Python 3.8), when the notebook has ended.
"""

from __future__ import annotations

import ast
import time
from typing import Any

from . import calling, writing
from .calling import Made, Yielded
from .copying import Budget, Copier, Uncopyable
from .records import MISSING, Call, Watched, is_plain
from .sameness import Comparison
from .staging import Staged, new_function
from .telling import Differs, told
from .watching import TOO_LONG

_OBJECTS, _SIZE, _SECONDS = 400000, 64 * 2**20, 2.0


class Skipped(Exception):
    """The call says nothing; the message says why, in a few words."""


def run(watched: list[Watched], namespace: Any, folder: str, package: str, seconds: float) -> list[dict[str, Any]]:
    """One answer for each definition, ready for JSON: counts, differences, cases for tests. Takes about `seconds` at most."""
    calling.listen()
    staged = Staged(folder, package)
    failed = {}
    for module in sorted({one.module for one in watched if one.calls}):
        try:
            staged.load(module)
        except BaseException as error:
            failed[module] = f"{module} could not be imported beside the notebook: {type(error).__name__}: {error}"
    paired = staged.paired(watched, namespace)
    until = time.monotonic() + seconds
    return [_definition(one, staged, paired, failed.get(one.module), until) for one in watched]


def _definition(
    one: Watched, staged: Staged, paired: dict[int, Any], failed: str | None, until: float
) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "recorded": len(one.calls), "same": 0, "note": failed or _why_nothing(one), "differences": [], "cases": [],
        "skipped": list(one.skipped),
    }  # fmt: skip
    for call in one.calls:
        if failed:
            answer["skipped"].append("its module could not be imported")
            continue
        try:
            if time.monotonic() > until:
                raise Skipped("no time was left")
            replayed = Replayed(call, staged, paired)
            replayed.make()
        except Skipped as reason:
            answer["skipped"].append(str(reason))
        except Differs as found:
            shown = f"{told_call(call)}: {found.where}"
            answer["differences"].append([shown, found.before, found.after])
        except Exception as error:
            answer["skipped"].append(f"could not be made again ({type(error).__name__}: {error})")
        else:
            answer["same"] += 1
            case = writing.case(replayed)
            if case is not None:
                answer["cases"].append(case)
    return answer


def _why_nothing(one: Watched) -> str:
    if one.calls:
        return ""
    if one.asynchronous:
        return "coroutines are not recorded"
    if not one.seen:
        return "its cell did not run, or runs under a magic"
    if one.skipped:
        return f"no call could be copied: {max(set(one.skipped), key=one.skipped.count)}"
    return "it is never called"


class Replayed:
    """One recorded call, made with the old definition twice and with the new one."""

    def __init__(self, call: Call, staged: Staged, paired: dict[int, Any]) -> None:
        self.call, self.staged, self.paired = call, staged, paired
        new = new_function(call, staged)
        if call.function is None or new is None:
            raise Skipped("the definition could not be found again")
        if call.seconds > TOO_LONG:
            raise Skipped("took too long")
        self.new_function = new
        self.limit = max(2.0, min(3 * TOO_LONG, 10 * call.seconds))
        self.old = self.again = self.new = Made()
        self.old_arguments: list[Any] = []
        self.new_arguments: list[Any] = []

    def make(self) -> None:
        """Raises Skipped, or Differs where the new definition does something else."""
        self._defaults()
        self.old, arguments = self._made_old()
        self._as_recorded(self.old, arguments)
        self.again, self.old_arguments = self._made_old(trace=True)
        self._repeats(self.old, arguments, self.again, self.old_arguments)
        self.new, self.new_arguments = self._made_new()
        try:
            doubts = self._compare(self.again, self.old_arguments, self.new, self.new_arguments, self.paired)
        except Differs:
            self._still_repeats()
            raise
        if doubts:
            raise Skipped(doubts[0])

    def _still_repeats(self) -> None:
        """A difference counts only when both definitions go on doing what they did."""
        for made, arguments, maker in (
            (self.again, self.old_arguments, self._made_old),
            (self.new, self.new_arguments, self._made_new),
        ):
            other, others = maker()
            try:
                self._compare(made, arguments, other, others, {})
            except Differs:
                raise Skipped("does not repeat itself") from None

    def _made_old(self, trace: bool = False) -> tuple[Made, list[Any]]:
        arguments = self.fresh({})
        positional, named = self.call_form(arguments, self.call.names)
        code = self.call.code if trace else None
        made = calling.make(self.call.function, positional, named, self.call.states, self.limit, code)
        return _in_time(made), arguments

    def _made_new(self) -> tuple[Made, list[Any]]:
        arguments = self.fresh(self.paired)
        names = list(self.new_function.__code__.co_varnames)
        positional, named = self.call_form(arguments, names)
        named.update(self.passed())
        with self.staged.inside():
            made = calling.make(self.new_function, positional, named, self.call.states, self.limit)
        return made, arguments

    def fresh(self, mapped: dict[int, Any]) -> list[Any]:
        """Copies of the recorded arguments, as instances of the new classes where `mapped` says so."""
        copier = Copier(Budget(_OBJECTS, _SIZE, _SECONDS), mapped)
        try:
            return [copier.copy(value) for value in self.call.arguments]
        except Uncopyable as reason:
            raise Skipped(str(reason)) from None

    def passed(self) -> dict[str, Any]:
        """What the new function is passed beside the recorded arguments, made anew."""
        return {name: ast.literal_eval(text) for name, text in self.call.watched.passes.items()}

    def call_form(self, arguments: list[Any], names: list[str]) -> tuple[list[Any], dict[str, Any]]:
        """How the arguments are passed: without those that a default gave. `names` are the parameters, by position."""
        code, left_out = self.call.code, self.call.left_out
        count, more = code.co_argcount, code.co_argcount + code.co_kwonlyargcount
        variable = list(arguments[more]) if code.co_flags & 4 else []
        rest = dict(arguments[-1]) if code.co_flags & 8 else {}
        only = getattr(code, "co_posonlyargcount", 0)
        omitted = set(left_out)
        if variable:
            omitted -= set(range(count))
        omitted -= {
            number for number in omitted if number < only and any(n not in omitted for n in range(number, only))
        }
        first = min((number for number in omitted if number < count), default=count)
        named = {names[number]: arguments[number] for number in range(first, more) if number not in omitted}
        named.update(rest)
        return [*arguments[:first], *variable], named

    def _defaults(self) -> None:
        """Defaults that were used are the same: those that can change were passed as they were, so nobody would see."""
        old, new = self.call.function, self.new_function
        passes = self.call.watched.passes
        kept = old.__code__.co_argcount + old.__code__.co_kwonlyargcount
        if not set(passes) <= set(
            new.__code__.co_varnames[kept : new.__code__.co_argcount + new.__code__.co_kwonlyargcount]
        ):
            raise Skipped("its calls pass another default")
        if (old.__code__.co_argcount, old.__code__.co_kwonlyargcount + len(passes), old.__code__.co_flags & 12) != (
            new.__code__.co_argcount, new.__code__.co_kwonlyargcount, new.__code__.co_flags & 12,
        ):  # fmt: skip
            raise Differs("parameters", _signature(old), _signature(new))
        if len(old.__defaults__ or ()) != len(new.__defaults__ or ()):
            raise Differs("defaults", told(old.__defaults__), told(new.__defaults__))
        comparison = Comparison(self.paired, tuple(self.staged.modules))
        for number, value in enumerate(old.__defaults__ or ()):
            if is_plain(value):
                comparison.check(value, new.__defaults__[number], "defaults")
        plain = {name: value for name, value in (old.__kwdefaults__ or {}).items() if is_plain(value)}
        comparison.check(plain, {name: (new.__kwdefaults__ or {}).get(name) for name in plain}, "defaults")
        fixed = self.call.watched.defaults_at_first.pop(self.call.code, None)
        if fixed is not None:
            # As they were before the first call: the new function's own have not been touched yet.
            comparison.check(fixed, list(new.__defaults__ or ()), "defaults")

    def _as_recorded(self, made: Made, arguments: list[Any]) -> None:
        """The old definition does now what it did in the notebook."""
        call = self.call
        if bool(call.raised) != (made.error is not None) and not call.code.co_flags & 0x20:
            raise Skipped("does not do again what it did in the notebook")
        if isinstance(call.raised, str) and call.raised != type(made.error).__name__:
            raise Skipped("does not do again what it did in the notebook")
        comparison = Comparison({})
        try:
            if call.after is not MISSING:
                comparison.check(call.after, arguments, "arguments")
            if call.result is not MISSING and not isinstance(made.result, Yielded):
                comparison.check(call.result, made.result, "result")
        except Differs:
            raise Skipped("does not do again what it did in the notebook") from None

    def _repeats(self, old: Made, arguments: list[Any], again: Made, others: list[Any]) -> None:
        try:
            doubts = self._compare(old, arguments, again, others, {})
        except Differs:
            raise Skipped("does not repeat itself") from None
        if doubts:
            raise Skipped(doubts[0])

    def _compare(self, old: Made, before: list[Any], new: Made, after: list[Any], paired: dict[int, Any]) -> list[str]:
        comparison = Comparison(paired, tuple(self.staged.modules))
        if old.stopped and new.stopped:
            return []
        if new.stopped:
            raise Differs("time", "came to its end", f"was stopped after {self.limit:.0f} seconds")
        _same_errors(comparison, old.error, new.error)
        for number, name in enumerate(self.call.names):
            comparison.check(before[number], after[number], f"argument {name} after the call")
        if old.error is None:
            _same_results(comparison, old.result, new.result)
        for what in ("stdout", "stderr"):
            if comparison.text(old.output[what]) != comparison.text(new.output[what]):
                raise Differs(what, told(old.output[what]), told(new.output[what]))
        comparison.check(old.shown, new.shown, "what is displayed")
        comparison.check(old.warned, new.warned, "warnings")
        comparison.check(old.files, new.files, "files written")
        if old.figures != new.figures:
            sizes = [[size for size, _ in made.figures] for made in (old, new)]
            raise Differs("figures", f"{len(sizes[0])} of {sizes[0]}", f"{len(sizes[1])} of {sizes[1]}, other pixels")
        return comparison.doubts


def _in_time(made: Made) -> Made:
    if made.stopped:
        raise Skipped("took too long")
    return made


def _same_errors(comparison: Comparison, old: Any, new: Any) -> None:
    if old is None and new is None:
        return
    shown = [f"raised {type(error).__name__}: {error}" if error is not None else "no exception" for error in (old, new)]
    if (old is None) or (new is None) or not comparison.same_kind(type(old), type(new)):
        raise Differs("exception", *shown)
    if comparison.text(str(old)) != comparison.text(str(new)):
        raise Differs("exception", *shown)


def _same_results(comparison: Comparison, old: Any, new: Any) -> None:
    if isinstance(old, Yielded) and isinstance(new, Yielded):
        if old.kind != new.kind:
            raise Differs("result", f"a {old.kind}", f"a {new.kind}")
        comparison.check(old.items, new.items, "what is yielded")
        if old.ended != new.ended:
            raise Differs("what is yielded", "ends", "goes on")
    else:
        comparison.check(old, new, "result")


def _signature(function: Any) -> str:
    import inspect

    try:
        return told(inspect.signature(function))
    except (TypeError, ValueError):
        return str(function.__name__)


def told_call(call: Call) -> str:
    """`name(a=1, b=[2])`, shortened."""
    name = call.watched.name + (f".{call.method}" if call.method else "")
    given = ", ".join(
        f"{key}={told(call.arguments[number])}" for number, key in enumerate(call.names) if number not in call.left_out
    )
    return f"{name}({given})"[:300]
