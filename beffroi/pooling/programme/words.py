"""How plans are said: headings, amounts, and the first sentence, in both languages."""

from beffroi.errors import Language, Text
from beffroi.pooling.programme.accounts import Sums
from beffroi.pooling.programme.plan import Paid, Plan
from beffroi.pooling.programme.said import euros, percent

NOTHING = 2e-4
"""a gap that is not worth telling"""
HEADINGS = {
    "action": Text("action", "action"),
    "start": Text("début", "start"),
    "in_service": Text("en service", "in service"),
    "cost": Text("coût", "cost"),
    "value": Text("valeur nette", "net value"),
    "place": Text("rang", "place"),
    "left_out": Text("non retenue", "left out"),
    "why": Text("pourquoi", "why"),
    "member": Text("collectivité", "collectivité"),
    "pays": Text("paie", "pays"),
    "saved": Text("contrats évités", "contracts avoided"),
    "benefits": Text("avantages", "benefits"),
    "gains": Text("évite et reçoit", "avoids and receives"),
    "gain": Text("gain net", "net gain"),
    "discounted": Text("gain net actualisé", "net gain, discounted"),
    "choice": Text("choix", "choice"),
    "price": Text("prix", "price"),
    "between": Text("prouvé entre", "proven between"),
    "net": Text("flux net", "net flow"),
    "leaving": Text("flux positif", "positive flow"),
    "entering": Text("flux négatif", "negative flow"),
    "criterion": Text("critère", "criterion"),
    "weight": Text("poids", "weight"),
    "same_first": Text("même première action", "same first action"),
    "same_order": Text("même ordre", "same order"),
    "year": Text("année", "year"),
    "budget": Text("budget", "budget"),
    "carried": Text("reporté", "carried over"),
    "spent": Text("dépensé", "spent"),
    "left": Text("reste", "left"),
    "works": Text("travaux", "work"),
    "setups": Text("mises en place", "set-up"),
    "running": Text("fonctionnement", "running"),
    "subsidies": Text("subventions", "subsidies"),
    "penalties": Text("pénalités", "penalties"),
    "cash": Text("trésorerie", "cash"),
    "cumulative": Text("cumul", "cumulative"),
    "contract": Text("contrat", "contract"),
    "ends": Text("fin du contrat", "contract ends"),
    "leaves": Text("quitté", "left"),
    "penalty": Text("pénalité", "penalty"),
    "quarter": Text("trimestre", "quarter"),
    "agreement": Text("accord avec le groupe", "agreement with the group"),
    "first_actions": Text("premières actions", "first actions"),
}


def between(paid: Paid, language: Language) -> str:
    if paid.low is None or paid.high is None:
        return "?"
    joined = " et " if language == "fr" else " and "
    return f"{euros(paid.low, language)}{joined}{euros(paid.high, language)}"


def pays(sums: Sums) -> float:
    """Subsidies taken off."""
    return sums.works + sums.setups + sums.running + sums.penalties - sums.subsidies


def saved(sums: Sums) -> float:
    return sums.contracts_alone - sums.contracts


def gains(sums: Sums) -> float:
    return saved(sums) + sums.benefits


def summary(plan: Plan, language: Language) -> str:
    """The answer in a few sentences."""
    if plan.money is None or plan.gap is None:
        return _without(plan).said(language)
    told = (_count(plan), _worth(plan.money, plan.valued_quarters), _losers(plan), _proof(plan.gap))
    return " ".join(one.said(language) for one in told if one.fr)


def _without(plan: Plan) -> Text:
    if plan.status == "infeasible":
        return Text("Aucun plan ne respecte toutes les contraintes.", "No plan keeps every constraint.")
    return Text("Le temps n'a pas suffi pour trouver un plan.", "The time was too short to find a plan.")


def _count(plan: Plan) -> Text:
    count, whole = len(plan.actions), len(plan.actions) + len(plan.left_out)
    return Text(
        f"{count} {'action retenue' if count < 2 else 'actions retenues'} sur {whole}.",
        f"{count} {'action' if count == 1 else 'actions'} chosen of {whole}.",
    )


def _worth(money: float, quarters: int) -> Text:
    years = f"{quarters / 4:g}"
    french, english = euros(abs(money), "fr"), euros(abs(money), "en")
    return Text(
        f"{'Il en coûte' if money < 0 else 'Le territoire y gagne'} {french} en {years.replace('.', ',')} ans, "
        "en valeur d'aujourd'hui.",
        f"{'It costs' if money < 0 else 'The territory gains'} {english} in {years} years, in today's value.",
    )


def _proof(gap: float) -> Text:
    if gap <= NOTHING:
        return Text("Aucun plan ne fait mieux\u00a0: c'est prouvé.", "No plan does better: that is proven.")
    return Text(
        f"Ce plan est à {percent(gap, 'fr')} au plus du meilleur possible\u00a0: c'est prouvé.",
        f"This plan is within {percent(gap, 'en')} of the best possible: that is proven.",
    )


def _losers(plan: Plan) -> Text:
    losing = [one.member for one in plan.members if one.discounted.gain < -0.5]
    if not plan.members:
        return Text("", "")
    if not losing:
        return Text("Aucune collectivité n'y perd.", "No collectivité loses by it.")
    shown, count = ", ".join(losing[:3]) + ("…" if len(losing) > 3 else ""), len(plan.members)
    return Text(
        f"{len(losing)} sur {count} y perdraient ({shown})\u00a0: une autre clé ou une compensation est à discuter.",
        f"{len(losing)} of {count} would lose by it ({shown}): another key or a compensation is to be discussed.",
    )
