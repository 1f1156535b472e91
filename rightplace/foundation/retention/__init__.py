"""How long records are kept, holds that stop it, destruction by two persons, and one person's own data on request."""
