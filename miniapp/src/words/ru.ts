import type { Words } from './words.ts'

/** The page in Russian. */
export const ru: Words = {
  name: 'Sharnaqa',
  'under-name': 'по-арабски «кокон»',
  languages: 'Язык',
  pages: 'Страницы',
  'place-chat': 'Чат',
  'place-earn': 'Доход',
  'place-wallet': 'Кошелёк',
  'place-build': 'API',
  'place-network': 'Сеть',
  'place-settings': 'Настройки',
  'in-nano': 'точно {count} нано',
  back: 'Назад',
  close: 'Закрыть',
  cancel: 'Отмена',
  fallen: 'Эта страница перестала работать. Всё ваше сохранено.',
  'load-again': 'Загрузить снова',
  'failed-here': 'Не получилось. Ничего не изменилось.',
  'login-old': 'Приложение было открыто слишком долго. Закройте его и откройте снова из Telegram.',
  'login-refused': 'Telegram не подтвердил это открытие. Откройте приложение снова из бота.',
  'login-clock': 'Похоже, часы этого устройства неверны. Исправьте их и откройте приложение снова.',
  'login-gone': 'Этот аккаунт удалён. Откройте приложение снова из бота, чтобы начать новый.',
  'too-often': 'Слишком много запросов сразу. Подождите немного.',
  'open-in-telegram': 'Открыть в Telegram',
  'open-in-telegram-why':
    'Эта страница только ваша, поэтому она открывается в Telegram, где мы знаем, кто вы.',

  loading: 'Загрузка',
  stale: 'Связи с сетью нет.',
  'last-known': 'Последнее, что известно: {age}.',
  failed: 'Сеть не ответила. На ваших данных и монетах это не отразилось.',
  retry: 'Ещё раз',

  copy: 'Копировать',
  copied: 'Скопировано',
  selected: 'Выделено',
  'copy-what': 'Копировать: {what}',
}
