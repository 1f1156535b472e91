"""Kinds of service as data: what each asks, checks, pays and watches; its dated milestones; figures of services by kind."""
