import { meanScores, scoreRanking } from '../../src/domain/evaluation/ranking-scores.ts';

const perfect = { hit_at_1: 1, hit_at_5: 1, recall: 1, reciprocal_rank: 1, average_precision: 1, ndcg: 1 };
const nothing = { hit_at_1: 0, hit_at_5: 0, recall: 0, reciprocal_rank: 0, average_precision: 0, ndcg: 0 };

test('a ranking that begins with all that is relevant has every score full, and one without it none', () => {
  expect(scoreRanking(['a', 'b', 'c'], new Set(['b', 'a']))).toEqual(perfect);
  expect(scoreRanking(['c', 'd'], new Set(['a']))).toEqual(nothing);
  expect(scoreRanking([], new Set(['a']))).toEqual(nothing);
});

test('what is found late or not at all costs as the definitions say', () => {
  const scores = scoreRanking(['x', 'a', 'y', 'b'], new Set(['a', 'b', 'never']));
  expect(scores).toMatchObject({ hit_at_1: 0, hit_at_5: 1, recall: 2 / 3, reciprocal_rank: 1 / 2 });
  expect(scores.average_precision).toBeCloseTo((1 / 2 + 2 / 4) / 3);
  const [gain, best] = [1 / Math.log2(3) + 1 / Math.log2(5), 1 + 1 / Math.log2(3) + 1 / Math.log2(4)];
  expect(scores.ndcg).toBeCloseTo(gain / best);
});

test('the mean of no ranking is none', () => {
  expect(meanScores([])).toBeNull();
  expect(meanScores([perfect, nothing])).toMatchObject({ hit_at_1: 0.5, ndcg: 0.5 });
});
