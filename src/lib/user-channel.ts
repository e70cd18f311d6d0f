/** Where a person's windows, on whichever instance, hear what concerns them. */
export function userChannel(userId: number): string {
  return `user:${userId}`
}
