"""Search: own carers first, then every eligible provider at the same time, anonymised."""
