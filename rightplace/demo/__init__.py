"""The demo consortium: real boroughs and providers; synthetic children, carers, staff and prices."""
