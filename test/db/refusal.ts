/** The error that some work ends with; throws when it ends well. */
export async function refusal(work: PromiseLike<unknown>): Promise<unknown> {
  try {
    await work
  } catch (error) {
    return error
  }
  throw new Error('It was not refused')
}
