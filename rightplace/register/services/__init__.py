"""Kinds of service as each authority keeps them, and the directory of services that providers keep true."""
