/** The address that leads to an invitation: inside Telegram through the bot, where there is one. */
export function inviteLink(
  code: string,
  { botUsername, origin }: { readonly botUsername: string | undefined; readonly origin: string },
): string {
  return botUsername === undefined
    ? `${origin}/earn/join/${code}`
    : `https://t.me/${botUsername}?startapp=join_${code}`
}
