import type { MarkedToken, Token, Tokens } from 'marked'
import { Fragment, type ReactNode } from 'react'
import { useWords } from '../../words/define-words.ts'
import { CHAT_WORDS } from '../words/words.ts'
import { CodeListing } from './code-listing.tsx'
import { DEPTH_MAX, InlineTokens } from './inline-tokens.tsx'

type Props = { readonly token: Token; readonly depth?: number }

/** One block of an answer. */
export function BlockToken({ token, depth = 0 }: Props): ReactNode {
  if (depth > DEPTH_MAX) return <p dir="auto">{token.raw}</p>
  const one = token as MarkedToken
  switch (one.type) {
    case 'space':
    case 'def':
    case 'checkbox':
      return null
    case 'heading': {
      const Heading = one.depth <= 2 ? 'h2' : 'h3'
      return (
        <Heading dir="auto">
          <InlineTokens tokens={one.tokens} />
        </Heading>
      )
    }
    case 'paragraph':
      return (
        <p dir="auto">
          <InlineTokens tokens={one.tokens} />
        </p>
      )
    case 'code':
      return <CodeListing text={one.text} language={one.lang} />
    case 'blockquote':
      return (
        <blockquote dir="auto">
          <BlockTokens tokens={one.tokens} depth={depth + 1} />
        </blockquote>
      )
    case 'list':
      return <List list={one} depth={depth} />
    case 'table':
      return <Table table={one} />
    case 'hr':
      return <hr />
    case 'text':
      return (
        <p dir="auto" className="as-written">
          <InlineTokens tokens={one.tokens ?? [one]} />
        </p>
      )
    default:
      return (
        <p dir="auto" className="as-written">
          {one.raw.trim()}
        </p>
      )
  }
}

function BlockTokens({ tokens, depth }: { readonly tokens: readonly Token[]; readonly depth: number }) {
  return tokens.map((token, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the blocks of a block never move
    <BlockToken key={at} token={token} depth={depth} />
  ))
}

function List({ list, depth }: { readonly list: Tokens.List; readonly depth: number }): ReactNode {
  const items = list.items.map((item, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the items of a list never move
    <li key={at} className={item.task ? 'task' : undefined}>
      {item.task && (item.checked ? '☑ ' : '☐ ')}
      {item.tokens.map((token, part) =>
        token.type === 'text' ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: as above
          <Fragment key={part}>
            <InlineTokens tokens={(token as Tokens.Text).tokens ?? [token]} />
          </Fragment>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: as above
          <BlockToken key={part} token={token} depth={depth + 1} />
        ),
      )}
    </li>
  ))
  if (!list.ordered) return <ul dir="auto">{items}</ul>
  return (
    <ol dir="auto" start={list.start === '' ? 1 : list.start}>
      {items}
    </ol>
  )
}

function Table({ table }: { readonly table: Tokens.Table }): ReactNode {
  const words = useWords(CHAT_WORDS)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways has to be reached by the keyboard
    <section className="table-scroll" dir="auto" aria-label={words.table} tabIndex={0}>
      <table dir="auto">
        <thead>
          <tr>
            {table.header.map((cell, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns never move
              <th key={at} dir="auto" data-align={cell.align ?? undefined}>
                <InlineTokens tokens={cell.tokens} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, line) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows never move
            <tr key={line}>
              {row.map((cell, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns never move
                <td key={at} dir="auto" data-align={cell.align ?? undefined}>
                  <InlineTokens tokens={cell.tokens} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
