"""What people are told of, on the screen and by e-mail."""
