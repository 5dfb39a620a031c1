"""The demonstration: Vendée, its real collectivités, and a simulated day-to-day life."""
