import { sampleFilter, toggled } from './sample-filters';

it('asks for what the address names', () => {
  expect(sampleFilter({ outcome: 'unknown,wrong', category: 'virtue', q: ' too much  change ' })).toEqual({
    outcome: 'wrong,unknown',
    category: 'virtue',
    q: 'too much  change',
  });
});

it('drops what makes no sense', () => {
  expect(sampleFilter({ outcome: 'bad,', category: 'virtues', q: '  ' })).toEqual({});
  expect(sampleFilter({})).toEqual({});
});

it('turns outcomes on and off', () => {
  expect(toggled({}, 'wrong')).toBe('wrong');
  expect(toggled({ outcome: 'wrong' }, 'error')).toBe('wrong,error');
  expect(toggled({ outcome: 'wrong,error' }, 'wrong')).toBe('error');
});

it('shows everything when none or all are chosen', () => {
  expect(toggled({ outcome: 'wrong' }, 'wrong')).toBeUndefined();
  expect(toggled({ outcome: 'wrong,unknown,error' }, 'correct')).toBeUndefined();
});
