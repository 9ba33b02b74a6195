export default async function (t, api) {
  const { client } = api;
  const { moderation } = client;
  const [mod, bad, john] = await api.users(t, 'mod', 'bad', 'john');
  const channel = await api.channel(t, [mod, bad, john]);
  const message = await api.send(channel, bad, 'buy my stuff');

  await t.step('flags a message and a user', async () => {
    const { flag } = await client.flagMessage(message.id, { user_id: john, reason: 'spam' });
    t.equal([flag?.user?.id, flag?.target_message_id], [john, message.id], 'the flag of the message');
    const { flags } = await client.queryMessageFlags({ channel_cid: channel.cid });
    t.equal(flags.map((found) => [found.message?.id, found.user?.id]), [[message.id, john]], 'the flags of the channel');
    t.equal(flags[0]?.message?.text, 'buy my stuff', 'the flagged message');
    const user = await client.flagUser(bad, { user_id: john });
    t.equal([user.flag?.user?.id, user.flag?.target_user?.id], [john, bad], 'the flag of the user');
    await client.unflagMessage(message.id, { user_id: john });
    await client.unflagUser(bad, { user_id: john });
  });

  await t.step('flags by the newer paths', async () => {
    const { item_id } = await moderation.flagMessage(message.id, 'spam', { user_id: mod });
    t.ok(item_id, 'it becomes an item of the review queue');
    const { items } = await moderation.queryReviewQueue({ entity_id: message.id }, [], {});
    t.equal(items.map((item) => item.id), [item_id], 'the item');
    t.equal(items[0]?.message?.text, 'buy my stuff', 'its message');
    const { item } = await moderation.submitAction('mark_reviewed', item_id, { user_id: mod });
    t.equal(item?.id, item_id, 'an action');
    const user = await moderation.flagUser(bad, 'rude', { user_id: mod });
    t.ok(user.item_id, 'an item for a user');
  });

  await t.step('mutes by the newer paths', async () => {
    const { mutes } = await moderation.muteUser(bad, { user_id: john });
    t.equal(mutes?.map((mute) => mute.target?.id), [bad], 'the mutes');
    await moderation.unmuteUser(bad, { user_id: john });
    t.equal((await client.queryUsers({ id: john })).users[0].mutes, [], 'none is left');
  });

  await t.step('configures what is moderated', async () => {
    const name = t.id('words');
    const key = `chat:messaging:${t.id('config')}`;
    await client.createBlockList({ name, words: ['forbidden'] });
    await moderation.upsertConfig({ key, block_list_config: { enabled: true, rules: [{ name, action: 'flag' }] } });
    const { config } = await moderation.getConfig(key);
    t.equal(config?.block_list_config?.rules?.map((rule) => rule.name), [name], 'the configuration');
    const { configs } = await moderation.queryConfigs({ key }, []);
    t.equal(configs.map((found) => found.key), [key], 'a query');
    await moderation.deleteConfig(key);
    await t.refuses(() => moderation.getConfig(key), { status: 404, code: 16 }, 'the deleted configuration');
  });

  await t.step('checks a user profile', async () => {
    const { recommended_action } = await moderation.checkUserProfile(john, { username: 'a kind name' });
    t.equal(recommended_action, 'keep', 'a harmless name');
  });

  await t.step('adds custom flags', async () => {
    const other = await api.send(channel, bad, 'odd');
    const { id, item } = await moderation.addCustomMessageFlags(other.id, [{ type: 'custom_check_text', reason: 'odd', labels: ['odd'] }]);
    t.ok(id, 'the item');
    t.equal(item?.entity_id, other.id, 'its message');
  });
}
