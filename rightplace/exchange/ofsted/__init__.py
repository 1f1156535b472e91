"""The register of providers that Ofsted publishes, and the lists of providers it sends to councils."""
