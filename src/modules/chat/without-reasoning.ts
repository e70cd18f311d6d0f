/** Some models think aloud in their answer, some servers leave the first tag out. */
export function withoutReasoning(answer: string): string {
  const closed = answer.replace(/<(think|thinking|reasoning|reflection)>[\s\S]*?<\/\1>/gi, '')
  const rest = closed.replace(/^[\s\S]*<\/(think|thinking|reasoning|reflection)>/i, '')
  return rest
    .replace(/<(think|thinking|reasoning|reflection)>[\s\S]*$/i, '')
    .replace(/<\/?(title|answer|output|response)>/gi, '')
}
