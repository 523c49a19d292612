// The static report, as it opens from disk.
import {after, afterEach, test} from 'node:test';
import assert from 'node:assert/strict';
import {join} from 'node:path';
import {STORES, close, end, fits, isAccessible, isSound, open, run, shot, store, visit} from
	'./browser.mjs';

afterEach(close);
after(end);

for (const [name, word] of [['normal', 'Up'], ['outage', 'Down'], ['blind', 'Not measured'],
	['many', 'Up'], ['empty', 'Learning'], ['hostile', 'Down']])
	test(`report of ${name}`, async () => {
		const folder = join(STORES, `${name}.pages`);
		await run('report', '-s', store(name), '-o', folder);
		await open();
		const page = await visit(`file://${folder}/index.html`);
		assert.equal(await page.locator('.word').innerText(), word);
		assert.match(await page.locator('body').innerText(), /What was not measured[^]*How to cite/);
		assert.notEqual(await page.locator('.word').evaluate(e => getComputedStyle(e).fontSize), '16px',
			'it has no style');
		await fits(page);
		await isAccessible(page);
		await shot(page, `report-${name}`);
		await page.setViewportSize({width: 400, height: 800});
		await fits(page);
		await shot(page, `report-${name}-400`);
		await page.emulateMedia({colorScheme: 'dark'});
		await isAccessible(page);
		await isSound(page);
	});

test('report with scripts off', async () => {
	const folder = join(STORES, 'still.pages');
	await run('report', '-s', store('normal'), '-o', folder);
	await open({javaScriptEnabled: false});
	const page = await visit(`file://${folder}/index.html`);
	await page.locator('.out a').first().click();
	await page.getByRole('heading', {name: 'Evidence'}).waitFor();
	await fits(page);
	await shot(page, 'report-one');
	await page.getByRole('link', {name: 'lightsout'}).click();
	await page.waitForURL(/index.html$/);
	assert.equal(await page.getByRole('button').count(), 0, 'a button that does nothing');
	await isSound(page);
});
