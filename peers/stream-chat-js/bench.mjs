// Prints the CPU time of a call in microseconds, for `cargo xtask bench peers`.

import { StreamChat } from 'stream-chat';
import { measure } from '../harness/bench_calls.mjs';

await measure((baseURL) => {
  const client = new StreamChat('key', 'a secret of at least thirty-two bytes', { baseURL, disableCache: true });
  const channel = client.channel('messaging', 'general', { created_by_id: 'john' });
  return () => channel.sendMessage({ text: 'Hello, world', user_id: 'john' });
});
