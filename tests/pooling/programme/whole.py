"""A programme that says all that a programme may say, each thing once at least, no two notes or numbers alike."""

from typing import Any

WHOLE: dict[str, Any] = {
    "name": "Programme entier",
    "note": "pour le conseil de mars",
    "start": "2027-Q2",
    "quarters": 4,
    "valued_quarters": 9,
    "discount_rate": 2.5,
    "score_weight": 1001,
    "carry_over": 81.5,
    "criteria": [
        {
            "name": "enjeu",
            "weight": 3.25,
            "direction": "min",
            "side": "supply",
            "preference": "level",
            "q": 0.75,
            "p": 1.75,
            "note": "noté par le bureau",
        },
        {"name": "volonté", "weight": 7, "preference": "gaussian", "s": 0.35},
    ],
    "members": [
        {
            "name": "La Roche-sur-Yon",
            "weights": {"enjeu": 4.5},
            "voices": 6,
            "share": 61,
            "note": "délibération de juin",
        },
        {"name": "Les Sables-d'Olonne", "share": 39},
    ],
    "silos": [
        {
            "name": "eau d'Olonne",
            "service": "eau",
            "member": "Les Sables-d'Olonne",
            "yearly_cost": 2002,
            "ends": "2027-12-31",
            "exits": [{"from": "2027-06-30", "penalty": 303, "note": "préavis de trois mois"}],
            "renewed_cost": 2103,
            "renewed_for": 5,
            "note": "marché de 2023",
        }
    ],
    "staff": [
        {"skill": "études", "months": [1.5, 2.25, 3.5, 4.75], "note": "une arrivée en juillet"},
        {"skill": "réseau", "months": 8.5},
    ],
    "actions": [
        {
            "name": "Télérelève",
            "note": "avec le délégataire",
            "kind": "network",
            "service": "eau",
            "offered_by": "Vendée Eau",
            "scores": {"enjeu": 11, "volonté": 12},
            "quarters": 2,
            "cost": [4004, 5005],
            "running": 106,
            "staff": {"études": [0.25, 0.5], "réseau": 1.25},
            "running_staff": {"réseau": 0.125},
            "benefits": {"La Roche-sur-Yon": 707},
            "shares": {"La Roche-sur-Yon": 55, "Les Sables-d'Olonne": 45},
            "replaces": ["eau d'Olonne"],
            "subsidies": [
                {
                    "source": "Agence de l'eau",
                    "amount": 808,
                    "rate": 15.5,
                    "delay": 3,
                    "before": "2027-12-01",
                    "note": "dossier déposé",
                }
            ],
            "earliest": "2027-Q2",
            "latest": "2027-Q4",
            "obligation": {"by": "2028-03-31", "reason": "Directive sur l'eau", "note": "lettre du préfet"},
        },
        {"name": "Éclairage", "scores": {"enjeu": 13, "volonté": 14}, "cost": 909},
        {"name": "Déchets", "scores": {"enjeu": 16, "volonté": 17}, "cost": 919},
    ],
    "setups": [{"name": "Plateforme", "cost": 6006, "actions": ["Télérelève", "Éclairage"], "note": "devis du 3 mai"}],
    "synergies": [
        {
            "actions": ["Télérelève", "Éclairage"],
            "gain": 71,
            "shares": {"La Roche-sur-Yon": 72, "Les Sables-d'Olonne": 28},
            "note": "un seul passage",
        }
    ],
    "precedences": [{"before": "Télérelève", "after": "Déchets", "lag": 1, "note": "même équipe"}],
    "alternatives": [{"actions": ["Éclairage", "Déchets"], "note": "un seul chantier"}],
    "budgets": [{"year": 2027, "amount": 30003, "note": "voté"}, {"year": 2028, "amount": 30104}],
    "pins": [{"action": "Télérelève", "start": "2027-Q3", "note": "promis"}],
    "forbids": [{"action": "Déchets", "note": "refusé en commission"}],
}
