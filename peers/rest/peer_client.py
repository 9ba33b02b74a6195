"""A client of the standard library alone: the requests as the documentation's curl samples write them."""

import base64
import hashlib
import hmac
import json
import time
import urllib.error
import urllib.parse
import urllib.request


class Refused(Exception):
    def __init__(self, status, body):
        super().__init__(body.get("message") if isinstance(body, dict) else str(body))
        self.status_code = status
        self.code = body.get("code") if isinstance(body, dict) else None
        self.body = body


class Api:
    def __init__(self, base_url, key, secret, exchanges):
        self.base_url = base_url
        self.key = key
        self.secret = secret
        self.exchanges = exchanges
        self.token = self.sign({"server": True})

    def sign(self, claims):
        """A JWT, HS256."""

        def part(data):
            return base64.urlsafe_b64encode(data).rstrip(b"=")

        header = part(json.dumps({"alg": "HS256", "typ": "JWT"}).encode())
        body = part(json.dumps(claims).encode())
        signature = hmac.new(self.secret.encode(), header + b"." + body, hashlib.sha256)
        return b".".join([header, body, part(signature.digest())]).decode()

    def user_token(self, user_id, **claims):
        return self.sign({"user_id": user_id, "iat": int(time.time()) - 5, **claims})

    def call(self, method, path, body=None, token=None, query=None, headers=None, raw=None):
        """Sends a request and returns status, headers and the JSON of the response, refused or not."""
        query = {"api_key": self.key, **(query or {})}
        url = f"{self.base_url}{path}?{urllib.parse.urlencode(query)}"
        data = raw if raw is not None else (json.dumps(body).encode() if body is not None else None)
        sent = {
            "Authorization": self.token if token is None else token,
            "stream-auth-type": "jwt",
            "Content-Type": "application/json",
            **(headers or {}),
        }
        request = urllib.request.Request(url, data=data, headers=sent, method=method)
        try:
            with urllib.request.urlopen(request, timeout=20) as response:
                status, came, received = response.status, response.read(), response.headers
        except urllib.error.HTTPError as error:
            with error:
                status, came, received = error.code, error.read(), error.headers
        self.exchanges.add(method, url, data, status, came)
        try:
            parsed = json.loads(came)
        except ValueError:
            parsed = came.decode("utf-8", "replace")
        return status, received, parsed

    def ask(self, method, path, body=None, **options):
        """Returns the JSON of a response, and raises `Refused` for any other than 200 and 201."""
        status, _, parsed = self.call(method, path, body, **options)
        if status not in (200, 201):
            raise Refused(status, parsed)
        return parsed

    def get(self, path, **options):
        return self.ask("GET", path, **options)

    def post(self, path, body=None, **options):
        return self.ask("POST", path, body, **options)

    def put(self, path, body=None, **options):
        return self.ask("PUT", path, body, **options)

    def patch(self, path, body=None, **options):
        return self.ask("PATCH", path, body, **options)

    def delete(self, path, **options):
        return self.ask("DELETE", path, **options)


def connect(base_url, key, secret, exchanges):
    return Api(base_url, key, secret, exchanges)
