// The choice of a language while tables come late or do not come.

import assert from 'node:assert/strict';
import test from 'node:test';

import { TableLoader } from '../../../web/js/language/table-loader.js';

/** A loader, its answers by code, and a list of what the page is told. */
function begin() {
  const [answers, told] = [{}, []];
  const load = (code) => new Promise((come, fail) => {
    answers[code] = { come: () => come({ code }), fail: () => fail(new Error(code)) };
  });
  const loader = new TableLoader(load, (code, table) => told.push(['show', code, table.code]), () => told.push(['keep']));
  return { loader, answers, told };
}

test('the page speaks a language when its table is there', async () => {
  const { loader, answers, told } = begin();
  const choice = loader.choose('de');
  assert.deepEqual(told, []);
  answers.de.come();
  assert.equal(await choice, true);
  assert.deepEqual(told, [['show', 'de', 'de']]);
});

test('the page keeps its language where the table does not come, and the choice does not count', async () => {
  const { loader, answers, told } = begin();
  const choice = loader.choose('de');
  answers.de.fail();
  assert.equal(await choice, false);
  assert.deepEqual(told, [['keep']]);
});

test('a table that fails does not drop the one that was chosen after it', async () => {
  const { loader, answers, told } = begin();
  const [first, second] = [loader.choose('de'), loader.choose('fr')];
  answers.de.fail();
  assert.equal(await first, false);
  assert.deepEqual(told, []);
  answers.fr.come();
  assert.equal(await second, true);
  assert.deepEqual(told, [['show', 'fr', 'fr']]);
});

test('a table that comes late does not replace the one that was chosen after it', async () => {
  const { loader, answers, told } = begin();
  const [first, second] = [loader.choose('de'), loader.choose('fr')];
  answers.fr.come();
  assert.equal(await second, true);
  answers.de.come();
  assert.equal(await first, false);
  assert.deepEqual(told, [['show', 'fr', 'fr']]);
});
