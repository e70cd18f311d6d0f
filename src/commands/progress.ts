const patienceMs = 1000

/** Runs `work`; if it takes longer than a second, says on stderr what is being waited for. */
export async function withProgress<T>(what: string, work: Promise<T>): Promise<T> {
  const timer = setTimeout(() => process.stderr.write(`cloudchat: ${what} …\n`), patienceMs)
  try {
    return await work
  } finally {
    clearTimeout(timer)
  }
}
