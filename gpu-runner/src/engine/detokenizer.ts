/** Tokens whose text is whole: no character begins in one unit and ends in another. */
export type TextUnit = { readonly ids: readonly number[]; readonly text: string }

export type Detokenizer = {
  /** Takes the next token. Gives a unit, or undefined while a character is incomplete. */
  readonly push: (id: number) => TextUnit | undefined
  /** Gives the tokens that are still held. Bytes that make no character have no text. */
  readonly flush: () => TextUnit | undefined
}

/** Tokens that may be held for one character; a character has at most four bytes, and a token at least one. */
const HELD_MAX = 8
/** Tokens before the new ones that are decoded with them, so that spaces between words come out right. */
const CONTEXT_TOKENS = 6

/** Turns token ids into text one at a time. `before` are the ids that the answer already has. */
export function createDetokenizer(decode: (ids: number[]) => string, before: readonly number[]): Detokenizer {
  let context = before.slice(-CONTEXT_TOKENS)
  let held: number[] = []
  return {
    push: (id) => {
      held.push(id)
      const text = decode([...context, ...held]).slice(decode(context).length)
      if (text.endsWith('\uFFFD') && held.length < HELD_MAX) return undefined
      const unit = { ids: held, text }
      context = [...context, ...held].slice(-CONTEXT_TOKENS)
      held = []
      return unit
    },
    flush: () => {
      if (held.length === 0) return undefined
      const text = decode([...context, ...held]).slice(decode(context).length)
      const unit = { ids: held, text: text.replace(/\uFFFD+$/, '') }
      held = []
      return unit
    },
  }
}
