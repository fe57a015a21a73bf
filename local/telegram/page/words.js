// @ts-check

/** @typedef {keyof typeof EN} Word */

const EN = {
  skip: 'Skip to the message field',
  chats: 'Chats',
  back: 'Back',
  writeAs: 'Write as',
  language: 'Language',
  theme: 'Light or dark',
  note: 'A stand-in for Telegram on this machine. Nothing leaves it.',
  commands: 'Commands',
  attach: 'Attach a sample',
  cancel: 'Cancel',
  stop: 'Stop writing',
  send: 'Send',
  start: 'Start',
  miniApp: 'Mini App',
  reload: 'Reload',
  close: 'Close',
  jump: 'To the newest message',
  message: 'Message',
  reconnecting: 'Reconnecting…',
  typing: 'typing…',
  bot: 'bot',
  thinking: 'Thinking…',
  edited: 'edited',
  reply: 'Reply',
  copy: 'Copy',
  copied: 'Copied',
  edit: 'Edit',
  editing: 'Editing',
  newTopic: 'New topic',
  topicName: 'What is the topic about?',
  create: 'Create',
  everything: 'All other messages',
  emptyTitle: 'Nothing here yet',
  emptyPrivate: 'Press Start and the bot says hello.',
  emptyTopic: 'Write the first message of this topic.',
  emptyGroup: 'Mention the bot to call it. Otherwise it stays silent.',
  members: '{n} members',
  photo: 'Photo',
  voice: 'Voice message',
  document: 'Document',
  sticker: 'Sticker',
  location: 'Location',
  opensLink: 'opens a link',
  showMore: 'Show more',
  spoiler: 'Hidden text. Press to show.',
  notSent: 'Not sent: {reason}',
  ok: 'OK',
  you: 'You',
  friend: 'Friend',
  botSilent: 'The bot cannot write here now.',
}

/** @type {Record<string, Record<Word, string>>} */
const WORDS = {
  en: EN,
  ar: {
    skip: 'انتقل إلى حقل الكتابة',
    chats: 'المحادثات',
    back: 'رجوع',
    writeAs: 'اكتب باسم',
    language: 'اللغة',
    theme: 'فاتح أو داكن',
    note: 'بديل عن تيليجرام على هذا الجهاز. لا شيء يخرج منه.',
    commands: 'الأوامر',
    attach: 'أرفق نموذجًا',
    cancel: 'إلغاء',
    stop: 'أوقف الكتابة',
    send: 'أرسل',
    start: 'ابدأ',
    miniApp: 'تطبيق مصغّر',
    reload: 'أعد التحميل',
    close: 'أغلق',
    jump: 'إلى أحدث رسالة',
    message: 'رسالة',
    reconnecting: 'نعيد الاتصال…',
    typing: 'يكتب…',
    bot: 'بوت',
    thinking: 'يفكر…',
    edited: 'معدّلة',
    reply: 'ردّ',
    copy: 'انسخ',
    copied: 'نُسخ',
    edit: 'عدّل',
    editing: 'تعديل',
    newTopic: 'موضوع جديد',
    topicName: 'عمّ يدور الموضوع؟',
    create: 'أنشئ',
    everything: 'باقي الرسائل',
    emptyTitle: 'لا شيء هنا بعد',
    emptyPrivate: 'اضغط «ابدأ» وسيرحّب بك البوت.',
    emptyTopic: 'اكتب أول رسالة في هذا الموضوع.',
    emptyGroup: 'اذكر اسم البوت ليجيب، وإلا بقي صامتًا.',
    members: 'عدد الأعضاء: {n}',
    photo: 'صورة',
    voice: 'رسالة صوتية',
    document: 'مستند',
    sticker: 'ملصق',
    location: 'موقع',
    opensLink: 'يفتح رابطًا',
    showMore: 'اعرض المزيد',
    spoiler: 'نص مخفي. اضغط لإظهاره.',
    notSent: 'لم تُرسل: {reason}',
    ok: 'حسنًا',
    you: 'أنت',
    friend: 'صديق',
    botSilent: 'لا يستطيع البوت الكتابة هنا الآن.',
  },
  ru: {
    skip: 'К полю сообщения',
    chats: 'Чаты',
    back: 'Назад',
    writeAs: 'Писать от имени',
    language: 'Язык',
    theme: 'Светлая или тёмная',
    note: 'Замена Telegram на этом компьютере. Ничего не уходит наружу.',
    commands: 'Команды',
    attach: 'Приложить образец',
    cancel: 'Отмена',
    stop: 'Остановить',
    send: 'Отправить',
    start: 'Начать',
    miniApp: 'Мини-приложение',
    reload: 'Обновить',
    close: 'Закрыть',
    jump: 'К последнему сообщению',
    message: 'Сообщение',
    reconnecting: 'Восстанавливаем связь…',
    typing: 'печатает…',
    bot: 'бот',
    thinking: 'Думает…',
    edited: 'изменено',
    reply: 'Ответить',
    copy: 'Скопировать',
    copied: 'Скопировано',
    edit: 'Изменить',
    editing: 'Изменение',
    newTopic: 'Новая тема',
    topicName: 'О чём эта тема?',
    create: 'Создать',
    everything: 'Остальные сообщения',
    emptyTitle: 'Здесь пока пусто',
    emptyPrivate: 'Нажмите «Начать», и бот поздоровается.',
    emptyTopic: 'Напишите первое сообщение темы.',
    emptyGroup: 'Упомяните бота, чтобы позвать его. Иначе он молчит.',
    members: 'Участников: {n}',
    photo: 'Фото',
    voice: 'Голосовое сообщение',
    document: 'Документ',
    sticker: 'Стикер',
    location: 'Место',
    opensLink: 'открывает ссылку',
    showMore: 'Показать ещё',
    spoiler: 'Скрытый текст. Нажмите, чтобы показать.',
    notSent: 'Не отправлено: {reason}',
    ok: 'Хорошо',
    you: 'Вы',
    friend: 'Друг',
    botSilent: 'Бот сейчас не может писать сюда.',
  },
}

/** The language of the page now. */
export function language() {
  return document.documentElement.lang
}

/**
 * Gives a word in the page's language.
 * @param {Word} name
 * @param {Record<string, string>} [values]
 */
export function word(name, values = {}) {
  const text = (WORDS[language()] ?? EN)[name]
  return text.replaceAll(/\{(\w+)\}/g, (_all, key) => values[key] ?? '')
}

/** Writes the words of all that is in the document from the start. */
export function writeWords() {
  for (const element of document.querySelectorAll('[data-word]')) {
    element.textContent = word(/** @type {Word} */ (element.getAttribute('data-word')))
  }
  for (const element of document.querySelectorAll('[data-label]')) {
    const text = word(/** @type {Word} */ (element.getAttribute('data-label')))
    element.setAttribute('aria-label', text)
    if (element instanceof HTMLButtonElement) element.title = text
  }
}
