"""What is given to others without being typed again: the kinds of published tables, and giving one away."""
