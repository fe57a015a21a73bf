import { runnerQrSvg, SCAN_SENTENCE } from './runner-qr.ts'

/**
 * The status page: one file, nothing from elsewhere, asks /status.json every two seconds. Texts are set, never parsed as
 * HTML; the code to scan is drawn here.
 */
export function statusPage(runnerId: string): string {
  return PAGE.replace('<!--code-->', () => runnerQrSvg(runnerId)).replace('<!--scan-->', () => SCAN_SENTENCE)
}

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sharnaqa runner</title>
<style>
:root { color-scheme: light dark; --text: #17181a; --hint: #61656b; --page: #f2f2f4; --card: #fff; --line: #e3e4e7; --silk: #8a6400; --leaf: #17713f }
@media (prefers-color-scheme: dark) { :root { --text: #f0f1f2; --hint: #9fa4ab; --page: #111315; --card: #1b1d20; --line: #2b2e32; --silk: #e6b84c; --leaf: #5cc98a } }
* { box-sizing: border-box }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.45 system-ui, sans-serif; font-variant-numeric: tabular-nums }
main { max-width: 720px; margin: 0 auto; padding: 32px 16px; display: grid; gap: 16px }
h1 { font-size: 17px; margin: 0; display: flex; gap: 8px; align-items: center }
h1 small { color: var(--hint); font-weight: 400; font-size: 13px; overflow: hidden; text-overflow: ellipsis }
section { background: var(--card); border-radius: 16px; padding: 16px }
h2 { font-size: 13px; font-weight: 400; color: var(--hint); margin: 0 0 8px }
#earned { font-size: 38px; line-height: 1.1; color: var(--silk) }
#nano { color: var(--hint); font-size: 13px }
.model { display: flex; flex-wrap: wrap; gap: 4px 16px; padding: 8px 0; border-top: 1px solid var(--line) }
.model:first-child { border: 0; padding-top: 0 }
.model b { flex: 1 1 160px }
.model p { flex: 1 1 100%; margin: 0; color: var(--hint); font-size: 13px }
.online { color: var(--leaf) }
table { width: 100%; border-collapse: collapse; font-size: 13px }
td, th { padding: 8px 8px 8px 0; border-top: 1px solid var(--line); text-align: left; font-weight: 400 }
th { color: var(--hint); border: 0 }
td:nth-child(n+3), th:nth-child(n+3) { text-align: right }
#notice { background: #b3261e; color: #fff; font-weight: 600 }
#scan { display: flex; flex-wrap: wrap; gap: 16px; align-items: center }
#scan svg { width: 148px; height: 148px; background: #fff; border-radius: 8px }
#scan p { flex: 1 1 240px; margin: 0 }
.stale { opacity: .5 }
.scroll { overflow-x: auto }
</style>
</head>
<body>
<main>
<h1><svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true"><ellipse cx="10" cy="10" rx="6" ry="9" fill="none" stroke="currentColor" stroke-width="1.5"/><circle cx="10" cy="10" r="2.2" fill="currentColor"/></svg>Runner <small id="runner"></small></h1>
<section id="notice" role="alert" hidden></section>
<section><h2>Earned today (UTC)</h2><div id="earned">…</div><div id="nano"></div></section>
<section><h2>Models</h2><div id="models"></div></section>
<section><h2>Last jobs</h2><div class="scroll"><table><thead><tr><th>Job</th><th>Outcome</th><th>Tokens</th><th>Time</th><th>Earned</th></tr></thead><tbody id="jobs"></tbody></table></div></section>
<section id="scan"><!--code--><p><!--scan--></p></section>
</main>
<script>
const byId = (id) => document.getElementById(id)
const make = (tag, text, className) => { const e = document.createElement(tag); e.textContent = text; if (className) e.className = className; return e }
function show(status) {
  byId('runner').textContent = status.runnerId
  byId('earned').textContent = status.earnedToday
  byId('nano').textContent = status.earnedTodayNano + ' nano'
  byId('notice').hidden = !status.notice
  byId('notice').textContent = status.notice
  byId('models').replaceChildren(...status.models.map((m) => {
    const row = make('div', '', 'model')
    row.append(make('b', m.model), make('span', m.state, m.state), make('span', m.device),
      make('span', m.running + ' of ' + m.slots + ' slots'), make('span', m.tokensPerSecond ? Math.round(m.tokensPerSecond) + ' tokens/s' : ''),
      make('p', m.sentence || m.note), make('p', m.seal))
    return row
  }))
  byId('jobs').replaceChildren(...status.jobs.map((j) => {
    const row = document.createElement('tr')
    row.append(make('td', j.jobId.slice(-8)), make('td', j.outcome), make('td', j.tokens), make('td', (j.durationMs / 1000).toFixed(1) + ' s'), make('td', j.earned || ''))
    return row
  }))
}
async function poll() {
  try {
    show(await (await fetch('status.json')).json())
    document.querySelector('main').classList.remove('stale')
  } catch { document.querySelector('main').classList.add('stale') }
  setTimeout(poll, 2000)
}
poll()
</script>
</body>
</html>
`
