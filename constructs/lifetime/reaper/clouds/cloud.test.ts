import { environmentFields } from '../../../../environments/schema';
import { TAG } from '../../../naming/tags';
import { MAX_TIME_LIMIT_MINUTES, readTags } from './cloud';

const limit = (text: string | undefined) => readTags({ [TAG.timeLimitMinutes]: text }).timeLimitMinutes;

test.each([
  undefined,
  '',
  '0',
  '-5',
  '12.5',
  '1e3',
  '0x10',
  ' 60',
  '60 min',
  'two hours',
  '1441',
  '99999999999',
])('a limit of %p is no limit', (text) => expect(limit(text)).toBeUndefined());

test('a limit is whole minutes, up to the longest that an environment may set', () => {
  expect(limit('1')).toBe(1);
  expect(limit('1440')).toBe(MAX_TIME_LIMIT_MINUTES);
  expect(environmentFields.shape.run.shape.timeLimitMinutes.maxValue).toBe(MAX_TIME_LIMIT_MINUTES);
});

test('the disk size is read beside it', () => {
  expect(readTags({ [TAG.timeLimitMinutes]: '60', [TAG.diskGb]: '200' })).toEqual({
    timeLimitMinutes: 60,
    diskGb: 200,
  });
});
