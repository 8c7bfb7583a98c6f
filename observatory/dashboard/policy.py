"""Where the site lies in a release, and what its pages may load."""

SITE = "site"

# One policy for the pages and the server: nothing inline, nothing from another host.
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'"
)
