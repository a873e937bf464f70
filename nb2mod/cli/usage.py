"""How help is laid out (options in groups, examples last) and how a wrong option is told. What it says is with each command."""

from typing import Any

import typer
from typer.core import TyperCommand

# typer carries click inside since 0.26 or so and leans on it before: the base of its own errors is the one thing both have.
Fault: type[Exception] = typer.BadParameter.__mro__[2]


class GroupedCommand(TyperCommand):
    """A command whose options stand under the headings of their `rich_help_panel`, the rest under "Other"."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        groups: dict[str, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record is not None:
                if parameter.param_type_name == "argument":
                    record = (_usage_of(parameter, ctx), record[1])
                panel = getattr(parameter, "rich_help_panel", None)
                default = "Arguments" if parameter.param_type_name == "argument" else "Other"
                groups.setdefault(panel or default, []).append(record)
        for title, records in groups.items():
            with formatter.section(title):
                formatter.write_dl(records)


def _usage_of(argument: Any, ctx: Any) -> str:
    """As the usage line has it: typer would add the type as Python spells it."""
    return " ".join(argument.get_usage_pieces(ctx))


def examples(*pairs: tuple[str, str]) -> str:
    """The end of a help text: commands, and what each does, kept line by line."""
    width = max(len(command) for command, _ in pairs)
    rows = [f"  {command:{width}}  {what}" for command, what in pairs]
    return "\n".join(["\b", "Examples:", *rows])


def sentence(fault: Any) -> str:
    """What was wrong with the command line, in one sentence that names the nearest right thing where there is one."""
    context = getattr(fault, "ctx", None)
    text = " ".join(str(fault.format_message()).split()).rstrip(".").replace("Value error, ", "")
    option = getattr(fault, "option_name", None)
    if context is not None and type(fault).__name__ == "NoSuchOption":
        import difflib

        known = [name for parameter in context.command.get_params(context) for name in parameter.opts]
        near = difflib.get_close_matches(str(option), known, 1)
        if near:
            return f"no such option: {option}; did you mean {near[0]}?"
        text = f"no such option: {option}"
    if text.endswith("?"):
        return text[:1].lower() + text[1:]
    path = context.command_path if context is not None else "nb2mod"
    return f"{text[:1].lower()}{text[1:]}; see `{path} --help`"
