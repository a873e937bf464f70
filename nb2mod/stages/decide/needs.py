"""What must stand beside a definition in its module: the dependency closure, one step of it."""

from collections.abc import Callable, Sequence

from nb2mod.model import Features, Meaning, Member, Need, Site
from nb2mod.stages.decide.subject import Dependency, Subject
from nb2mod.syntax import split_lines


def helper_of(dependency: Dependency, file: int) -> Member | None:
    """The notebook definition a dependency means."""
    if dependency.meaning.kind != "helper" or not dependency.meaning.bound:
        return None
    bound = dependency.meaning.bound[-1]
    return Member(file, bound.cell, bound.binding.owner)


def helpers_in_force(dependency: Dependency, reader: Subject) -> list[Member]:
    """The notebook definitions that a dependency may mean when it is read, top to bottom: where the same text stands several
    times, the last above that and all below. `helper_of` is one of them.
    """
    if dependency.meaning.kind != "helper":
        return []
    bound = dependency.meaning.bound
    place = (reader.member.cell, reader.definition.line)
    read = place if dependency.eager else max(place, reader.earliest_run)
    above = sum((each.cell, each.binding.line) < read for each in bound)
    return [Member(reader.member.file, each.cell, each.binding.owner) for each in bound[max(above - 1, 0) :]]


def needs_of(chosen: Subject, others: Sequence[Subject], provider: Callable[[Member], str]) -> tuple[Need, ...]:
    """The needs of a candidate, from its chosen copy; constants are replaced in every copy's notebook."""
    needs: list[Need] = []
    for dependency in chosen.dependencies:
        need = _need(dependency, chosen, others, provider)
        if need is not None:
            needs.append(need)
    return tuple(needs)


def _need(
    dependency: Dependency,
    chosen: Subject,
    others: Sequence[Subject],
    provider: Callable[[Member], str],
) -> Need | None:
    meaning = dependency.meaning
    name, eager = dependency.name, dependency.eager
    match meaning.kind:
        case "import":
            texts = dict.fromkeys(bound.binding.text for bound in meaning.bound)
            return Need(name, "import", target=meaning.bound[0].binding.target, text="\n".join(texts), eager=eager)
        case "import statement":
            return Need(name, "import statement", text=_statement_text(chosen.features, meaning), eager=eager)
        case "star":
            texts = dict.fromkeys(bound.binding.text for bound in meaning.bound)
            return Need(name, "star", target=meaning.bound[0].binding.target, text="\n".join(texts), eager=eager)
        case "ipython":
            text = f"from IPython.display import {name}" if name == "display" else f"from IPython import {name}"
            return Need(name, "ipython", text=text, eager=eager)
        case "constant":
            sites = tuple(sorted({site for one in (chosen, *others) for site in _constant_sites(one, name)}))
            return Need(name, "constant", text=_statement_text(chosen.features, meaning), sites=sites, eager=eager)
        case "helper":
            member = helper_of(dependency, chosen.member.file)
            return Need(name, "helper", candidate=provider(member) if member else None, eager=eager)
        case _:
            return None


def _constant_sites(subject: Subject, name: str) -> list[Site]:
    found = []
    for dependency in subject.dependencies:
        if dependency.name == name and dependency.meaning.kind == "constant":
            for bound in dependency.meaning.bound:
                statement = subject.features.cells[bound.cell].facts.statements[bound.binding.statement]
                found.append(Site(subject.member.file, bound.cell, statement.line, statement.end_line))
    return found


def _statement_text(features: Features, meaning: Meaning) -> str:
    """The whole statement that binds the name, as it stands in its cell, comments at its line's end included."""
    bound = meaning.bound[0]
    cell = features.cells[bound.cell]
    statement = cell.facts.statements[bound.binding.statement]
    return "\n".join(split_lines(cell.source)[statement.line - 1 : statement.end_line])
