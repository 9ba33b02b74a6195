// Makes calls, 64 at a time, and prints the time of one: `node bench.mjs URL CALLS` of a peer.

const TOGETHER = 64;

/** `connect` takes the URL of the server and returns a function that makes a call. */
export async function measure(connect) {
  const [url, calls] = [process.argv[2], Number(process.argv[3])];
  const call = connect(url);
  const run = async (count) => {
    let left = count;
    const work = async () => {
      while (left-- > 0) await call();
    };
    await Promise.all(Array.from({ length: TOGETHER }, work));
  };
  // Connections exist and the code is compiled before the measurement.
  await run(Math.ceil(calls / 4));
  const before = process.cpuUsage();
  await run(calls);
  const { user, system } = process.cpuUsage(before);
  console.log((user + system) / calls);
  process.exit(0);
}
