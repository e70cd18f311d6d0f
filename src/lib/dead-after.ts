/** An instance that has not said for so long that it lives is dead. */
export const deadAfterSeconds = 10
