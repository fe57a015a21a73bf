// @ts-check
// Sets language, direction and theme before the first paint, so that nothing jumps.
const query = new URLSearchParams(location.search)
const lang = query.get('lang') ?? localStorage.getItem('lang') ?? 'en'
const known = ['en', 'ar', 'ru'].includes(lang) ? lang : 'en'
document.documentElement.lang = known
document.documentElement.dir = known === 'ar' ? 'rtl' : 'ltr'
const theme = query.get('theme') ?? localStorage.getItem('theme')
if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
