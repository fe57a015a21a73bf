import type { WordsOf } from '../../../words/define-words.ts'
import type { en } from './en.ts'

/** What is said where machines are confirmed, in Arabic. */
export const ar: WordsOf<typeof en> = {
  title: 'أجهزتك',
  why: 'أكّد جهازك من هنا، فيُختم ما تسأله إياه في هاتفك: لا يقرؤه إلا ذلك الجهاز، ونحن ننقل ما لا نستطيع قراءته.',
  how: 'يعرض الجهاز رمزه حين يبدأ العمل. خذ الرمز من شاشة الجهاز نفسه، لا من رسالة.',
  none: 'ليس لديك جهاز بعد. أضف واحدًا من صفحة «اكسب».',
  add: 'أضف جهازك',
  confirmed: 'مؤكَّد على جهازك هذا',
  open: 'غير مؤكَّد: تُنقل أسئلته بلا ختم',
  confirm: 'قارن',
  unconfirm: 'ألغِ التأكيد',
  'unconfirm-sure': 'هل توقف الختم لجهاز {name}؟',
  compare: 'هل تعرض شاشة الجهاز نفسه هذا تمامًا؟',
  same: 'نعم، هذا تمامًا',
  scan: 'امسح رمز الجهاز',
  'scan-hint': 'وجّه الكاميرا إلى الرمز على شاشة الجهاز',
  paste: 'أو اكتب ما يعرضه الجهاز',
  'name-placeholder': 'run_…',
  check: 'أكّد',
  done: 'تأكّد {name}.',
  'not-one': 'هذا ليس رمز جهاز.',
  'too-many': 'أكّدت أجهزة كثيرة ولا مكان لغيرها. ألغِ تأكيد واحد أولًا.',
  another: 'جهاز ليس لك',
  'another-sure': 'هذا الجهاز ليس من أجهزتك. أكّده فقط إن كان صاحبه يشاركك إياه وأراك شاشته.',
  code: 'رمز {name}',
}
