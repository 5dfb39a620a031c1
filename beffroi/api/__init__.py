"""HTTP: one module a domain, one error table; standard facades in folders of their own."""
