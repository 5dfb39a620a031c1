"""Quality, derived series, forecasts, anomalies."""
