import { AppError } from '../../errors.ts'

/** A link to one branch as it was, as its owner sees it. */
export interface Share {
  id: string
  /** In the link. */
  token: string
  conversationId: string
  title: string
  /** The only thing of its owner that is shown; null: nothing. */
  displayName: string | null
  createdAt: Date
  /** null: never. */
  expiresAt: Date | null
}

/** Withdrawn, expired, of a deleted conversation, or never made: nobody is told which. */
export function noShare(): AppError {
  return new AppError('not_found', 'There is nothing shared here')
}
