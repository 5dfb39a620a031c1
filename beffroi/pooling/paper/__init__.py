"""What is pooled, on paper: tagged PDF for councils and members, made without a network."""
