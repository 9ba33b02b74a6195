import datetime

from stream_chat.types.segment import SegmentType


def travel(t, api):
    client = api.client
    john, jane, kate = api.users(t, "john", "jane", "kate")
    segment = client.segment(SegmentType.USER, t.id("segment"), {"name": "Friends"})

    with t.step("keeps a segment"):
        created = segment.create()["segment"]
        t.equal((created["id"], created["name"]), (segment.segment_id, "Friends"), "the segment")
        segment.add_targets([jane, kate])
        t.equal(segment.get()["segment"]["size"], 2, "its size")
        t.ok(segment.target_exists(jane).is_ok(), "a target")
        found = segment.query_targets()["targets"]
        t.same_set([target["target_id"] for target in found], [jane, kate], "the targets")
        segment.remove_targets([jane])
        t.refuses(lambda: segment.target_exists(jane), "a removed target", status=404, code=16)
        segment.update({"name": "Best friends"})
        found = client.query_segments({"id": {"$eq": segment.segment_id}})["segments"]
        t.equal([each["name"] for each in found], ["Best friends"], "a query")

    data = {
        "name": "News",
        "sender_id": john,
        "message_template": {"text": "Hello"},
        "segment_ids": [segment.segment_id],
    }
    campaign = client.campaign(data=dict(data))

    with t.step("keeps a campaign"):
        created = campaign.create()["campaign"]
        t.equal((created["name"], created["status"]), ("News", "draft"), "a draft")
        updated = campaign.update({**data, "name": "Good news"})["campaign"]
        t.equal((updated["id"], updated["name"]), (created["id"], "Good news"), "the response of the update")
        t.equal(campaign.get()["campaign"]["name"], "Good news", "the update")
        found = client.query_campaigns({"id": {"$eq": campaign.campaign_id}})["campaigns"]
        t.equal([each["name"] for each in found], ["Good news"], "a query")
        soon = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)
        t.equal(campaign.start(scheduled_for=soon)["campaign"]["status"], "scheduled", "it is scheduled")
        t.equal(campaign.stop()["campaign"]["status"], "stopped", "the response of the stop")
        t.equal(campaign.get()["campaign"]["status"], "stopped", "it is stopped")

    with t.step("deletes both"):
        campaign.delete()
        t.refuses(campaign.get, "the deleted campaign", status=404, code=16)
        segment.delete()
        t.refuses(segment.get, "the deleted segment", status=404, code=16)
