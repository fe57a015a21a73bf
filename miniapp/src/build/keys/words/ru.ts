import type { WordsOf } from '../../../words/define-words.ts'
import type { en } from './en.ts'

/** API keys in Russian. */
export const ru: WordsOf<typeof en> = {
  'new-title': 'Новый ключ',
  name: 'Название',
  'name-example': 'Где он работает: ноутбук, сервер',
  'limit-day': 'Не больше в день, TON',
  'limit-month': 'Не больше в месяц, TON',
  'limit-none': 'без предела',
  create: 'Создать ключ',
  'created-title': 'Ваш новый ключ: {name}',
  'created-once': 'Скопируйте его сейчас. Больше вы его не увидите.',
  'created-careful': 'Тот, у кого он есть, может тратить ваш баланс в его пределах.',
  'created-done': 'Ключ скопирован',
  'created-try': 'К примерам, уже с этим ключом',
  'key-label': 'Ключ API',

  'list-title': 'Ваши ключи',
  'list-none': 'У вас пока нет ключей.',
  'never-used': 'ещё не использован',
  'last-used': 'использован {age}',
  'spent-ever': 'всего потрачено {amount}',
  'spent-day': 'Сегодня {spent} из {limit}',
  'spent-month': 'За месяц {spent} из {limit}',
  'spent-day-free': 'Сегодня {spent}, без предела',
  'limit-reached': 'Предел достигнут: запросы отклоняются, пока он не обновится или вы его не поднимете.',
  change: 'Изменить',
  'change-of': 'Изменить {name}',
  save: 'Сохранить',
  revoke: 'Отозвать',
  'revoke-of': 'Отозвать {name}',
  'revoke-ask': 'Отозвать «{name}»? Всё, что им пользуется, за секунды перестанет работать навсегда.',
  revoked: 'Ключ «{name}» отозван.',

  'fault-name-empty': 'Дайте ему название, по которому вы его узнаете.',
  'fault-name-long': 'Не больше 64 знаков.',
  'fault-limit-wrong': 'Сумма вроде 0,5 или ничего, если предел не нужен.',
  'fault-limit-zero': 'Ключ, которым нельзя ничего потратить, не нужен. Оставьте пустым, если предела нет.',
  'fault-limit-above-month': 'Предел на день не может быть больше, чем на месяц.',
  'refused-too-many': 'У вас 50 ключей, больше нельзя. Отзовите тот, который уже не нужен.',
  'refused-gone': 'Этот ключ уже отозван.',
}
