"""In-house fostering as a service: who asks to foster and how far they come, annual reviews, training, leaving."""
