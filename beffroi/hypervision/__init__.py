"""Rules, alarms, on-call, procedures, interventions."""
