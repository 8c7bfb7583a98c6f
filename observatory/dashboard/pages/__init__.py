"""The pages, one module each: rows gathered with SQL, put into the context of a template.

Each module has ``pages(site)``, which yields what it makes. ``ALL`` is their order.
"""
