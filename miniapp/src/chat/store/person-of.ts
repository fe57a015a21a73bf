/** Names the storage of one person. It says nothing of who the person is: that is the coordinator's to check. */
export function personOf(initData: string | undefined): string {
  const user = new URLSearchParams(initData ?? '').get('user') ?? ''
  return /"id":(\d{1,20})\b/.exec(user)?.[1] ?? 'nobody'
}
