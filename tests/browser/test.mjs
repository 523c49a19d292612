// The live page, as a browser shows it: each state, each way to look at it.
import {after, afterEach, test} from 'node:test';
import assert from 'node:assert/strict';
import {join} from 'node:path';
import {STORES, close, end, fits, isAccessible, isSound, isStrict, open, read, run, serve, shot,
	store, visit} from './browser.mjs';

afterEach(close);
after(end);

const states = {
	normal: {word: 'Up', says: /Outages/},
	outage: {word: 'Down', says: /Cause so far/},
	blind: {word: 'Not measured', says: /none sees/},
	empty: {word: 'Learning', says: /Nothing is called down before that/},
	many: {word: 'Up', says: /400 blocks/},
	hostile: {word: 'Down', says: /<img src=x onerror=/},
};
for (const [name, {word, says}] of Object.entries(states))
	test(`${name}: wide, narrow and dark`, async () => {
		const url = await serve(name);
		await read(url);
		const context = await open();
		const page = await visit(url);
		isStrict(page);
		assert.equal(await page.locator('.word').first().innerText(), word);
		assert.match(await page.locator('body').innerText(), says);
		await fits(page);
		await isAccessible(page);
		await shot(page, name);
		await page.setViewportSize({width: 400, height: 800});
		await fits(page);
		await shot(page, `${name}-400`);
		await page.setViewportSize({width: 1280, height: 900});
		await page.emulateMedia({colorScheme: 'dark'});
		await isAccessible(page);
		await shot(page, `${name}-dark`);
		assert.equal((await context.cookies()).length, 0);
		await isSound(page);
	});

test('of many blocks nothing is lit before the first sweep', async () => {
	const url = await serve('many');
	await read(url);
	await open();
	const page = await visit(url);
	const lit = await page.locator('.clip rect.u').evaluateAll(rects =>
		rects.map(rect => parseFloat(rect.getAttribute('x'))));
	assert.ok(lit.length >= 390 && Math.min(...lit) > 90, `from ${Math.min(...lit)} % on`);
	assert.match(await page.locator('.tl').first().innerText(), /D 198\.18\.7\.0\/24/);
	await isSound(page);
});

test('several stores on one page', async () => {
	const url = await serve('normal', 'outage', 'blind', 'empty');
	await open();
	const page = await visit(url);
	const words = await page.locator('.word').allInnerTexts();
	assert.deepEqual(words, ['Up', 'Down', 'Not measured', 'Learning']);
	const strip = await page.locator('.strip').first().boundingBox();
	assert.ok(strip.width > 1000, 'a strip as wide as its box');
	await fits(page);
	await isAccessible(page);
	await shot(page, 'several');
	await page.getByRole('link', {name: 'outage', exact: true}).click();
	assert.equal(await page.locator('.word').innerText(), 'Down');
	await isSound(page);
});

test('one outage', async () => {
	const url = await serve('normal');
	await read(url);
	await open();
	const page = await visit(url);
	await page.locator('.out a').first().click();
	assert.match(await page.locator('body').innerText(), /Who went when/);
	await fits(page);
	await isAccessible(page);
	await shot(page, 'one');
	await page.setViewportSize({width: 400, height: 800});
	await fits(page);
	await shot(page, 'one-400');
	await isSound(page);
});

test('with scripts off', async () => {
	const url = await serve('normal');
	await read(url);
	await open({javaScriptEnabled: false});
	const page = await visit(url);
	await shot(page, 'noscript');
	await page.getByRole('link', {name: 'Week'}).click();
	assert.equal(new URL(page.url()).search, '?window=week');
	assert.equal(await page.locator('.seg a[aria-current]').innerText(), 'Week');
	assert.equal(await page.getByRole('button').count(), 0, 'a button that does nothing');
	await isSound(page);
});

test('keys, readout and zoom', async () => {
	const url = await serve('normal');
	await read(url);
	await open();
	const page = await visit(url);
	const stack = page.locator('.stack'), readout = page.locator('.read');
	await stack.focus();
	await page.keyboard.press('ArrowLeft');
	const first = await readout.innerText();
	assert.match(first, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/);
	await page.keyboard.press('Shift+ArrowLeft');
	assert.ok(await readout.innerText() < first, 'the line goes back in time');
	await page.keyboard.press('Escape');
	assert.equal(await readout.isVisible(), false);
	await page.locator('.strip').first().hover();
	assert.equal(await readout.isVisible(), true);
	const moment = await page.locator('.brk a').first().evaluate(a => (+a.dataset.a + +a.dataset.b) / 200);
	const span = await stack.evaluate((s, share) => +s.dataset.a + share * (s.dataset.b - s.dataset.a), moment);
	await page.goto(`${url}/?at=${new Date(span).toISOString()}`);
	await page.locator('.stack').focus();
	await shot(page, 'readout');
	await page.keyboard.press('Enter');
	await page.waitForURL(/\/outage\//);
	await page.goto(url);
	await page.keyboard.press('w');
	await page.waitForURL(/window=week/);
	await page.goto(url);
	const box = await page.locator('.strip').first().boundingBox();
	await page.mouse.move(box.x + box.width * 0.4, box.y + 5);
	await page.mouse.down();
	await page.mouse.move(box.x + box.width * 0.6, box.y + 5, {steps: 4});
	await page.mouse.up();
	await page.waitForURL(/from=.*to=/);
	await page.locator('#theme').click();
	assert.match(await page.locator('html').getAttribute('data-theme'), /dark|light/);
	await isSound(page);
});

test('the strip turns when sweeps are stored', async () => {
	const url = await serve('live');
	await read(url);
	await open();
	const page = await visit(url);
	assert.equal(await page.locator('.word').innerText(), 'Up');
	const dark = () => page.locator('.strip').first().locator('.d').count();
	assert.equal(await dark(), 0);
	await page.waitForTimeout(500); // it listens
	let took;
	for (let n = 45; n < 60 && took === undefined; n++) {
		await run('import', join(STORES, `live-${n}.set`), '-s', store('live'));
		const stored = Date.now();
		const {stdout} = await run('status', '-s', store('live'), '-o', 'csv:-');
		if (!/,country,down,/.test(stdout)) continue;
		await page.locator('.word', {hasText: 'Down'}).waitFor({timeout: 10000});
		took = Date.now() - stored;
	}
	assert.notEqual(took, undefined, 'it never went dark');
	assert.ok(await dark() > 0, 'the strip');
	assert.match(await page.title(), /^D /);
	console.log(`# the strip turned ${took} ms after the commit`);
	await shot(page, 'turned');
	await isSound(page);
});
