import { createVisitor } from '../support/visitor.ts'

export const password = 'correct horse 4 battery'

/** An account that can log in. */
export async function registerAccount(origin: string, email: string): Promise<void> {
  const response = await createVisitor(origin).post('/auth/register', { email, password })
  if (response.status !== 201) throw new Error(`register: ${response.status} ${await response.text()}`)
}

/** The `Cookie` header of a new account that has logged in. */
export async function logInVisitor(origin: string): Promise<string> {
  const email = 'bench@example.com'
  await registerAccount(origin, email)
  const visitor = createVisitor(origin)
  const response = await visitor.post('/auth/login', { identifier: email, password })
  if (!response.ok) throw new Error(`login: ${response.status} ${await response.text()}`)
  return [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
}
