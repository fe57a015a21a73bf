import type { TextUnit } from './detokenizer.ts'
import type { Piece } from './engine.ts'

export type AnswerWriter = {
  /** Takes the next unit and gives what may go out now. */
  readonly push: (unit: TextUnit) => { readonly piece: Piece | undefined; readonly stopped: boolean }
  /** Gives what was held back: the answer ended and no stop string came. */
  readonly flush: () => Piece | undefined
}

/**
 * Holds text back while it may be the beginning of a stop string, and ends the answer before one. Pieces end where a
 * token ends, so that their ids and their text say the same; only the piece before a stop string may end inside a
 * token, and then it carries no ids.
 */
export function createAnswerWriter(stops: readonly string[]): AnswerWriter {
  let units: TextUnit[] = []
  return {
    push: (unit) => {
      units.push(unit)
      const text = textOf(units)
      const stopAt = firstStop(text, stops)
      if (stopAt !== undefined) {
        const piece = cutBefore(units, stopAt)
        units = []
        return { piece, stopped: true }
      }
      const free = unitsWithin(units, text.length - heldLength(text, stops))
      const piece = pieceOf(units.slice(0, free))
      units = units.slice(free)
      return { piece, stopped: false }
    },
    flush: () => {
      const piece = pieceOf(units)
      units = []
      return piece
    },
  }
}

/** How many characters at the end of `text` may be the beginning of a stop string. */
export function heldLength(text: string, stops: readonly string[]): number {
  let longest = 0
  for (const stop of stops) {
    for (let length = Math.min(stop.length - 1, text.length); length > longest; length--) {
      if (text.endsWith(stop.slice(0, length))) longest = length
    }
  }
  return longest
}

function firstStop(text: string, stops: readonly string[]): number | undefined {
  const places = stops.map((stop) => text.indexOf(stop)).filter((place) => place >= 0)
  return places.length === 0 ? undefined : Math.min(...places)
}

function cutBefore(units: readonly TextUnit[], stopAt: number): Piece | undefined {
  const whole = unitsWithin(units, stopAt)
  const kept = pieceOf(units.slice(0, whole))
  const rest = textOf(units).slice(kept?.text.length ?? 0, stopAt)
  if (rest === '') return kept
  return { text: (kept?.text ?? '') + rest, tokens: (kept?.tokens ?? 0) + (units[whole]?.ids.length ?? 0) }
}

function unitsWithin(units: readonly TextUnit[], chars: number): number {
  let end = 0
  const beyond = units.findIndex((unit) => {
    end += unit.text.length
    return end > chars
  })
  return beyond < 0 ? units.length : beyond
}

function pieceOf(units: readonly TextUnit[]): Piece | undefined {
  if (units.length === 0) return undefined
  const tokenIds = units.flatMap((unit) => unit.ids)
  return { text: textOf(units), tokens: tokenIds.length, tokenIds }
}

function textOf(units: readonly TextUnit[]): string {
  return units.map((unit) => unit.text).join('')
}
