import { expect, test } from 'vitest'
import { startPath } from '../../shell/places.ts'
import { readEarnPath } from '../earn-path.ts'
import { inviteLink } from './invite-link.ts'

const CODE = 'K7QM-29XF_ab'

test('whoever opens the link in Telegram comes to the invitation', () => {
  const link = new URL(inviteLink(CODE, { botUsername: 'sharnaqa_bot', origin: 'https://host' }))
  expect(`${link.origin}${link.pathname}`).toBe('https://t.me/sharnaqa_bot')
  expect(readEarnPath(startPath(link.searchParams.get('startapp') ?? ''))).toEqual({
    view: 'join',
    code: CODE,
  })
})

test('without a bot the link leads to the page itself', () => {
  const link = new URL(inviteLink(CODE, { botUsername: undefined, origin: 'https://host' }))
  expect(readEarnPath(link.pathname)).toEqual({ view: 'join', code: CODE })
})
