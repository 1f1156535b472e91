"""Simulations of the market that are kept: started at the commissioning desk, run by the worker, world by world."""
