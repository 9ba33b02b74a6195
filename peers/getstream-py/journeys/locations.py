import datetime

from getstream.models import ChannelConfigOverrides, SharedLocation


def travel(t, api):
    client = api.client
    john, jane = api.users(t, "john", "jane")
    channel = api.channel(t, [john, jane], config_overrides=ChannelConfigOverrides(shared_locations=True))
    end = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)

    def live():
        return client.get_user_live_locations(user_id=john).data.active_live_locations

    with t.step("shares locations"):
        place = SharedLocation(latitude=52.37, longitude=4.89, created_by_device_id="phone")
        sent = api.send(channel, john, "here", shared_location=place).shared_location
        t.equal((sent.latitude, sent.longitude, sent.end_at), (52.37, 4.89, None), "a place")
        t.equal(live(), [], "it is not live")
        moving = SharedLocation(latitude=1.5, longitude=2.5, created_by_device_id="phone", end_at=end)
        message = api.send(channel, john, "on my way", shared_location=moving)
        t.equal([each.message_id for each in live()], [message.id], "a live location")

    with t.step("moves and stops"):
        moved = client.update_live_location(user_id=john, message_id=message.id, latitude=1.6, longitude=2.6).data
        t.equal((moved.latitude, moved.longitude), (1.6, 2.6), "the response")
        t.equal([each.latitude for each in live()], [1.6], "in a later read")
        now = datetime.datetime.now(datetime.timezone.utc)
        client.update_live_location(user_id=john, message_id=message.id, end_at=now)
        t.equal(live(), [], "nothing is live any more")
