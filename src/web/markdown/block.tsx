import { type ComponentChildren, h } from 'preact'
import { useMemo } from 'preact/hooks'
import { CodeBlock } from './code-block.tsx'
import { FormulaView } from './formula.tsx'
import { HtmlBlock } from './html-block.tsx'
import { Checkbox, Inline } from './inline.tsx'
import type { BlockToken, List, ListItem, Table } from './lex.ts'
import type { Block } from './split-blocks.ts'
import { markdownTexts } from './texts.ts'

/** One block of an answer; drawn anew only when it has changed. */
export function BlockView({ block: { token, links } }: { block: Block }) {
  return useMemo(() => <TokenView token={token} />, [token.type, token.raw, links])
}

function TokenView({ token }: { token: BlockToken }) {
  switch (token.type) {
    case 'paragraph':
      return (
        <p>
          <Inline tokens={token.tokens} />
        </p>
      )
    case 'heading':
      return h(`h${token.depth}`, null, <Inline tokens={token.tokens} />)
    case 'code':
      return <CodeBlock code={token.text} language={token.lang?.split(/[\s{:,]/)[0] ?? ''} />
    case 'list':
      return <ListView list={token} />
    case 'blockquote':
      return <blockquote>{drawAll(token.tokens)}</blockquote>
    case 'table':
      return <TableView table={token} />
    case 'hr':
      return <hr />
    case 'html':
      return <HtmlBlock html={token.text} />
    case 'formula':
      return <FormulaView formula={token} />
    case 'checkbox':
      return <Checkbox isChecked={token.checked} />
    // Of a list whose items are close together: no paragraph.
    case 'text':
      return <Inline tokens={token.tokens ?? [{ ...token, tokens: undefined }]} />
    case 'space':
    case 'def':
      return null
  }
}

function drawAll(tokens: BlockToken[]): ComponentChildren {
  return tokens.map((token, at) => <TokenView key={at} token={token} />)
}

function ListView({ list }: { list: List }) {
  const items = list.items.map((item, at) => <Item key={at} item={item} isLoose={list.loose} />)
  const isOfTasks = list.items.some(({ task }) => task)
  const style = isOfTasks ? 'tasks' : undefined
  if (!list.ordered) return <ul class={style}>{items}</ul>
  return (
    <ol class={style} start={list.start === '' || list.start === 1 ? undefined : list.start}>
      {items}
    </ol>
  )
}

function Item({ item, isLoose }: { item: ListItem; isLoose: boolean }) {
  // A long list grows at its end only.
  return useMemo(
    () => <li class={item.task ? 'task' : undefined}>{drawAll(item.tokens)}</li>,
    [item.raw, isLoose],
  )
}

function TableView({ table }: { table: Table }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by the keyboard
    // biome-ignore lint/a11y/useSemanticElements: it is no set of fields
    <div class="table" role="group" aria-label={markdownTexts.value.table} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {table.header.map(({ tokens, align }, at) => (
              <th key={at} class={align ?? undefined} scope="col">
                <Inline tokens={tokens} />
              </th>
            ))}
          </tr>
        </thead>
        {table.rows.length > 0 && (
          <tbody>
            {table.rows.map((row, at) => (
              <Row key={at} cells={row} />
            ))}
          </tbody>
        )}
      </table>
    </div>
  )
}

function Row({ cells }: { cells: Table['header'] }) {
  const content = cells.map(({ text }) => text).join('|')
  return useMemo(
    () => (
      <tr>
        {cells.map(({ tokens, align }, at) => (
          <td key={at} class={align ?? undefined}>
            <Inline tokens={tokens} />
          </td>
        ))}
      </tr>
    ),
    [content],
  )
}
