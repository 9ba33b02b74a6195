import datetime


def travel(t, api):
    client = api.client
    john, jane = api.users(t, "john", "jane")
    channel = api.channel(t, [john, jane], config_overrides={"shared_locations": True})
    end = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)).isoformat()

    def live():
        return client.get_user_locations(john)["active_live_locations"]

    with t.step("shares, moves and stops"):
        place = {"latitude": 52.37, "longitude": 4.89, "created_by_device_id": "phone", "end_at": end}
        id = api.send(channel, john, "on my way", shared_location=place)["id"]
        t.equal([(each["message_id"], each["latitude"]) for each in live()], [(id, 52.37)], "a live location")
        moved = client.update_user_location(john, id, {"latitude": 1.6, "longitude": 2.6})
        t.equal((moved["latitude"], moved["longitude"]), (1.6, 2.6), "the response")
        t.equal([each["latitude"] for each in live()], [1.6], "in a later read")
