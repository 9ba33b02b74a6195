// A chat in the browser: the list of channels, messages in both directions, a reaction, a thread,
// an image.

/** An image of one color. */
const IMAGE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAEAAAAAwCAIAAAAuKetIAAAAQ0lEQVR42u3PQQkAAAgEsIvp02hGtYJfYbACS02/FgEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQGBqwXdjSDxaHny/AAAAABJRU5ErkJggg==',
  'base64',
);

export default async function (t, api) {
  const [jane, bob] = [t.id('jane'), t.id('bob')];
  await api.server.upsertUsers([
    { id: jane, name: 'Jane' },
    { id: bob, name: 'Bob' },
  ]);
  const rooms = [];
  for (const name of ['Garden', 'Kitchen']) {
    const room = api.server.channel('messaging', t.id('room'), {
      name,
      created_by_id: jane,
      members: [jane, bob],
    });
    await room.create();
    await room.sendMessage({ text: `Welcome to the ${name.toLowerCase()}`, user_id: bob });
    rooms.push(room);
  }
  const [garden] = rooms;
  const latest = async () => (await garden.query({ messages: { limit: 1 } })).messages.at(-1);
  const item = (page, name) => page.getByTestId('channel-list-item-button').filter({ hasText: name });
  const message = (page, text) => page.getByTestId('message-inner').filter({ hasText: text });
  const write = async (page, text) => {
    const input = page.getByTestId('message-input').first();
    await input.fill(text);
    // The composer keeps text that it cannot send yet.
    await t.until(async () => {
      await input.press('Enter');
      return (await input.inputValue()) === '';
    }, `the composer sends "${text}"`);
  };
  let hers, his;

  await t.step('shows the list of channels', async () => {
    [hers, his] = [await api.open(jane), await api.open(bob)];
    await item(hers, 'Kitchen').waitFor();
    t.equal(await hers.getByTestId('channel-list-item-button').count(), 2, 'two channels');
    t.ok(await item(hers, 'Garden').getByTestId('unread-badge').isVisible(), 'what is unread is marked');
    await api.picture(hers, '1-channels');
  });

  await t.step('opens a channel', async () => {
    for (const page of [hers, his]) {
      await item(page, 'Garden').click();
      await message(page, 'Welcome to the garden').waitFor();
    }
    await item(hers, 'Garden').getByTestId('unread-badge').waitFor({ state: 'detached' });
    t.equal((await api.server.getUnreadCount(jane)).total_unread_count, 0, 'what is seen is read');
    for (const page of [hers, his]) {
      const status = page.locator('.str-chat__channel-header__data__subtitle');
      t.equal(await status.innerText(), 'Online', 'the other is shown as online');
    }
  });

  await t.step('sends a message', async () => {
    await write(hers, 'Good morning');
    await message(his, 'Good morning').waitFor();
    const sent = await latest();
    t.equal([sent.text, sent.user.id], ['Good morning', jane], 'the message is kept');
  });

  await t.step('sees that the other types, and the message arrive', async () => {
    await his.getByTestId('message-input').first().pressSequentially('Coffee');
    await hers.getByTestId('typing-indicator').first().waitFor();
    t.ok(true, 'the typing is shown');
    await api.picture(hers, '2-typing');
    await write(his, 'Coffee is ready');
    await message(hers, 'Coffee is ready').waitFor();
    t.equal((await latest()).user.id, bob, 'the message is kept');
    await api.picture(hers, '3-messages');
  });

  await t.step('reacts', async () => {
    const target = message(hers, 'Coffee is ready');
    await target.hover();
    await target.getByTestId('message-reaction-action').click();
    await hers.getByTestId('select-reaction-button').first().click();
    await message(his, 'Coffee is ready').getByTestId('message-reactions-list-item').first().waitFor();
    const { latest_reactions } = await latest();
    t.equal(latest_reactions.map(({ user_id }) => user_id), [jane], 'the reaction is kept');
    await api.picture(his, '4-reaction');
  });

  await t.step('uploads an image', async () => {
    const files = hers.getByTestId('file-input').first();
    await files.setInputFiles({ name: 'garden.png', mimeType: 'image/png', buffer: IMAGE });
    await hers.locator('.str-chat__attachment-preview-media').first().waitFor();
    // A message that is sent before the upload ends does not contain the image.
    await hers.waitForFunction(
      (cid) => window.chat.activeChannels[cid].messageComposer.attachmentManager.successfulUploadsCount === 1,
      garden.cid,
    );
    await write(hers, 'Our garden');
    await message(his, 'Our garden').waitFor();
    const shown = message(his, 'Our garden').locator('img').first();
    await shown.waitFor();
    await t.until(() => shown.evaluate((image) => image.complete && image.naturalWidth > 0), 'the image is shown');
    const [attachment] = (await latest()).attachments;
    t.equal([attachment.type, attachment.fallback], ['image', 'garden.png'], 'the attachment is kept');
    await api.picture(his, '5-image');
  });

  await t.step('moves the channel with the latest message to the top', async () => {
    const [, kitchen] = rooms;
    await kitchen.sendMessage({ text: 'Dinner is ready', user_id: bob });
    await item(hers, 'Dinner is ready').waitFor();
    const first = hers.getByTestId('channel-list-item-button').first();
    await t.until(async () => (await first.innerText()).includes('Kitchen'), 'it is the first one');
    t.ok(await item(hers, 'Kitchen').getByTestId('unread-badge').isVisible(), 'and unread');
  });

  await t.step('comes back after the connection broke', async () => {
    await fetch(`${api.baseUrl}/emulator/connections`, { method: 'DELETE' });
    await garden.sendMessage({ text: 'While you were away', user_id: bob });
    await message(hers, 'While you were away').waitFor();
    t.ok(true, 'what was said meanwhile is there');
    await api.picture(hers, '6-back');
  });

  await t.step('complains of nothing', async () => {
    for (const page of [hers, his]) t.equal(page.complaints, [], 'no error in the console');
    await api.close();
  });
}
