import type { MarkedToken, Token } from 'marked'
import { Fragment, type ReactNode } from 'react'
import { useTelegram } from '../../telegram/telegram-context.tsx'
import { useWords } from '../../words/define-words.ts'
import { CHAT_WORDS } from '../words/words.ts'
import { decodeEntities } from './decode-entities.ts'
import { isTelegramLink, safeLink } from './safe-link.ts'

/** Elements inside elements; deeper ones are shown as they were written. */
export const DEPTH_MAX = 24

type Props = { readonly tokens: readonly Token[] | undefined; readonly depth?: number }

/** What stands in a line: text, emphasis, code, links. */
export function InlineTokens({ tokens = [], depth = 0 }: Props): ReactNode {
  return tokens.map((token, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a line never move
    <Fragment key={at}>{inline(token as MarkedToken, depth)}</Fragment>
  ))
}

function inline(token: MarkedToken, depth: number): ReactNode {
  if (depth > DEPTH_MAX) return token.raw
  const inner = (tokens: readonly Token[]) => <InlineTokens tokens={tokens} depth={depth + 1} />
  switch (token.type) {
    case 'strong':
      return <strong>{inner(token.tokens)}</strong>
    case 'em':
      return <em>{inner(token.tokens)}</em>
    case 'del':
      return <del>{inner(token.tokens)}</del>
    case 'codespan':
      return <code dir="ltr">{token.text}</code>
    case 'br':
      return <br />
    case 'checkbox':
      return null // said by its list
    case 'link':
      return <SafeLink href={token.href}>{inner(token.tokens)}</SafeLink>
    case 'image':
      return <PictureLink href={token.href} text={token.text} />
    case 'escape':
      return token.text
    case 'text':
      return token.tokens ? inner(token.tokens) : decodeEntities(token.text)
    case 'html':
      return /^<br\s*\/?>$/i.test(token.raw.trim()) ? <br /> : token.raw
    default:
      return token.raw
  }
}

/** A picture is not loaded: whoever keeps it would learn who reads this. It is a link. */
function PictureLink({ href, text }: { readonly href: string; readonly text: string }): ReactNode {
  const words = useWords(CHAT_WORDS)
  return <SafeLink href={href}>{text ? `${words.image}: ${text}` : words.image}</SafeLink>
}

function SafeLink({ href, children }: { readonly href: string; readonly children: ReactNode }): ReactNode {
  const telegram = useTelegram()
  const url = safeLink(href)
  if (!url) return children
  return (
    <a
      href={url.href}
      target="_blank"
      rel="noopener noreferrer"
      title={url.href}
      onClick={(event) => {
        event.preventDefault()
        if (isTelegramLink(url)) telegram.openChat(url.href)
        else telegram.openLink(url.href)
      }}
    >
      {children}
    </a>
  )
}
