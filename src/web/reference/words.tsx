/** Text with `code`, **weight** and lists, as the reference writes it. */
export function Words({ text }: { text: string }) {
  return (
    <>
      {text.split(/\n\n+/).map((block, at) =>
        block.startsWith('- ') ? (
          <ul key={at}>
            {block.split('\n').map((line, one) => (
              <li key={one}>
                <Inline text={line.slice(2)} />
              </li>
            ))}
          </ul>
        ) : (
          <p key={at}>
            <Inline text={block} />
          </p>
        ),
      )}
    </>
  )
}

export function Inline({ text }: { text: string }) {
  return (
    <>
      {text.split(/(`[^`]+`|\*\*[^*]+\*\*)/).map((piece, at) => {
        if (piece.startsWith('`') && piece.length > 2) return <code key={at}>{piece.slice(1, -1)}</code>
        if (piece.startsWith('**')) return <strong key={at}>{piece.slice(2, -2)}</strong>
        return piece
      })}
    </>
  )
}
