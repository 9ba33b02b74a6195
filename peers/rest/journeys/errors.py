"""What is refused, and in which form."""

import gzip
import json


def envelope(t, response, status, code, what):
    got, _, body = response
    found = body.get("code") if isinstance(body, dict) else body
    t.equal((got, found), (status, code), f"{what}: the status and the code")
    if got != status or not isinstance(body, dict):
        return
    t.equal(body.get("StatusCode"), status, f"{what}: the status in the body")
    t.ok(isinstance(body.get("message"), str) and body["message"], f"{what}: a message")
    t.ok("duration" in body and "more_info" in body, f"{what}: the other members")


def travel(t, api):
    for version, prefix in (("v1", ""), ("v2", "/api/v2")):
        chat = "/api/v2/chat" if prefix else ""

        with t.step(f"authentication, {version}"):
            ask = lambda **more: api.call("GET", f"{prefix}/app", **more)
            envelope(t, ask(query={"api_key": "unknown"}), 401, 2, "an unknown key")
            envelope(t, ask(token="not-a-token"), 401, 5, "no token at all")
            other = api.sign({"server": True})[:-4] + "AAAA"
            envelope(t, ask(token=other), 401, 43, "a wrong signature")
            envelope(t, ask(token=api.sign({"server": True, "exp": 1_000_000_000})), 401, 40, "an expired token")
            envelope(t, ask(token=api.sign({"user_id": "a", "iat": 9_999_999_999})), 401, 42, "a token of the future")

        with t.step(f"bodies, {version}"):
            broken = api.call("POST", f"{prefix}/users", raw=b'{"users": ')
            envelope(t, broken, 400, 4, "broken JSON")
            envelope(t, api.call("POST", f"{prefix}/users", raw=b"[]"), 400, 4, "a list")
            envelope(t, api.call("POST", f"{prefix}/users", {"users": 3}), 400, 4, "a wrong type")
            id = t.id("gzip")
            packed = gzip.compress(json.dumps({"users": {id: {"id": id}}}).encode())
            status, _, body = api.call(
                "POST", f"{prefix}/users", raw=packed, headers={"Content-Encoding": "gzip"}
            )
            t.equal(status, 201, "a compressed request")
            t.includes(body.get("users"), id, "its user")

        with t.step(f"references, {version}"):
            envelope(t, api.call("GET", f"{chat}/messages/missing"), 404, 16, "a missing message")
            envelope(t, api.call("DELETE", f"{chat}/channels/messaging/missing"), 404, 16, "a missing channel")
            members = [{"user_id": "nobody-by-that-name"}] if prefix else ["nobody-by-that-name"]
            data = {"created_by_id": "creator", "members": members}
            body = {"data": data}
            envelope(t, api.call("POST", f"{chat}/channels/messaging/{t.id('room')}/query", body), 400, 4, "an unknown member")

        with t.step(f"identifiers, {version}"):
            for id in ("with space", "with/slash", "x" * 256):
                envelope(t, api.call("POST", f"{prefix}/users", {"users": {id: {"id": id}}}), 400, 4, f"{id[:12]!r}")
            users = {f"user-{n}": {"id": f"user-{n}"} for n in range(101)}
            envelope(t, api.call("POST", f"{prefix}/users", {"users": users}), 400, 4, "more than 100 users")

        with t.step(f"filters, {version}"):
            query = lambda body: api.call("POST", f"{chat}/channels", body)
            envelope(t, query({"filter_conditions": {"id": {"$foo": 1}}}), 400, 4, "an unknown operator")
            envelope(t, query({"filter_conditions": {"id": 5}}), 400, 4, "a wrong type")
            envelope(t, query({"filter_conditions": {}, "limit": 31}), 400, 4, "too large a page")
            envelope(t, query({"filter_conditions": {}, "offset": 1001}), 400, 4, "too large an offset")
            sort = [{"field": "created_at", "direction": 2}]
            envelope(t, query({"filter_conditions": {}, "sort": sort}), 400, 4, "an unknown direction")

    with t.step("routes"):
        status, _, body = api.call("GET", "/no/such/path")
        t.equal(status, 404, "an unknown path")
        t.ok(isinstance(body, dict) and "code" in body and "message" in body, "its body is the envelope")
        status, _, body = api.call("DELETE", "/api/v2/app")
        t.ok(status in (404, 405), "a method that the path lacks")
        t.ok(isinstance(body, dict) and "code" in body, "its body is the envelope, too")
