// One transparent pixel.
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

export default async function (t, api) {
  const { client } = api;
  const [john] = await api.users(t, 'john');
  const channel = await api.channel(t, [john]);
  const user = { id: john };
  const status = async (url) => (await fetch(url)).status;

  await t.step('uploads to a channel', async () => {
    const { file } = await channel.sendFile(Buffer.from('hello world'), 'hello.txt', 'text/plain', user);
    t.ok(file?.includes('hello'), 'the URL holds the name');
    t.equal(await (await fetch(file)).text(), 'hello world', 'the content of a file');
    await channel.deleteFile(file);
    t.equal(await status(file), 404, 'it is gone after the deletion');
    const { file: image } = await channel.sendImage(PNG, 'pixel.png', 'image/png', user);
    t.equal(Buffer.from(await (await fetch(image)).arrayBuffer()).equals(PNG), true, 'the content of an image');
    await channel.deleteImage(image);
    t.equal(await status(image), 404, 'it is gone after the deletion');
  });

  await t.step('uploads to the app', async () => {
    const { file } = await client.uploadFile(Buffer.from('for the app'), 'app.txt', 'text/plain', user);
    t.equal(await (await fetch(file)).text(), 'for the app', 'the content of a file');
    await client.deleteFile(file);
    t.equal(await status(file), 404, 'it is gone after the deletion');
    const { file: image } = await client.uploadImage(PNG, 'app.png', 'image/png', user);
    t.equal(await status(image), 200, 'an image');
    await client.deleteImage(image);
    t.equal(await status(image), 404, 'it is gone after the deletion');
  });
}
