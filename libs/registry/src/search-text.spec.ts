import { describe, expect, it } from '@jest/globals';
import { astanaProfile } from '#profile';
import { REGISTER_EVENT_TYPES, type RegisterEvent } from './register-fold.js';
import { registerFrom } from './register.js';
import { foldText, matches } from './search-text.js';
import { similarActors, similarRegions } from './similar-names.js';

describe('folding a text for a search', () => {
  it.each([
    ['letter case', 'Ahrar AL-Sham', 'ahrar al sham'],
    ['Latin diacritics', 'Dayr az-Zawr Ḥalab Ḩamāh', 'dayr az zawr halab hamah'],
    ['alef with hamza or madda', 'أحرار إدلب آل', 'احرار ادلب ال'],
    ['alef maksura', 'مصطفى', 'مصطفي'],
    ['teh marbuta', 'غوطة', 'غوطه'],
    ['tatweel and harakat', 'النُّصـــرَة', 'النصره'],
    ['the apostrophes of transliteration', "Hay'at Hay’at Hayʼat", 'hayat hayat hayat'],
    ['punctuation and spaces', ' SY_0307 -- (Az) ', 'sy 0307 az'],
    ['presentation forms', 'ﻋﻴﻦ', 'عين'],
  ])('ignores %s', (_, text, folded) => {
    expect(foldText(text)).toBe(folded);
  });

  it('searches any of several texts', () => {
    expect(matches(foldText('Zawr'), ['SY09', null, 'Dayr az-Zawr'])).toBe(true);
    expect(matches(foldText('Homs'), ['SY09', null, 'Dayr az-Zawr'])).toBe(false);
  });
});

describe('similar names', () => {
  const events = astanaProfile().map(({ event }) => event);
  const isRegisterEvent = (event: { type: string }): event is RegisterEvent =>
    REGISTER_EVENT_TYPES.some((type) => type === event.type);
  const register = registerFrom(
    [...events.filter(isRegisterEvent), { type: 'AliasAdded', data: { actor: 'hts', alias: 'HTS: هيئة تحرير الشام' } }],
    events.length + 1,
  );

  it.each([
    ['a code in other letters', 'SAA', 'saa'],
    ['an alias in another script', 'هيئه تحرير الشام', 'hts'],
    ['a slip of the finger', 'hezbolah', 'hezbollah'],
  ])('suggest an actor for %s', (_, given, code) => {
    expect(similarActors(given, register)[0]).toBe(code);
  });

  it('suggest regions by name', () => {
    expect(similarRegions('Aleppo', register)).toContain('SY02');
    expect(similarRegions('حلب', register)).toContain('SY02');
  });

  it('suggest nothing for what is like no name', () => {
    expect(similarActors('qqqqqqqq', register)).toEqual([]);
    expect(similarActors('', register)).toEqual([]);
  });
});
