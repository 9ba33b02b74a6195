// One transparent pixel.
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

export default async function (t, api) {
  const { client, chat } = api;
  const [john] = await api.users(t, 'john');
  const channel = await api.channel(t, [john]);
  const status = async (url) => (await fetch(url)).status;
  const place = { type: 'messaging', id: channel.id };
  // The SDK leaves the serialization of this part to the caller.
  const user = JSON.stringify({ id: john });

  await t.step('uploads a file to a channel', async () => {
    const file = new File(['hello world'], 'hello.txt', { type: 'text/plain' });
    const { file: url } = await chat.uploadChannelFile({ ...place, file, user });
    t.ok(url?.includes('hello'), 'the URL holds the name');
    t.equal(await (await fetch(url)).text(), 'hello world', 'the content');
    await chat.deleteChannelFile({ ...place, url });
    t.equal(await status(url), 404, 'it is gone after the deletion');
  });

  await t.step('uploads an image to a channel', async () => {
    const file = new File([PNG], 'pixel.png', { type: 'image/png' });
    const { file: url } = await chat.uploadChannelImage({ ...place, file, user, upload_sizes: '[]' });
    const response = await fetch(url);
    t.equal(Buffer.from(await response.arrayBuffer()).equals(PNG), true, 'the content');
    const { message } = await channel.sendMessage({ message: { text: 'look', user_id: john, attachments: [{ type: 'image', image_url: url }] } });
    t.equal((await chat.getMessage({ id: message.id })).message.attachments[0]?.image_url, url, 'a message refers to it');
    await chat.deleteChannelImage({ ...place, url });
    t.equal(await status(url), 404, 'it is gone after the deletion');
  });

  await t.step('uploads to the app', async () => {
    const text = new File(['for the app'], 'app.txt', { type: 'text/plain' });
    const { file } = await client.uploadFile({ file: text, user: { id: john } });
    t.equal(await (await fetch(file)).text(), 'for the app', 'a file');
    await client.deleteFile({ url: file });
    t.equal(await status(file), 404, 'it is gone after the deletion');
    const pixel = new File([PNG], 'app.png', { type: 'image/png' });
    const { file: image } = await client.uploadImage({ file: pixel, user: { id: john }, upload_sizes: [] });
    t.equal(await status(image), 200, 'an image');
    await client.deleteImage({ url: image });
    t.equal(await status(image), 404, 'it is gone after the deletion');
  });

  await t.step('keeps to what the app allows', async () => {
    await client.updateApp({ file_upload_config: { blocked_file_extensions: ['.exe'] } });
    const file = new File(['MZ'], 'virus.exe', { type: 'application/octet-stream' });
    await t.refuses(() => chat.uploadChannelFile({ ...place, file, user }), { status: 400, code: 4, says: /\.exe/ }, 'a blocked extension');
    await client.updateApp({ file_upload_config: { blocked_file_extensions: [] } });
  });
}
