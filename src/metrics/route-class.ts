export const routeClasses = ['api', 'auth', 'chat', 'openai', 'status', 'page', 'other'] as const

/** The place of a path among `routeClasses`: never the path itself, which anybody may choose. */
export function routeClassOf(path: string): number {
  const own = path.startsWith('/cloudchat/') ? path.slice('/cloudchat'.length) : path
  for (const [beginning, place] of beginnings) if (own.startsWith(beginning)) return place
  return places.get(own) ?? placeOf('other')
}

const beginnings = [
  ['/api/v1/', placeOf('api')],
  ['/v1/', placeOf('openai')],
  ['/auth/', placeOf('auth')],
  ['/c/', placeOf('page')],
  ['/admin/', placeOf('page')],
  ['/s/', placeOf('page')],
] as const

const places = new Map([
  ...paths('chat', ['/deepseek_chat', '/chat', '/chat_history', '/reset_chat']),
  ...paths('status', ['/livez', '/readyz', '/health', '/metrics', '/info', '/test']),
  ...paths('page', ['/', '/login', '/register', '/forgot_password', '/reset_password']),
  ...paths('page', ['/dashboard', '/settings', '/admin']),
])

function placeOf(name: (typeof routeClasses)[number]): number {
  return routeClasses.indexOf(name)
}

function paths(name: (typeof routeClasses)[number], all: string[]): [string, number][] {
  return all.map((path) => [path, placeOf(name)])
}
