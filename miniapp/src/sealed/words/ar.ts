import type { WordsOf } from '../../words/define-words.ts'
import type { en } from './en.ts'

/** What is said of seals, in Arabic. */
export const ar: WordsOf<typeof en> = {
  simulated: 'محاكاة: للتجربة فقط، ولا تثبت شيئًا.',
  why: 'لماذا لا يستطيع أحد أن يقرأ هذا؟',
  'why-own': 'لماذا لا يقرأ هذا إلا جهازك؟',
  'why-refused': 'ما الذي لم ينجح؟',
  details: 'التفاصيل',
  'look-checking': 'يفحص جهازك هذا الأجهزة التي ستجيب.',
  'look-confidential': 'يُختم سؤالك هنا لأجهزة فحصها جهازك هذا.',
  'look-own': 'يُختم سؤالك هنا لجهازك وحده.',
  'look-refused': 'لا جهاز ينجح في الفحص الآن، ولن يُرسل شيء.',
  'look-no-own': 'لا يشغّل أيٌّ من الأجهزة التي أكّدتها هذا النموذج الآن.',
}
