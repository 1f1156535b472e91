"""Spend over £500, as the Local Government Transparency Code has it published: no person, no child, no carer."""
