// Prints the CPU time of a call in microseconds, for `cargo xtask bench peers`.

import { StreamClient } from '@stream-io/node-sdk';
import { measure } from '../harness/bench_calls.mjs';

await measure((basePath) => {
  const channel = new StreamClient('key', 'a secret of at least thirty-two bytes', { basePath }).chat.channel('messaging', 'general');
  return () => channel.sendMessage({ message: { text: 'Hello, world', user_id: 'john' } });
});
