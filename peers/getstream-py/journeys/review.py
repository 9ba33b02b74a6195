from getstream.models import (
    BanActionRequestPayload,
    BlockListConfig,
    BlockListRule,
    DeleteMessageRequestPayload,
    MarkReviewedRequestPayload,
    ModerationPayload,
    QueryBannedUsersPayload,
    QueryMessageFlagsPayload,
)

MESSAGE = "stream:chat:v1:message"


def travel(t, api):
    client, chat, moderation = api.client, api.chat, api.moderation
    mod, bad, john = api.users(t, "mod", "bad", "john")
    channel = api.channel(t, [mod, bad, john])
    cid = f"messaging:{channel.channel_id}"
    message = api.send(channel, bad, "buy my stuff")

    with t.step("flags a message"):
        item = moderation.flag(
            entity_type=MESSAGE, entity_id=message.id, entity_creator_id=bad, reason="spam", user_id=john
        ).data.item_id
        t.ok(item, "it becomes an item of the review queue")
        payload = QueryMessageFlagsPayload(filter_conditions={"channel_cid": cid})
        flags = chat.query_message_flags(payload=payload).data.flags
        t.equal([(flag.message.id, flag.user.id) for flag in flags], [(message.id, john)], "the flags of the channel")
        count = moderation.get_flag_count(entity_creator_id=bad, entity_type=MESSAGE).data.count
        t.equal(count, 1, "the number of flags against the author")

    with t.step("reads the review queue"):
        items = moderation.query_review_queue(filter={"entity_id": message.id}).data.items
        t.equal([found.id for found in items], [item], "the item")
        t.equal(
            (items[0].entity_type, items[0].entity_creator_id, items[0].flags_count), (MESSAGE, bad, 1), "its fields"
        )
        t.equal(items[0].message.text, "buy my stuff", "the message")
        stats = moderation.query_review_queue(stats_only=True, filter={}).data
        t.equal(stats.items, [], "statistics alone have no items")

    with t.step("acts on an item"):
        moderation.submit_action(
            action_type="mark_reviewed", item_id=item, user_id=mod, mark_reviewed=MarkReviewedRequestPayload()
        )
        found = moderation.get_review_queue_item(id=item).data.item
        t.equal(found.reviewed_by, mod, "who reviewed it")
        t.includes([action.type for action in found.actions], "mark_reviewed", "the action")
        moderation.submit_action(
            action_type="delete_message",
            item_id=item,
            user_id=mod,
            delete_message=DeleteMessageRequestPayload(hard_delete=True),
        )
        t.refuses(lambda: chat.get_message(id=message.id), "the message is deleted", status=404, code=16)
        moderation.submit_action(
            action_type="ban",
            item_id=item,
            user_id=mod,
            ban=BanActionRequestPayload(reason="enough", timeout=60),
        )
        payload = QueryBannedUsersPayload(filter_conditions={"user_id": bad})
        bans = chat.query_banned_users(payload=payload).data.bans
        t.equal([ban.reason for ban in bans], ["enough"], "the author is banned")

    with t.step("configures what is moderated"):
        words, key = t.id("words"), f"chat:messaging:{t.id('config')}"
        client.create_block_list(name=words, words=["forbidden"])
        rules = [BlockListRule(name=words, action="flag")]
        moderation.upsert_config(key=key, block_list_config=BlockListConfig(enabled=True, rules=rules))
        config = moderation.get_config(key=key).data.config
        t.equal([(rule.name, rule.action) for rule in config.block_list_config.rules], [(words, "flag")], "the rules")
        configs = moderation.query_moderation_configs(filter={"key": key}).data.configs
        t.equal([config.key for config in configs], [key], "a query")

        def verdict(text):
            return moderation.check(
                entity_type="stream:v1:text",
                entity_id=t.id("text"),
                entity_creator_id=john,
                moderation_payload=ModerationPayload(texts=[text]),
                config_key=key,
            ).data.recommended_action

        t.equal(verdict("a kind word"), "keep", "the verdict on harmless text")
        t.equal(verdict("a forbidden word"), "flag", "the verdict on a listed word")
        moderation.delete_config(key=key)
        t.refuses(lambda: moderation.get_config(key=key), "the deleted configuration", status=404, code=16)

    with t.step("keeps queues"):
        queue = moderation.create_queue(name="Mine", type="personal_view", user_id=mod).data.queue
        t.equal(queue.name, "Mine", "the queue")
        moderation.update_queue(id=queue.id, name="Ours", user_id=mod)
        t.equal(moderation.get_queue(id=queue.id, user_id=mod).data.queue.name, "Ours", "in a later read")
        queues = moderation.list_queues(user_id=mod).data.queues
        t.includes([found.id for found in queues], queue.id, "the list")
        moderation.delete_queue(id=queue.id, user_id=mod)
        t.refuses(lambda: moderation.get_queue(id=queue.id, user_id=mod), "the deleted queue", status=404, code=16)
