"""With whom: which collectivités should join which service or purchase, when, and from how many it pays."""
