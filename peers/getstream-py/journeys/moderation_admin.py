import datetime

from getstream.models import PolicyTestRow, RejectAppealRequestPayload, UpsertActionConfigItem

MESSAGE = "stream:chat:v1:message"


def travel(t, api):
    moderation = api.moderation
    mod, bad = api.users(t, "mod", "bad")
    channel = api.channel(t, [mod, bad])
    message = api.send(channel, bad, "borderline")

    with t.step("keeps configurations of actions"):
        saved = moderation.upsert_action_config(
            action="custom", entity_type=MESSAGE, order=3, description="Warn", icon="bell", user_id=mod
        ).data.action_config
        t.equal((saved.action, saved.entity_type, saved.order, saved.description), ("custom", MESSAGE, 3, "Warn"), "one")

        def ids():
            found = moderation.get_action_config(entity_type=MESSAGE, exclude_defaults=True).data.action_config
            return [config.id for configs in found.values() for config in configs]

        t.includes(ids(), saved.id, "in a later read")
        items = [UpsertActionConfigItem(action="custom", entity_type=MESSAGE, order=order) for order in (4, 5)]
        batch = moderation.bulk_upsert_action_config(action_configs=items, user_id=mod).data.action_configs
        t.equal(len(batch), 2, "a batch")
        moderation.delete_action_config(id=saved.id, user_id=mod)
        t.excludes(ids(), saved.id, "it is deleted")
        deleted = moderation.bulk_delete_action_config(ids=[config.id for config in batch], user_id=mod).data.deleted
        t.equal(deleted, 2, "so is the batch")

    with t.step("writes the log"):
        moderation.insert_action_log(
            action_type="custom",
            entity_type=MESSAGE,
            entity_id=message.id,
            entity_creator_id=bad,
            reporter_type="moderator",
            reporter_user_id=mod,
            reason="by hand",
        )
        logs = moderation.query_moderation_logs(filter={}).data.logs
        t.includes([log.reason for log in logs], "by hand", "in a later read")

    with t.step("decides appeals in a batch"):
        appeal = moderation.appeal(
            appeal_reason="unfair", entity_id=message.id, entity_type=MESSAGE, user_id=bad
        ).data.appeal_id
        before = moderation.get_appeal(id=appeal).data.item.status
        reject = RejectAppealRequestPayload(decision_reason="it was not")
        response = moderation.bulk_action_appeals(
            action_type="reject_appeal", appeal_ids=[appeal], reject_appeal=reject, user_id=mod
        ).data
        t.equal(response.errors, [], "no errors")
        after = moderation.get_appeal(id=appeal).data.item
        t.ok(after.status != before, "the status of the appeal has changed")
        t.equal(after.decision_reason, "it was not", "the reason of the decision")

    with t.step("keeps sets of policy tests"):
        rows = [PolicyTestRow(text="a kind word", recommended_action="keep")]
        created = moderation.create_policy_test_set(name="Words", config_key="chat:messaging", rows=rows).data.set
        t.equal((created.name, created.row_count), ("Words", 1), "the set")
        t.includes([found.id for found in moderation.list_policy_test_sets().data.sets], created.id, "the list")
        found = moderation.get_policy_test_set(id=created.id).data.set
        t.equal([row.text for row in found.rows], ["a kind word"], "its rows")
        run = moderation.start_policy_test_run(id=created.id).data.run
        t.equal((run.set_id, run.rows_total), (created.id, 1), "a run")
        t.equal(moderation.get_policy_test_run(id=run.id).data.run.id, run.id, "the run in a later read")
        moderation.delete_policy_test_set(id=created.id)
        t.refuses(lambda: moderation.get_policy_test_set(id=created.id), "the deleted set", status=404, code=16)

    with t.step("keeps the setup session"):
        moderation.upsert_setup_session(current_step="configure", status="in_progress", setup_data={"words": 3})
        session = moderation.get_setup_session().data.setup_session
        t.equal(
            (session.current_step, session.status, session.setup_data), ("configure", "in_progress", {"words": 3}), "it"
        )

    with t.step("judges content"):
        verdict = moderation.labels(content="a kind word", content_type="text", user_id=bad).data
        t.equal(verdict.recommended_action, "keep", "harmless text")
        analysis = moderation.analyze(
            entity_type="stream:v1:text",
            entity_id=t.id("text"),
            entity_creator_id=bad,
            config_key="chat:messaging",
            texts={"title": "a kind word"},
        ).data
        t.includes(analysis.texts, "title", "the fields of an analysis")
        response = moderation.submit_moderation_feedback(
            message="Too strict",
            reference="sample",
            published_at=datetime.datetime.now(datetime.timezone.utc).isoformat(),
        )
        t.equal(response.status_code(), 201, "feedback")
