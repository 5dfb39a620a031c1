"""How far members are from each other: on the sphere, as the crow flies."""

from collections.abc import Sequence

import numpy as np

from beffroi.pooling.coalitions import Floats
from beffroi.pooling.groups.question import Candidate, Distance

EARTH = 6371.0088
"""kilometres: the mean radius (IUGG)"""


def kilometres(members: Sequence[Candidate]) -> Floats:
    """From each to each: the haversine formula."""
    longitude = np.radians([one.longitude or 0.0 for one in members])
    latitude = np.radians([one.latitude or 0.0 for one in members])
    half = np.sin((latitude[:, None] - latitude) / 2) ** 2
    half += np.cos(latitude[:, None]) * np.cos(latitude) * np.sin((longitude[:, None] - longitude) / 2) ** 2
    found: Floats = 2 * EARTH * np.arcsin(np.sqrt(np.minimum(half, 1.0)))
    return found


def travel(far: Floats, distance: Distance) -> Floats:
    """A year, for serving the member of a column from that of a row; infinite beyond what is served."""
    cost: Floats = far * float(distance.per_km)
    if distance.farthest is not None:
        cost[far > float(distance.farthest)] = np.inf
    return cost
