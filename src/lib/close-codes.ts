/** Why we closed a WebSocket, beside what the protocol itself says (1000, and 1009 for a frame that is too long). */
export const closeCodes = {
  /** The service ends: come back at once. */
  goingAway: 1001,
  /** A binary frame. */
  notText: 1003,
  /** Something that we need is away at the moment. */
  tryLater: 1013,
  /** The first frame of somebody unknown was none that we understand. */
  badFrame: 4400,
  /** No credential, a wrong one, or its session has ended. */
  unauthenticated: 4401,
  /** Too many sockets of one person, or too many frames at once. */
  tooMany: 4429,
} as const
