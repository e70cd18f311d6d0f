/** Settles as `work` does, or rejects with an error of this text when `ms` are over. The work itself goes on. */
export async function withTimeLimit<T>(work: Promise<T>, ms: number, text: string): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(text)), ms)
  try {
    return await Promise.race([work, promise])
  } finally {
    clearTimeout(timer)
  }
}
