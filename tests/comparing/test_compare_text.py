"""Texts: what is noise between the old runs and what never means anything is not held against the new run; all else is."""

import random
import time
from collections.abc import Callable

import pytest
from comparing.giving import against, err, kinds, out, run, show

from nb2mod.stages.verify.comparing import aligning

UUIDS = ("0f8fad5b-d9cb-469f-a165-70867728950e", "7c9e6679-7425-40de-944b-e07fc1f90ae7")
WARNED = "/tmp/ipykernel_12/345.py:3: UserWarning: too few rows\n  warnings.warn('too few rows')\n"
TRACE = 'Traceback (most recent call last):\n  File "{}", line {}, in load\n    return int(text)\nValueError: {}\n'

# Two old outputs and a new one that is the same, each named by its reason.
NOISE = {
    "numbers": ("loss 0.123 time 3.2s", "loss 0.123 time 3.4s", "loss 0.123 time 12.0s"),
    "sign and width": ("[ 0.1 -0.2  1. ]", "[-0.3  0.4 10. ]", "[ 0.1  0.2 -7. ]"),
    "wrapped elsewhere": ("[0.11 0.22\n 0.33]", "[0.14 0.25\n 0.36]", "[-0.1\n 0.2 0.33]"),
    "thousands": ("took 999 rows", "took 1,001 rows", "took 12,345 rows"),
    "nan": ("mean nan of 3", "mean 0.5 of 3", "mean 0.7 of 3"),
    "complex": ("0.1+0.2j", "0.1-0.3j", "0.1-0.7j"),
    "set": ("{'a', 'b', 'c'}", "{'c', 'a', 'b'}", "{'b', 'c', 'a'}"),
    "set of numbers and words": ("{'a', 1, 'c'} 0.5", "{'c', 'a', 1} 0.6", "{1, 'c', 'a'} 0.7"),
    "lines in another order": ("head\na 1\nb 2\nc 3\nend", "head\nb 2\na 1\nc 3\nend", "head\nc 3\na 1\nb 2\nend"),
    "lines with times in another order": ("a 1s\nb 2s", "b 3s\na 4s", "b 5s\na 6s"),
    "lines that come and go": ("start\nretry\nretry\ndone", "start\ndone", "start\nretry\ndone"),
    "words": ("served by alpha today", "served by beta two today", "served by gamma today"),
    "a hash": ("id 12ab34ff end", "id 77cd21ab end", "id c9d0aae1 end"),
    "a uuid": (f"run {UUIDS[0]}", f"run {UUIDS[1]}", "run 00000000-7425-40de-944b-e07fc1f90ae7"),
    "table that gets wider": ("   x    y\na  0.1  0.2", "   x    y\na  0.3  0.4", "      x    y\na  -0.1  0.2"),
    "array with digits that agree by chance": tuple(
        " ".join(str(seed * (place + 3) ** 2 % 11 % 7) for place in range(40)) for seed in (1, 5, 9)
    ),
    "log with numbers that agree by chance": tuple(
        "\n".join(f"epoch {place} loss 0.{seed * (place + 3) ** 2 % 11 % 7}" for place in range(40)) for seed in (1, 5, 9)
    ),
    "chance, beside a word that differs": tuple(
        f"by {name}\n" + "\n".join(f"epoch {place} loss 0.{seed * (place + 3) ** 2 % 11 % 7}" for place in range(40))
        for name, seed in (("a", 1), ("b c", 5), ("d", 9))
    ),
    "threads": ("go\nt 0\nt 1\nt 2\nt 3\nend", "go\nt 0\nt 2\nt 1\nt 3\nend", "go\nt 0\nt 1\nt 3\nt 2\nend"),
    "where repr cuts": tuple(
        f"[{', '.join(f'DecisionTreeC...{cut}={seed}' for cut, seed in row)}, ...]"
        for row in (
            (("te", 11), ("ate", 2), ("te", 13)), (("te", 14), ("te", 15), ("te", 16)), (("ate", 7), ("te", 18), ("ate", 9))
        )
    ),
}  # fmt: skip


@pytest.mark.parametrize("start", ["", "data of 40 bytes: "])
def test_random_bytes_agree_by_chance_only(start: str, record_property: Callable[[str, object], None]) -> None:
    """Two texts of random bytes have a `\\`, a `x0f` in common; a third need not."""
    chance = random.Random(1)
    texts = [start + repr(chance.randbytes(120)) for _ in range(300)]
    held = sum(bool(against(*map(run, texts[at : at + 3])).differences) for at in range(0, 300, 3))
    record_property("score", f"random bytes held against the new run with two old ones: {held} of 100")
    assert held <= 5
    assert (
        against(
            *(run(text.replace("data of", "more of") if at == 2 else text) for at, text in enumerate(texts[:3]))
        ).differences
        or not start
    )


@pytest.mark.parametrize(("old", "again", "new"), NOISE.values(), ids=NOISE)
def test_what_differs_between_the_old_runs_is_noise(old: str, again: str, new: str) -> None:
    compared = against(run(old), run(again), run(new))
    assert not compared.differences
    assert compared.noisy == 1


# Two old outputs and a new one that differs, and what must be read in the report.
SEEN = {
    "beside a number that is noise": ("loss 0.123 time 3.2s", "loss 0.123 time 3.4s", "loss 0.124 time 3.9s", "0.124"),
    "a word for a number": ("took 3 s", "took 4 s", "took long s", "long"),
    "a label": ("a 0.1\nb 0.2", "a 0.3\nb 0.4", "a 0.1\nc 0.2", "c 0.2"),
    "a line more": ("a 0.1\nb 0.2", "a 0.3\nb 0.4", "a 0.1\nb 0.2\nc 3", "c 3"),
    "a line less": ("a 0.1\nb 0.2\nc", "a 0.3\nb 0.4\nc", "a 0.1\nb 0.2", ""),
    "nothing any more": ("a 0.1\nb 0.2", "a 0.3\nb 0.4", "", ""),
    "a member of a set": ("{'a', 'b', 'c'}", "{'c', 'a', 'b'}", "{'b', 'c', 'd'}", "'d'"),
    "a member less": ("{'a', 'b', 'c'}", "{'c', 'a', 'b'}", "{'b', 'c'}", "{'b', 'c'}"),
    "among lines in another order": ("a 1\nb 2\nc 3", "b 2\na 1\nc 3", "c 3\na 1\nb 9", "b 9"),
    "around lines that come and go": ("start\nretry\nretry\ndone", "start\ndone", "start\nretry\nfailed", "failed"),
    "before lines that come and go": ("start\nretry\nretry\ndone", "start\ndone", "begin\nretry\ndone", "begin"),
    "between words that are noise": ("by alpha, 5 rows, for eve", "by beta, 5 rows, for jo", "by x, 6 rows, for y", "6 rows"),
    "white space where there is no noise": ("took 1 s\n\na  b", "took 2 s\n\na  b", "took 3 s\n\na b", "a b"),
    "a count in a log": (
        "\n".join(f"epoch {n} loss 0.{n * 7 % 10}" for n in range(30)),
        "\n".join(f"epoch {n} loss 0.{n * 3 % 10}" for n in range(30)),
        "\n".join(f"epoch {n + (n == 20)} loss 0.{n * 9 % 10}" for n in range(30)),
        "epoch 21 loss 0.0",
    ),
    "a few numbers of which one is noise": ("(0.5, 3, 7)", "(0.6, 3, 7)", "(0.7, 3, 8)", "8"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "again", "new", "said"), SEEN.values(), ids=SEEN)
def test_everything_else_is_seen(old: str, again: str, new: str, said: str) -> None:
    compared = against(run(old), run(again), run(new))
    assert kinds(compared) == ["stream"]
    assert said in compared.differences[0].after
    assert compared.differences[0].cell_id == "id-1"


# Texts that are the same though both old runs agree on the first.
MEANINGLESS = {
    "address": ("<Model object at 0x7f3a10b2>", "<Model object at 0x55d0c0de>"),
    "address as unittest.mock writes it": ("<Mock id='140511910528336'>", "<Mock id='139635263892880'>"),
    "address in a keyword": ("Mock(id=140511910528336)", "Mock(id=139635263892880)"),
    "cell's file": ("in /tmp/ipykernel_123/456.py now", "in /tmp/ipykernel_9/77.py now"),
    "cell's file, older IPython": ("at <ipython-input-3-0f1e2d3c4b5a>", "at <ipython-input-4-aaaaaaaaaaaa>"),
    "cell's file, escaped": ("at &lt;ipython-input-3-0f1e2d3c4b5a&gt;", "at &lt;ipython-input-4-aaaaaaaaaaaa&gt;"),
    "counter": ("Out[3]: 5", "Out[4]: 5"),
    "cell and line": ("Cell In[3], line 4", "Cell In[2], line 9"),
    "%time": ("CPU times: user 2 µs, sys: 1 µs\nWall time: 3 µs\nx", "CPU times: total: 0 ns\nWall time: 9.1 s\nx"),
    "%timeit": (
        "123 ns ± 4.5 ns per loop (mean ± std. dev. of 7 runs, 1,000,000 loops each)",
        "1.2 µs ± 30 ns per loop (mean ± std. dev. of 7 runs, 100,000 loops each)",
    ),
    "%timeit's advice": (
        "The slowest run took 4.50 times longer than the fastest. This could mean that an intermediate result is cached.\nx",
        "x",
    ),
    "pid": ("worker pid=1234 up", "worker pid=99 up"),
    "temporary folder": ("saved /tmp/tmpa1b2c3d4/x.csv", "saved /tmp/tmpzzzz9999/x.csv"),
    "progress bar": (
        "  0%|          | 0/9 [00:00<?, ?it/s]\r100%|██████████| 9/9 [00:01<00:00,  9.0it/s]",
        "  0%|          | 0/9 [00:00<?, ?it/s]\r 50%|█████     | 5/9 [00:09]\r100%|██████████| 9/9 [00:03<00:00,  3.1s/it]",
    ),
    "keras": (
        "10/10 [====] - 1s 50ms/step - loss: 0.5",
        "10/10 [====] - 2s 61ms/step - loss: 0.5",
    ),
    "colour": ("\x1b[31mred\x1b[0m", "red"),
    "overwritten": ("50 %\r100 %", "10 %\r20 %\r100 %"),
    "backspaces": ("50%\x08\x08\x0899%", "1%\x08\x0899%"),
    "two bars": ("a 1\n\rb 1\x1b[A\ra 2\n\rb 2", "a 2\nb 2"),
    "printed traceback": (TRACE.format("/tmp/ipykernel_1/2.py", 3, "x"), TRACE.format("/src/team/models.py", 40, "x")),
    "class": ("<class '__main__.Model'>", "<class 'team.models.Model'>"),
    "class, escaped": ("&lt;class &#x27;__main__.Model&#x27;&gt;", "&lt;class &#x27;team.models.deep.Model&#x27;&gt;"),
    "function": ("<function __main__.load(x)>", "<function team.models.load(x)>"),
    "printed error": ("BadInput: no rows", "team.models.BadInput: no rows"),
    "help": ("Help on class Model in module __main__:", "Help on class Model in module team.models:"),
    "pickle": (
        r"b'\x80\x04\x95#\x00\x00\x00\x00\x00\x00\x00\x8c\x08__main__\x94\x8c\x05Model\x94\x93'",
        r"b'\x80\x04\x95&\x00\x00\x00\x00\x00\x00\x00\x8c\x0bteam.models\x94\x8c\x05Model\x94\x93'",
    ),
    "old pickle": (r"b'c__main__\nModel\n'", r"b'cteam.models\nModel\n'"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new"), MEANINGLESS.values(), ids=MEANINGLESS)
def test_what_carries_no_meaning_is_the_same(old: str, new: str) -> None:
    for form in (out, err, lambda text: show(text=text)):
        compared = against(run(form(old)), run(form(old)), run(form(new)))
        assert not compared.differences
        assert not compared.noisy


# Texts that look harmless and are not.
MEANT = {
    "a number": ("42", "43"),
    "a time that was printed": ("took 3.2s", "took 3.3s"),
    "a small hexadecimal number": ("mask 0xff", "mask 0xfe"),
    "a short id": ("<Row id='12'>", "<Row id='13'>"),
    "a hexadecimal constant": ("0xdeadbeef", "0xdeadbee0"),
    "white space": ("a b", "a  b"),
    "case": ("Done", "done"),
    "a final newline": ("a\n", "a"),
    "progress that does not end": ("100%|██| 9/9 [00:01<00:00]", " 50%|█ | 5/9 [00:01<00:00]"),
    "what a printed traceback ends with": (TRACE.format("a.py", 3, "x"), TRACE.format("a.py", 3, "y")),
    "another package's name": ("<class 'myteam.models.X'>", "<class 'team.models.X'>"),
    "a name inside of a longer one": ("x.team.models.Y", "x.Y"),
    "a module that is no name's owner": ("see team.models.", "see "),
    "a module's bare name": ("__main__", "team.models"),
    "the class": ("<class '__main__.Model'>", "<class 'team.models.Other'>"),
    "a logger's name": ("INFO:__main__:x", "INFO:team.models:x"),
    "a user's line about loops": ("3 s per loop", "4 s per loop"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new"), MEANT.values(), ids=MEANT)
def test_what_looks_harmless_counts(old: str, new: str) -> None:
    assert kinds(against(run(old), run(old), run(new))) == ["stream"]
    assert kinds(against(run(new), run(new), run(old))) == ["stream"]
    assert kinds(against(run(show(text=old)), run(show(text=old)), run(show(text=new)))) == ["text"]


def test_streams_are_joined_and_pieces_do_not_matter() -> None:
    whole, pieces = run([out("ab\ncd\n"), err("x")]), run([out("a"), err("x"), out("b\nc"), out("d\n")])
    assert not against(whole, whole, pieces).differences


def test_excerpts_are_cut_to_what_differs() -> None:
    lines = [f"line {number}" for number in range(500)]
    changed = [*lines[:250], "here", *lines[251:]]
    (difference,) = against(run("\n".join(lines)), run("\n".join(changed))).differences
    assert difference.before == "line 249\nline 250\nline 251"
    assert difference.after == "line 249\nhere\nline 251"
    (long,) = against(run("x" * 90_000 + "y"), run("x" * 90_000 + "z" + "x" * 9000)).differences
    assert len(long.before) <= 1000
    assert "z" in long.after
    (many,) = against(run("\n".join(lines)), run("\n".join(reversed(lines)))).differences
    assert many.after.count("\n") < 20


def test_megabytes_take_a_second_or_two(record_property: Callable[[str, object], None]) -> None:
    def log(seed: int, words: bool) -> str:
        return "\n".join(
            f"epoch {row} loss 0.{row * row * seed % 99991:05} {'ab c'[: row * seed % 4] if words else 'done'}"
            for row in range(10_000)
        )

    took = []
    for words in (False, True):
        texts = [run(log(seed, words)) for seed in (3, 5, 7)]
        changed = run(log(7, words).replace("epoch 8000 ", "epoch 8001 "))
        start = time.perf_counter()
        assert not against(*texts).differences
        assert kinds(against(*texts[:2], changed)) == ["stream"]
        took.append(time.perf_counter() - start)
    assert max(took) < 30
    record_property(
        "score", f"comparing texts of 300 KB twice: numbers differ {took[0]:.1f} s, words differ {took[1]:.1f} s"
    )


HOSTILE = {
    "returns over a long line": "x" * 20_000 + "\ra" * 20_000,
    "backspaces": "x" * 20_000 + "\x08" * 20_000 + "y",
    "jumps": "\x1b[9999999999999999999A" + "\n\x1b[A\x1b[2K" * 3_000 + "\x1b[9B",
    "a path without an end": "/a" * 20_000 + " ipykernel_",
    "blanks after a traceback": "Traceback (most recent call last):\n" + " " * 20_000,
    "one word": "a1" * 20_000,
    "digits": "1" * 20_000,
    "points": "1." * 20_000,
    "tags": "<" * 20_000,
    "bars": "1%|" * 300,
}  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_texts_end(text: str) -> None:
    start = time.perf_counter()
    for form in (err, lambda value: show(html=value)):
        assert not against(run(form(text)), run(form(text + " 1")), run(form(text))).differences
        changed = run(form(text + "\nother 2"))
        assert kinds(against(run(form(text)), run(form(text)), changed))
        assert against(run(form(text)), run(form(text + " 1")), changed).noisy
    assert time.perf_counter() - start < 60


def test_what_is_too_noisy_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    old, again, new = "start\nx\nmiddle\ny\nend", "start\nmiddle\nend", "start\n" + "z\n" * 9 + "middle\nend"
    assert against(run(old), run(again), run(new)).notes == ()
    monkeypatch.setattr(aligning, "STEPS", 3)
    compared = against(run(old), run(again), run(new))
    assert not compared.differences
    assert compared.notes == ("cell 1: the old runs differ in so many places that a text was not compared to its end",)
