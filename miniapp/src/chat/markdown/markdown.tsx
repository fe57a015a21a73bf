import { memo, type ReactNode, useMemo, useRef } from 'react'
import { BlockToken } from './block-token.tsx'
import { type Block, growBlocks, NO_BLOCKS } from './grow-blocks.ts'
import './markdown.css'

/** An answer in Markdown, made of elements, never of HTML. While it grows only its last blocks are read and drawn again. */
export function Markdown({ text }: { readonly text: string }): ReactNode {
  const before = useRef(NO_BLOCKS)
  const blocks = useMemo(() => growBlocks(before.current, text), [text])
  before.current = blocks
  return (
    <div className="markdown">
      {[...blocks.sure, ...blocks.open].map((block) => (
        <OneBlock key={block.at} block={block} />
      ))}
    </div>
  )
}

const OneBlock = memo(function OneBlock({ block }: { readonly block: Block }): ReactNode {
  return <BlockToken token={block.token} />
})
