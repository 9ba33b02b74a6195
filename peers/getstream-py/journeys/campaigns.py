import datetime

from getstream.models import CampaignMessageTemplate


def travel(t, api):
    chat = api.chat
    john, jane, kate = api.users(t, "john", "jane", "kate")
    segment = t.id("segment")

    with t.step("keeps a segment"):
        created = chat.create_segment(id=segment, type="user", name="Friends").data.segment
        t.equal((created.id, created.type, created.name), (segment, "user", "Friends"), "the segment")
        chat.add_segment_targets(id=segment, target_ids=[jane, kate])
        t.equal(chat.get_segment(id=segment).data.segment.size, 2, "its size")
        chat.segment_target_exists(id=segment, target_id=jane)
        chat.delete_segment_targets(id=segment, target_ids=[jane])
        t.refuses(lambda: chat.segment_target_exists(id=segment, target_id=jane), "a removed target", status=404, code=16)
        targets = chat.query_segment_targets(id=segment).data.targets
        t.equal([target.target_id for target in targets], [kate], "the targets")
        found = chat.query_segments(filter={"name": "Friends", "id": segment}).data.segments
        t.equal([each.id for each in found], [segment], "a query")

    with t.step("keeps a campaign"):
        template = CampaignMessageTemplate(text="Hello", attachments=[], custom={})
        campaign = chat.create_campaign(
            sender_id=john, message_template=template, name="News", user_ids=[jane, kate]
        ).data.campaign
        id = campaign.id
        t.equal((campaign.name, campaign.status, campaign.sender_id), ("News", "draft", john), "a draft")
        t.same_set(campaign.user_ids, [jane, kate], "its users")
        chat.update_campaign(id=id, sender_id=john, message_template=template, name="Good news", user_ids=[jane])
        t.equal(chat.get_campaign(id=id).data.campaign.name, "Good news", "the update")
        found = chat.query_campaigns(filter={"id": {"$eq": id}}).data.campaigns
        t.equal([each.name for each in found], ["Good news"], "a query")

    with t.step("schedules and stops it"):
        soon = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)
        campaign = chat.start_campaign(id=id, scheduled_for=soon).data.campaign
        t.equal(campaign.status, "scheduled", "it is scheduled")
        chat.stop_campaign(id=id)
        t.equal(chat.get_campaign(id=id).data.campaign.status, "stopped", "it is stopped")

    with t.step("deletes both"):
        chat.delete_campaign(id=id)
        t.refuses(lambda: chat.get_campaign(id=id), "the deleted campaign", status=404, code=16)
        chat.delete_segment(id=segment)
        t.refuses(lambda: chat.get_segment(id=segment), "the deleted segment", status=404, code=16)
