/** Whether errors at this path are to be told in OpenAI's words. */
export function isOpenAiPath(pathname: string): boolean {
  return pathname === '/v1' || pathname.startsWith('/v1/')
}
