import type { users } from '../../db/tables.ts'

/** A person with an account, as the rest of the program knows one. */
export interface User {
  id: number
  /** What clients see instead of `id`. */
  uid: string
  username: string | null
  email: string | null
  phone: string | null
  displayName: string | null
  role: 'user' | 'admin'
  /** Language of this person's mails. */
  locale: 'zh' | 'en'
  /** null: the plan that the settings give to everybody. */
  plan: string | null
  isActive: boolean
  createdAt: Date
}

export function toUser(row: typeof users.$inferSelect): User {
  return {
    id: row.id,
    uid: row.uid,
    username: row.username,
    email: row.email,
    phone: row.phone,
    displayName: row.displayName,
    role: row.role,
    locale: row.locale,
    plan: row.plan,
    isActive: row.isActive,
    createdAt: row.createdAt,
  }
}
