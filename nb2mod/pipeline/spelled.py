"""Lines on which calls say in full what they pass: in repeated blocks of which some copies leave to the default what others,
lifted, come to pass. Without that our own edits would keep such blocks apart.
"""

from collections.abc import Iterator, Mapping

from nb2mod.model import Block, CallSite, Features, PlanResult
from nb2mod.pipeline.finding_blocks import repeated
from nb2mod.pipeline.lifted import Lifting, Line
from nb2mod.pipeline.survey import Survey
from nb2mod.stages import cut


def spelled_lines(seen: Survey, lifted: Survey) -> frozenset[Line]:
    """`seen` is the survey of the files as they are, `lifted` the same lifted."""
    calls = set(_edited(lifted.lifting))
    calls = {line for line in calls if not _in_definition(seen.features, line)}
    if not calls:
        return frozenset()
    found: set[Line] = set()
    for one in repeated(seen):
        lines = {member: set(_lines(seen.features, member)) for member in one.members}
        passing = [member for member, own in lines.items() if not own.isdisjoint(calls)]
        if passing and len(one.members) > 1:
            found.update(*lines.values())
    return frozenset(found)


def kept_lines(seen: Survey, result: PlanResult) -> frozenset[Line]:
    """The spelled lines of a survey without those on which a call would say more than it has to: its block does not move."""
    spelled = seen.lifting.spelled
    if not spelled:
        return spelled
    files = {one.path: file for file, one in enumerate(seen.features)}
    sites = [site for one in result.plan.extractions for site in one.sites if site.call]
    gone = {line for site in sites for line in _of_site(site, files, seen.on_disk)}
    stays = {line for line in _edited(seen.lifting) if line in spelled} - gone
    return spelled & gone if stays else spelled


def _edited(lifting: Lifting) -> Iterator[Line]:
    for edit in lifting.edits:
        if edit.calls:
            source = lifting.real[edit.file].cells[edit.cell].source
            yield edit.file, edit.cell, source.count("\n", 0, edit.start) + 1


def _in_definition(features: tuple[Features, ...], line: Line) -> bool:
    file, cell, number = line
    return any(one.line <= number <= one.end_line for one in features[file].cells[cell].facts.definitions)


def _lines(features: tuple[Features, ...], block: Block) -> Iterator[Line]:
    for cell, first, part in cut.parts_of(features, block):
        yield from ((block.file, cell, first + at) for at in range(len(part)))


def _of_site(site: CallSite, files: Mapping[str, int], features: tuple[Features, ...]) -> Iterator[Line]:
    file = files[site.path]
    cells = {one.number: cell for cell, one in enumerate(features[file].cells)}
    for number, first, last in ((site.cell, site.line, site.end_line), *site.parts):
        yield from ((file, cells[number], line) for line in range(first, last + 1))
