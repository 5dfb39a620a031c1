"""What to pool and when: actions ranked on several criteria, then planned by quarter under budgets, staff and law."""
