// @ts-check
// Keeps the page up to date, copies, and asks the faucet. The page works without it, apart from these.
const REFRESH_MS = 2000

/** Replaces what changed since the last look. */
async function refresh() {
  if (document.hidden) return
  try {
    const response = await fetch(location.href, { cache: 'no-store' })
    if (!response.ok) return
    const next = new DOMParser().parseFromString(await response.text(), 'text/html')
    const fresh = next.querySelectorAll('[data-live]')
    document.querySelectorAll('[data-live]').forEach((section, index) => {
      const newer = fresh[index]
      if (newer && newer.innerHTML !== section.innerHTML && !section.contains(document.activeElement)) {
        section.replaceChildren(...newer.childNodes)
      }
    })
  } catch {
    // The local TON is restarting: the next look finds it again.
  }
}

document.addEventListener('click', async (event) => {
  const button = event.target instanceof Element ? event.target.closest('[data-copy]') : null
  if (!(button instanceof HTMLElement)) return
  await navigator.clipboard.writeText(button.dataset.copy ?? '')
  button.textContent = 'Copied'
  setTimeout(() => (button.textContent = 'Copy'), 1500)
})

document.addEventListener('submit', async (event) => {
  const form = event.target
  if (!(form instanceof HTMLFormElement) || !form.dataset.faucet) return
  event.preventDefault()
  const status = form.querySelector('[data-faucet-status]')
  const amount = new FormData(form).get('amount')
  const response = await fetch('/faucet', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ to: form.dataset.faucet, amount: String(amount).trim() }),
  })
  if (status) {
    status.textContent = response.ok
      ? `${amount} TON arrived.`
      : 'The faucet gives up to 1000000 TON, with up to nine digits after the point.'
  }
  await refresh()
})

setInterval(refresh, REFRESH_MS)
