"""EMAIL_URL, as Django's settings want it."""

from urllib.parse import parse_qs, unquote, urlsplit


def read(url):
    """The EMAIL_* settings for an address; None for none: no mail leaves. ValueError names a scheme that is not known."""
    if not url:
        return None
    parts = urlsplit(url)
    backend = "django.core.mail.backends.{}.EmailBackend".format
    if parts.scheme == "console":
        return {"EMAIL_BACKEND": backend("console")}
    if parts.scheme == "file":
        return {"EMAIL_BACKEND": backend("filebased"), "EMAIL_FILE_PATH": parts.path}
    if parts.scheme not in ("smtp", "smtps"):
        raise ValueError(f"EMAIL_URL begins with smtp, smtps, file or console, not with {parts.scheme!r}.")
    is_ssl = parts.scheme == "smtps"
    asked = parse_qs(parts.query)
    return {
        "EMAIL_BACKEND": backend("smtp"),
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or (465 if is_ssl else 25),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": is_ssl,
        "EMAIL_USE_TLS": not is_ssl and asked.get("tls", ["0"])[-1] in ("1", "true", "on", "yes"),
    }


def site_of(debug, port, hosts):
    """Where the house is reached, as far as a machine can tell that was not told."""
    named = next((host for host in hosts if host not in ("*", "localhost", "127.0.0.1", "[::1]")), None)
    if debug or named is None:
        return f"http://localhost:{port}"
    return f"https://{named.lstrip('.')}"


def host_of(url):
    return urlsplit(url).hostname or "localhost"
