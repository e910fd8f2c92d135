"""TLS for the gateway's own port: files of certificate and key, and contexts of them."""
