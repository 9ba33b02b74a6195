// A small marketplace, for tests and screenshots.

import { deflateSync } from "node:zlib";

const USERS = [
  { id: "amara", name: "Amara", role: "admin" },
  { id: "jonas", name: "Jonas" },
  { id: "priya", name: "Priya" },
  { id: "mateo", name: "Mateo" },
  { id: "sakura", name: "Sakura" },
  { id: "lena", name: "Lena" },
  { id: "omar", name: "Omar" },
  { id: "chloe", name: "Chloé" },
];

/** Returns a PNG with a gradient between two colors. */
export function png(width, height, from, to) {
  const table = Array.from({ length: 256 }, (_, n) => {
    let c = n;
    for (let k = 0; k < 8; k += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
    return c >>> 0;
  });
  const crc = (bytes) => {
    let c = 0xffffffff;
    for (const byte of bytes) c = table[(c ^ byte) & 255] ^ (c >>> 8);
    return (c ^ 0xffffffff) >>> 0;
  };
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const out = Buffer.alloc(body.length + 8);
    out.writeUInt32BE(data.length, 0);
    body.copy(out, 4);
    out.writeUInt32BE(crc(body), body.length + 4);
    return out;
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const rows = Buffer.alloc((width * 3 + 1) * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const part = (x / width + y / height) / 2;
      for (let c = 0; c < 3; c += 1) rows[y * (width * 3 + 1) + 1 + x * 3 + c] = Math.round(from[c] + (to[c] - from[c]) * part);
    }
  }
  return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk("IHDR", header), chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))]);
}

/** Uploads an image as a user, and returns its URL. */
export async function upload(emulator, channel, user, name, bytes) {
  const form = new FormData();
  form.set("file", new Blob([bytes], { type: "image/png" }), name);
  form.set("user", JSON.stringify({ id: user }));
  const response = await fetch(`${emulator.url}/channels/messaging/${channel}/image?api_key=${emulator.key}`, {
    method: "POST",
    headers: { authorization: emulator.userToken(user), "stream-auth-type": "jwt" },
    body: form,
  });
  const result = await response.json();
  if (!response.ok) throw new Error(result.message);
  return result.file;
}

/** Creates users, channels, and a conversation with all parts of messages. */
export async function fillWorld(emulator) {
  await emulator.users(USERS);
  await emulator.channel("bike-4711", ["priya", "jonas"], { custom: { name: "Gravel bike, size M", listing: 4711 } });
  await emulator.channel("kitchen-table", ["mateo", "sakura", "lena"], { custom: { name: "Oak kitchen table" } });
  await emulator.channel("support", ["amara", "omar", "chloe", "jonas"], { custom: { name: "Marketplace support" } });
  await emulator.channel("garden", ["lena", "chloe"], { custom: { name: "Garden chairs, set of four" } });
  await emulator.send("garden", "chloe", "Would you deliver to Lyon?");
  await emulator.send("kitchen-table", "sakura", "Is the table still available?");
  await emulator.send("kitchen-table", "mateo", "It is! Pick-up in Madrid, or shipping for 45 €.");
  await emulator.send("support", "omar", "The payout of last week has not arrived.");
  await emulator.send("support", "amara", "I see it. The bank returned it, we send it again today.");

  const hello = await emulator.send("bike-4711", "jonas", "Hi Priya, is the gravel bike still for sale? The listing says size M.");
  await emulator.send("bike-4711", "jonas", "I am 1.79 m, would that fit?");
  const reply = await emulator.send("bike-4711", "priya", "Yes, still here 🙂 At 1.79 m it fits well, I am 1.81 m myself.");
  await emulator.react(reply, "jonas", "love");
  await emulator.react(reply, "jonas", "like");
  const picture = await upload(emulator, "bike-4711", "priya", "bike-at-the-lake.png", png(640, 360, [54, 98, 190], [246, 178, 107]));
  const shown = await emulator.send("bike-4711", "priya", "Here it is on last week's ride.", { attachments: [{ type: "image", image_url: picture, title: "bike-at-the-lake.png" }] });
  await emulator.react(shown, "jonas", "fire");
  await emulator.send("bike-4711", "priya", "When was the last service?", { parent_id: hello.id });
  await emulator.send("bike-4711", "jonas", "I mean, did you change the chain?", { parent_id: reply.id });
  await emulator.send("bike-4711", "priya", "In September, with new brake pads. I have the receipt.", { parent_id: reply.id, attachments: [{ type: "file", asset_url: "https://files.example/receipt.pdf", title: "receipt-september.pdf", mime_type: "application/pdf", file_size: 48213 }] });
  await emulator.send("bike-4711", "jonas", "Perfect. Would 950 € work for you?", { quoted_message_id: shown.id, custom: { offer_cents: 95000 } });
  await emulator.send("bike-4711", "priya", "Let us say 980 € and it is yours.");
  return { hello, reply, shown };
}

/** Creates a channel with this many messages. */
export async function fillChannel(emulator, id, members, count) {
  const users = members.map((user) => ({ id: user }));
  await emulator.users(users);
  await emulator.channel(id, members);
  const snapshot = await (await fetch(`${emulator.url}/emulator/snapshot`)).json();
  const channel = snapshot.channels[`messaging:${id}`];
  const model = await emulator.send(id, members[0], "message 0");
  const full = await (await fetch(`${emulator.url}/emulator/snapshot`)).json();
  const sample = full.messages[model.id];
  // Sending the messages one by one takes minutes in a debug build; a snapshot adds them at once.
  const world = full;
  const target = world.channels[channel.cid];
  for (let number = 1; number < count; number += 1) {
    const key = `${id}-${number}`;
    const lines = number % 8 === 3 ? "\nwith a second line\nand a third" : "";
    world.messages[key] = {
      ...sample, id: key, user_id: members[number % members.length],
      content: { ...sample.content, text: `message ${number}${lines}` },
      created_at: sample.created_at + number * 60_000_000_000, updated_at: sample.updated_at + number * 60_000_000_000,
    };
    target.messages.push(key);
  }
  target.last_message_at = sample.created_at + (count - 1) * 60_000_000_000;
  const response = await fetch(`${emulator.url}/emulator/restore`, { method: "POST", body: JSON.stringify(world) });
  if (!response.ok) throw new Error(`restore: ${response.status} ${await response.text()}`);
}
