/** Memory of this process while something is done. */

const LOOK_MS = 5;

/** Does the work and returns its result with how many bytes the process grew by meanwhile, at most. */
export async function growthDuring<Result>(work: () => Promise<Result>): Promise<{result: Result; bytes: number}> {
  const before = process.memoryUsage.rss();
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, LOOK_MS);
  try {
    const result = await work();
    return {result, bytes: Math.max(most, process.memoryUsage.rss()) - before};
  } finally {
    clearInterval(timer);
  }
}
