"""The graph through time, models in 3D, what-if engines."""
