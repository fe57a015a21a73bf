import type { WordsOf } from '../../../words/define-words.ts'
import type { en } from './en.ts'

/** API keys in Arabic. */
export const ar: WordsOf<typeof en> = {
  'new-title': 'مفتاح جديد',
  name: 'الاسم',
  'name-example': 'أين تستخدمه: حاسوبي، الخادم',
  'limit-day': 'الحد الأعلى في اليوم، TON',
  'limit-month': 'الحد الأعلى في الشهر، TON',
  'limit-none': 'بلا حد',
  create: 'أنشئ المفتاح',
  'created-title': 'مفتاحك الجديد: {name}',
  'created-once': 'انسخه الآن، فلن تراه مرة أخرى.',
  'created-careful': 'من يملكه يستطيع أن ينفق من رصيدك حتى حدود المفتاح.',
  'created-done': 'نسخته',
  'created-try': 'إلى الأمثلة، والمفتاح فيها',
  'key-label': 'مفتاح API',

  'list-title': 'مفاتيحك',
  'list-none': 'ليس لديك مفتاح بعد.',
  'never-used': 'لم يُستخدم بعد',
  'last-used': 'آخر استخدام {age}',
  'spent-ever': 'أنفق {amount} في المجموع',
  'spent-day': 'اليوم {spent} من {limit}',
  'spent-month': 'هذا الشهر {spent} من {limit}',
  'spent-day-free': 'اليوم {spent}، بلا حد',
  'limit-reached': 'بلغ حدّه: تُرفض الطلبات حتى يبدأ الحد من جديد أو ترفعه.',
  change: 'عدّل',
  'change-of': 'عدّل {name}',
  save: 'احفظ',
  revoke: 'ألغِ',
  'revoke-of': 'ألغِ {name}',
  'revoke-ask': 'تلغي «{name}»؟ كل ما يستخدمه يتوقف خلال ثوانٍ، بلا رجعة.',
  revoked: 'أُلغي «{name}».',

  'fault-name-empty': 'سمّه باسم تعرفه به.',
  'fault-name-long': 'لا يزيد الاسم على 64 حرفًا.',
  'fault-limit-wrong': 'اكتب مبلغًا مثل 0.5، أو اتركه فارغًا بلا حد.',
  'fault-limit-zero': 'مفتاح لا ينفق شيئًا لا فائدة منه. اتركه فارغًا بلا حد.',
  'fault-limit-above-month': 'لا يكون حد اليوم أكبر من حد الشهر.',
  'refused-too-many': 'لديك 50 مفتاحًا، وهذا أقصى عدد. ألغِ مفتاحًا لم تعد تستخدمه.',
  'refused-gone': 'أُلغي هذا المفتاح من قبل.',
}
