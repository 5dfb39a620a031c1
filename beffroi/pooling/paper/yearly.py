"""The return of a collectivité and a year on paper: one page, unless its services are many."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

import msgspec
from babel.dates import get_month_names

from beffroi.errors import Language, Text
from beffroi.pooling.paper import typesetting
from beffroi.pooling.paper.typesetting import Figures, Paragraph, Part, Report, Section, Table
from beffroi.pooling.programme.said import euros, number
from beffroi.pooling.returns import Return, ServiceReturn
from beffroi.pooling.savings import Total
from beffroi.registry.model import Collectivity

EXAMPLE = Text("Exemple : ces chiffres sont inventés.", "Example: these figures are invented.")
NOTHING = Text("{name} ne paie aucun service mutualisé cette année.", "{name} pays for no pooled service this year.")
SENTENCE = Text(
    "{name} paie {paid}\u00a0; seule, elle paierait {alone}.", "{name} pays {paid}; alone, it would pay {alone}."
)
EACH = Text("{} par habitant", "{} an inhabitant")
MONTHS = Text("Ce qui a été reçu est compté sur les mois clos\u00a0: {}.", "What was received is counted over: {}.")
NO_MONTHS = Text(
    "Aucun mois de cette année n'est encore clos\u00a0: rien n'est encore compté.",
    "No month of this year is closed yet: nothing is counted yet.",
)
PROVEN = Text("mesurée", "measured")
UNPROVEN = Text("non prouvée", "not proven")
PEERS = Text(
    "De même nature, de population proche, et qui acceptent comme elle d'être comparées.",
    "Of the same kind and about its size, which agree as it does to be compared.",
)
UNITS = {"m3": "m³", "EUR": "€"}
WORDS = {
    "service": Text("service", "service"),
    "basis": Text("selon", "by"),
    "paid": Text("payé", "paid"),
    "alone": Text("seule, elle paierait", "alone, it would pay"),
    "saved": Text("économie", "saving"),
    "devices": Text("appareils", "devices"),
    "messages": Text("messages", "messages"),
    "observations": Text("mesures", "measurements"),
    "forecast": Text("prévision", "forecast"),
    "actual": Text("réalisé", "actual"),
    "together": Text("ensemble", "together"),
    "what": Text("économisé", "saved"),
    "between": Text("entre", "between"),
    "worth": Text("en euros", "in euros"),
    "sure": Text("certitude", "certainty"),
    "member": Text("collectivité", "collectivité"),
    "inhabitants": Text("habitants", "inhabitants"),
    "each": Text("payé par habitant", "paid an inhabitant"),
}
TITLES = {
    "services": Text("Ce que chaque service coûte et apporte", "What each service costs and brings"),
    "savings": Text("Économies mesurées sur le terrain", "Savings measured in the field"),
    "peers": Text("Auprès de qui lui ressemble", "Beside those like it"),
}


class Names(msgspec.Struct, frozen=True):
    """Of services by their codes, and the collectivités told of by their keys."""

    services: Mapping[str, str]
    members: Mapping[str, Collectivity]


def yearly(told: Return, names: Names, language: Language) -> bytes:
    """As a PDF."""
    who = names.members[told.member]
    sections = [Section(TITLES["services"].said(language), _services(told, names, language))] if told.services else []
    if told.saved:
        sections.append(Section(TITLES["savings"].said(language), [_savings(told.saved, language)]))
    if told.peers:
        sections.append(Section(TITLES["peers"].said(language), _peers(told, names, language)))
    lead = (SENTENCE if told.alone or told.paid else NOTHING).said(language)
    return typesetting.pdf(
        Report(
            language=language,
            title=f"{who.name}, {told.year}",
            lead=lead.format(name=who.name, paid=_euros(told.paid, language), alone=_euros(told.alone, language)),
            about=[EXAMPLE.said(language)] if any(one.example for one in told.services) else [],
            sections=[Section("", [_figures(told, who, language)]), *sections],
            small=True,
        )
    )


def _figures(told: Return, who: Collectivity, language: Language) -> Figures:
    amounts = (("paid", told.paid), ("alone", told.alone), ("saved", told.alone - told.paid))
    return Figures(
        [
            (
                WORDS[name].said(language).capitalize(),
                _euros(amount, language),
                EACH.said(language).format(_each(amount, who, language)) if who.population and amount else "",
            )
            for name, amount in amounts
        ]
    )


def _services(told: Return, names: Names, language: Language) -> list[Part]:
    columns = ("service", "basis", "paid", "alone", "saved", "devices", "messages", "observations")
    rows = [
        [
            names.services.get(one.service, one.service),
            WORDS[one.basis].said(language),
            *(_euros(amount, language) for amount in (one.paid, one.alone, one.alone - one.paid)),
            *_got(one, language),
        ]
        for one in told.services
    ]
    got = told.got
    total = [
        WORDS["together"].said(language),
        "",
        *(_euros(amount, language) for amount in (told.paid, told.alone, told.alone - told.paid)),
        *(number(count, language) for count in (got.devices, got.messages, got.observations)),
    ]
    months = ", ".join(_month(one, language) for one in told.closed)
    said = MONTHS.said(language).format(months) if told.closed else NO_MONTHS.said(language)
    return [_table(columns, rows, language, words=2, total=total), Paragraph(said)]


def _got(one: ServiceReturn, language: Language) -> list[str]:
    return [number(count, language) for count in (one.got.devices, one.got.messages, one.got.observations)]


def _savings(found: Sequence[Total], language: Language) -> Table:
    rows = [
        [
            _quantity(one.quantity, one.kind, language),
            " – ".join(_quantity(bound, one.kind, language) for bound in (one.low, one.high)),
            "" if one.euros is None else euros(one.euros, language),
            (PROVEN if one.proven else UNPROVEN).said(language),
        ]
        for one in found
    ]
    return _table(("what", "between", "worth", "sure"), rows, language, words=4)


def _peers(told: Return, names: Names, language: Language) -> list[Part]:
    rows = []
    for one in told.peers:
        who = names.members[one.member]
        each = _each(one.paid, who, language) if who.population else ""
        amounts = [_euros(one.paid, language), each, _euros(one.alone, language)]
        rows.append([who.name, number(one.population, language), *amounts])
    return [
        Paragraph(PEERS.said(language)),
        _table(("member", "inhabitants", "paid", "each", "alone"), rows, language),
    ]


def _table(
    columns: Sequence[str], rows: list[list[str]], language: Language, *, words: int = 1, total: list[str] | None = None
) -> Table:
    return Table([WORDS[name].said(language) for name in columns], rows, words, total)


def _euros(amount: Decimal, language: Language) -> str:
    return euros(float(amount), language)


def _each(amount: Decimal, who: Collectivity, language: Language) -> str:
    told = f"{float(amount) / (who.population or 1):.2f}".replace("-", "\u2212")
    return f"{told.replace('.', ',')}\u00a0€" if language == "fr" else f"€{told}"


def _quantity(amount: float, kind: str, language: Language) -> str:
    return f"{number(amount, language)}\u00a0{UNITS.get(kind, kind)}"


def _month(told: str, language: Language) -> str:
    """`2026-10`, of the year of the return."""
    return str(get_month_names("wide", locale=language)[int(told[5:7])])
