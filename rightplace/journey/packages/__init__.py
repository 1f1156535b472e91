"""Services and pathways of a child that are no placement: asked, offered, chosen, permitted, begun, reviewed, changed, ended.

One stage for every kind: what differs stands in the terms of the kind (`register/services`).
"""
