// Connecting: the first data, tokens that are refused or renewed, guests, anonymous users and
// presence.

import { EventRecorder } from '../client.mjs';

const expired = () => Math.floor(Date.now() / 1000) - 60;

export default async function (t, api) {
  const jane = t.id('jane');
  await api.server.upsertUsers([{ id: jane, name: 'Jane', role: 'admin', color: 'green' }]);

  await t.step('connects a user', async () => {
    const client = api.client();
    const hello = await client.connectUser({ id: jane, size: 7, role: 'user' }, api.token(jane));
    t.equal(hello.type, 'health.check', 'the first event');
    t.equal(hello.connection_id.length, 36, 'a connection id');
    t.equal(hello.me.id, jane, 'the user');
    t.equal(hello.me.name, 'Jane', 'what was known stays');
    t.equal([client.user.color, client.user.size], ['green', 7], 'custom data is merged');
    t.equal(client.user.role, 'admin', 'nobody changes their own role');
    t.ok(client.user.online, 'the user is online');
    t.equal(client.user.total_unread_count, 0, 'the unread count');
    t.ok(!Number.isNaN(Date.parse(hello.created_at)), 'times are text');
    const { users } = await api.server.queryUsers({ id: jane });
    t.equal(users[0].online, true, 'others see the user online');
    await client.disconnectUser();
    await t.until(async () => {
      const { users } = await api.server.queryUsers({ id: jane });
      return users[0].online === false;
    }, 'the user goes offline');
  });

  await t.step('refuses bad tokens with their codes', async () => {
    const attempt = async (token) => {
      try {
        await api.client().connectUser({ id: jane }, token);
      } catch (error) {
        return JSON.parse(error.message);
      }
      return {};
    };
    const late = await attempt(api.token(jane, expired()));
    t.equal([late.code, late.StatusCode, late.isWSFailure], [40, 401, false], 'expired');
    const forged = api.token(jane).slice(0, -6) + 'forged';
    t.equal((await attempt(forged)).code, 43, 'forged');
  });

  await t.step('asks the provider for another token when one has expired', async () => {
    const client = api.client();
    let calls = 0;
    const provider = async () => {
      calls += 1;
      return api.token(jane, calls === 1 ? expired() : undefined);
    };
    const hello = await client.connectUser({ id: jane }, provider);
    t.equal(hello.me.id, jane, 'it connects');
    t.equal(calls, 2, 'with the second token');
    const { channels } = { channels: await client.queryChannels({ members: { $in: [jane] } }) };
    t.equal(channels, [], 'and calls');
    await client.disconnectUser();
  });

  await t.step('renews a token that expires between calls', async () => {
    const client = api.client();
    const provider = async () => api.token(jane);
    await client.connectUser({ id: jane }, provider);
    client.tokenManager.token = api.token(jane, expired());
    t.equal((await client.getUnreadCount()).total_unread_count, 0, 'the call is repeated');
    await client.disconnectUser();
  });

  await t.step('connects guests', async () => {
    const client = api.client();
    const id = t.id('guest');
    await client.setGuestUser({ id, name: 'Guest' });
    t.ok(client.userID.includes(id), 'the id contains the one that was asked for');
    t.equal(client.user.role, 'guest', 'the role');
    await client.disconnectUser();
  });

  await t.step('connects anonymous users', async () => {
    const client = api.client();
    const hello = await client.connectAnonymousUser();
    t.ok(hello.me.id.startsWith('!anon'), 'the id');
    t.equal(hello.me.role, 'anonymous', 'the role');
    const host = t.id('host');
    const show = api.server.channel('livestream', t.id('show'), { created_by: { id: host } });
    await show.create();
    const watched = client.channel('livestream', show.id);
    const recorder = new EventRecorder(watched);
    await watched.watch();
    await show.sendMessage({ text: 'welcome', user_id: host });
    t.equal((await recorder.waitFor(t, 'message.new')).message?.text, 'welcome', 'they watch what is public');
    await t.refuses(() => watched.sendMessage({ text: 'hi' }), { status: 403, code: 17 }, 'and say nothing');
    await client.disconnectUser();
  });

  await t.step('tells of presence', async () => {
    const [client, friend] = await api.connected(t, 'watcher', 'friend');
    const room = await api.channel(t, [client, friend]);
    await friend.disconnectUser();
    const [own] = await api.watched(room, client);
    t.equal(own.state.members[client.userID].user.online, true, 'who is there');
    const recorder = new EventRecorder(client);
    const members = Object.keys(own.state.members).filter((id) => id !== client.userID);
    const back = await api.connect(members[0]);
    const came = await recorder.waitFor(t, 'user.presence.changed', ({ user }) => user.online);
    t.equal(came.user?.id, members[0], 'a member comes');
    t.equal(own.state.members[members[0]].user.online, true, 'and is shown so');
    await back.disconnectUser();
    const left = await recorder.waitFor(t, 'user.presence.changed', ({ user }) => !user.online);
    t.equal(left.user?.id, members[0], 'a member goes');
    await client.disconnectUser();
  });
}
