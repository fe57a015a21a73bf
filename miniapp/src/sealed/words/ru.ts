import type { WordsOf } from '../../words/define-words.ts'
import type { en } from './en.ts'

/** What is said of seals, in Russian. */
export const ru: WordsOf<typeof en> = {
  simulated: 'СИМУЛЯЦИЯ: только для пробы, ничего не доказывает.',
  why: 'Почему это никому не прочесть?',
  'why-own': 'Почему это прочтёт только она?',
  'why-refused': 'Что не прошло проверку?',
  details: 'Подробности',
  'look-checking': 'Это устройство проверяет машины.',
  'look-confidential': 'Запечатывается здесь для машин, которые проверило это устройство.',
  'look-own': 'Запечатывается здесь для вашей машины.',
  'look-refused': 'Сейчас ни одна машина не проходит проверку. Ничего не будет отправлено.',
  'look-no-own': 'Ни одна подтверждённая вами машина сейчас не запускает эту модель.',
}
