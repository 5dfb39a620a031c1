"""What is pooled: who pays, what to do and when."""

from typing import Annotated

import numpy as np
import typer

from beffroi.cli import programme
from beffroi.cli.say import bar, console, language
from beffroi.cli.written import content, printed
from beffroi.errors import Invalid, NotFound, Text
from beffroi.pooling import answers, changes, game_file, keys, services, stable
from beffroi.pooling.groups import question
from beffroi.pooling.groups.proposing import STEP, proposed
from beffroi.pooling.key_file import key_of, weights_of
from beffroi.pooling.methods import METHODS, method
from beffroi.pooling.service_groups import Groups

pooling = typer.Typer(no_args_is_help=True)
pooling.command()(programme.plan)
pooling.command()(programme.rank)

GameFile = Annotated[
    str, typer.Argument(metavar="GAME", help="What each group would pay alone, in JSON; `-` is standard input.")
]
ModelFile = Annotated[
    str, typer.Argument(metavar="MODEL", help="A service, its tariffs and its members, in JSON; `-` is standard input.")
]
QuestionFile = Annotated[
    str,
    typer.Argument(
        metavar="QUESTION",
        help="Tariffs, and what each candidate needs and pays today, in JSON; `-` is standard input.",
    ),
]
MethodName = Annotated[str, typer.Option("--method", help="As `beffroi pooling methods` prints it.")]
KeyName = Annotated[
    str, typer.Option("--key", help="A quantity of the members, `members` for equal parts, or a file of a key.")
]


@pooling.command()
def methods() -> None:
    """Print the methods."""
    for one in METHODS.values():
        console.print(f"{one.name:24} {one.title.said(language())}", markup=False)


@pooling.command()
def share(path: GameFile, name: MethodName) -> None:
    """Print each one's share of a cost, and whether a group would pay less alone."""
    chosen = method(name)
    game = game_file.read(content(path))
    printed(answers.shared(game, name, chosen.share(game)))


@pooling.command("stable")
def stable_(
    path: GameFile, allocation: Annotated[str, typer.Option(help="What each pays, in JSON: {player: amount}.")]
) -> None:
    """Tell whether a group would pay less alone than it does: which, and by how much."""
    game = game_file.read(content(path))
    printed(answers.core(game, weights_of(content(allocation), game.players, total=game.total)))


@pooling.command()
def change(
    path: GameFile,
    without: Annotated[str, typer.Option(help="Who leaves; read the other way, who arrives.")],
    name: MethodName,
) -> None:
    """Print what each pays with and without one of them."""
    game = game_file.read(content(path))
    if without not in game.players:
        raise NotFound(Text("membre", "member"), without)
    if game.count == 1:
        raise Invalid("--without", Text("personne ne resterait", "nobody would remain"))
    found = changes.departure_by_method(game, without, method(name))
    printed(
        [
            {"member": one.member, "before": one.before, "after": one.after, "difference": one.difference}
            for one in found
        ]
    )


@pooling.command()
def nearest(path: ModelFile, key: KeyName) -> None:
    """Print the shares nearest a voted key that no group has a reason to leave, or what lacks for that."""
    service = services.read(content(path))
    groups = Groups(service)
    if groups.total <= 0:
        raise Invalid("costs", Text("rien à répartir", "nothing to share"))
    found = keys.proportions(key_of(key, content), service.members)
    wanted = np.array([float(one) for one in found]) * groups.total
    held = stable.nearest_stable(wanted, groups.total, stable.of_service(groups))
    printed(answers.held(service.names, wanted, held, groups.total))


@pooling.command("groups")
def groups_(path: QuestionFile) -> None:
    """Print who should join, when, what each saves, and from how many members it pays."""
    asked = question.read(content(path))
    with bar(STEP) as advance:
        printed(proposed(asked, lambda _, done, whole, __: advance(done, whole)))
