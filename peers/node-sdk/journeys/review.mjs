const MESSAGE = 'stream:chat:v1:message';

export default async function (t, api) {
  const { client, chat, moderation } = api;
  const [mod, bad, john] = await api.users(t, 'mod', 'bad', 'john');
  const channel = await api.channel(t, [mod, bad, john]);
  const message = await api.send(channel, bad, 'buy my stuff');
  let item_id;

  await t.step('flags a message', async () => {
    const flag = { entity_type: MESSAGE, entity_id: message.id, entity_creator_id: bad, reason: 'spam' };
    ({ item_id } = await moderation.flag({ ...flag, user_id: john }));
    t.ok(item_id, 'it becomes an item of the review queue');
    t.equal((await moderation.flag({ ...flag, user_id: mod })).item_id, item_id, 'a second flag belongs to the same item');
    const { flags } = await chat.queryMessageFlags({ payload: { filter_conditions: { channel_cid: channel.cid } } });
    t.sameSet(flags.map((found) => found.user?.id), [john, mod], 'who flagged');
    t.equal(flags[0]?.message?.id, message.id, 'the flagged message');
    t.equal(flags[0]?.reason, 'spam', 'the reason');
    const { count } = await moderation.getFlagCount({ entity_creator_id: bad, entity_type: MESSAGE });
    t.equal(count, 2, 'the number of flags against the author');
  });

  await t.step('reads the review queue', async () => {
    const { items } = await moderation.queryReviewQueue({ filter: { entity_id: message.id } });
    t.equal(items.map((item) => item.id), [item_id], 'the item of the message');
    t.equal([items[0]?.entity_type, items[0]?.entity_id], [MESSAGE, message.id], 'what it is about');
    t.equal(items[0]?.flags_count, 2, 'the number of flags');
    t.equal(items[0]?.message?.text, 'buy my stuff', 'the message');
    t.equal(items[0]?.entity_creator_id, bad, 'its author');
    t.equal((await moderation.getReviewQueueItem({ id: item_id })).item?.id, item_id, 'the item by its id');
    const { flags } = await moderation.queryModerationFlags({ filter: { entity_id: message.id } });
    t.equal(flags.length, 2, 'the flags by their entity');
  });

  await t.step('acts on an item', async () => {
    const reviewed = await moderation.submitAction({ action_type: 'mark_reviewed', item_id, user_id: mod, mark_reviewed: {} });
    t.equal(reviewed.item?.id, item_id, 'the item of the response');
    const { item } = await moderation.getReviewQueueItem({ id: item_id });
    t.equal(item?.reviewed_by, mod, 'who reviewed it');
    t.ok(item?.reviewed_at instanceof Date, 'when it was reviewed');
    t.includes(item?.actions.map((action) => action.type), 'mark_reviewed', 'the action in its history');
    await moderation.submitAction({ action_type: 'delete_message', item_id, user_id: mod, delete_message: { hard_delete: false } });
    t.equal((await chat.getMessage({ id: message.id })).message.type, 'deleted', 'the message is deleted');
    await moderation.submitAction({ action_type: 'ban', item_id, user_id: mod, ban: { reason: 'enough' } });
    const { bans } = await chat.queryBannedUsers({ payload: { filter_conditions: { user_id: bad } } });
    t.equal(bans.map((ban) => ban.reason), ['enough'], 'the author is banned');
    const { logs } = await moderation.queryModerationLogs({ filter: {} });
    t.ok(logs.some((log) => log.type === 'ban' && log.user_id === mod), 'the moderation log');
  });

  await t.step('flags a user', async () => {
    const flagged = await moderation.flag({ entity_type: 'stream:user', entity_id: bad, reason: 'rude', user_id: john });
    const { items } = await moderation.queryReviewQueue({ filter: { entity_type: 'stream:user', entity_id: bad } });
    t.equal(items.map((item) => item.id), [flagged.item_id], 'the item of the user');
  });

  await t.step('appeals', async () => {
    const { appeal_id } = await moderation.appeal({ appeal_reason: 'it was a joke', entity_id: message.id, entity_type: MESSAGE, user_id: bad });
    const { item } = await moderation.getAppeal({ id: appeal_id });
    t.equal([item?.id, item?.appeal_reason, item?.user?.id], [appeal_id, 'it was a joke', bad], 'the appeal');
    const { items } = await moderation.queryAppeals({ filter: { entity_id: message.id } });
    t.equal(items.map(({ id }) => id), [appeal_id], 'the appeals of the entity');
  });

  const key = `chat:messaging:${t.id('config')}`;
  await t.step('configures what is moderated', async () => {
    const list = t.id('words');
    await client.createBlockList({ name: list, words: ['forbidden'], type: 'word' });
    const rules = [{ name: list, action: 'remove' }];
    const { config } = await moderation.upsertConfig({ key, block_list_config: { enabled: true, rules } });
    t.equal(config?.key, key, 'the key of the response');
    const read = (await moderation.getConfig({ key })).config;
    t.equal(read?.block_list_config?.rules?.map(({ name, action }) => ({ name, action })), rules, 'the rules in a later read');
    const { configs } = await moderation.queryModerationConfigs({ filter: { key } });
    t.equal(configs.map((found) => found.key), [key], 'a query');
    const check = async (text) =>
      (
        await moderation.check({
          entity_type: 'stream:v1:text',
          entity_id: t.id('text'),
          entity_creator_id: john,
          moderation_payload: { texts: [text] },
          config_key: key,
        })
      ).recommended_action;
    t.equal(await check('a kind word'), 'keep', 'the verdict on harmless text');
    t.equal(await check('a forbidden word'), 'remove', 'the verdict on a listed word');
    await moderation.deleteConfig({ key });
    await t.refuses(() => moderation.getConfig({ key }), { status: 404, code: 16 }, 'the deleted configuration');
  });

  await t.step('keeps rules', async () => {
    const name = t.id('rule');
    const { rule } = await moderation.upsertModerationRule({
      name,
      rule_type: 'user',
      enabled: true,
      config_keys: [key],
      conditions: [{ type: 'user_created_within', user_created_within_params: { max_age: '24h' } }],
      action: { type: 'flag_user' },
    });
    t.equal([rule?.name, rule?.rule_type, rule?.enabled], [name, 'user', true], 'the rule');
    const read = (await moderation.getModerationRule({ id: rule.id })).rule;
    t.equal([read?.id, read?.action?.type], [rule.id, 'flag_user'], 'the rule in a later read');
    const { rules } = await moderation.queryModerationRules({ filter: { name } });
    t.equal(rules.map(({ id }) => id), [rule.id], 'a query');
    await moderation.deleteModerationRule({ id: rule.id });
    await t.refuses(() => moderation.getModerationRule({ id: rule.id }), { status: 404, code: 16 }, 'the deleted rule');
  });
}
