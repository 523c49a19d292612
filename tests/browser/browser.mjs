// What the tests share: the server, the browser, and what every page must hold.
import {spawn, execFile} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';
import assert from 'node:assert/strict';

// LIGHTSOUT the program, STORES where worlds.py has made its stores, SHOTS where pictures go,
// MODULES where npm has put what package.json names.
export const {LIGHTSOUT, STORES, SHOTS, MODULES} = process.env;
const require = createRequire(join(MODULES, 'package.json'));
const {chromium} = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

export const run = (...args) => promisify(execFile)(LIGHTSOUT, args.map(String));
export const store = name => join(STORES, `${name}.db`);

const begun = [];
export async function serve(...names) {
	const options = names.flatMap(name => ['-s', store(name)]);
	const child = spawn(LIGHTSOUT, ['serve', ...options, '--listen', '127.0.0.1:0'],
		{stdio: ['ignore', 'inherit', 'pipe']});
	begun.push(child);
	let said = '';
	return new Promise((done, fail) => {
		child.stderr.on('data', bytes => {
			said += bytes;
			const port = /on port (\d+)/.exec(said);
			if (port) done(`http://127.0.0.1:${port[1]}`);
		});
		child.on('exit', () => fail(new Error(`lightsout serve: ${said}`)));
	});
}

let profile, context;
export async function open(settings = {}) {
	profile = mkdtempSync(join(tmpdir(), 'lightsout-browser-'));
	context = await chromium.launchPersistentContext(profile, {
		executablePath: '/usr/bin/chromium', headless: true, timezoneId: 'UTC', locale: 'en',
		viewport: {width: 1280, height: 900}, ...settings,
		args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
			'--disable-background-networking', '--disable-component-update', '--disable-sync'],
	});
	return context;
}

export async function close() {
	await context?.close();
	context = undefined;
	if (profile) rmSync(profile, {recursive: true, force: true, maxRetries: 5});
	profile = undefined;
}

export async function end() {
	await close();
	for (const child of begun.splice(0)) {
		child.kill();
		if (child.exitCode === null) await once(child, 'exit');
	}
}

// A page of which everything that goes wrong is kept in page.troubles.
export async function visit(address) {
	const page = await context.newPage();
	page.troubles = [];
	page.on('console', message => {
		if (['error', 'warning'].includes(message.type())) page.troubles.push(message.text());
	});
	page.on('pageerror', error => page.troubles.push(String(error)));
	page.on('requestfailed', request => {
		if (!request.url().endsWith('/events')) page.troubles.push(`failed: ${request.url()}`);
	});
	page.on('response', response => {
		if (response.status() >= 400) page.troubles.push(`${response.status()} ${response.url()}`);
	});
	page.on('request', request => {
		const asked = new URL(request.url()), from = new URL(address);
		if (asked.host !== from.host) page.troubles.push(`asks elsewhere: ${request.url()}`);
	});
	page.answer = await page.goto(address);
	return page;
}

// Until the hosts of its time have been read.
export async function read(address) {
	for (let i = 0; i < 100; i++) {
		const text = await (await fetch(address)).text();
		if (!text.includes('id="reading"')) return;
		await new Promise(done => setTimeout(done, 100));
	}
	throw new Error(`${address}: its hosts are not read`);
}

export const shot = (page, name) =>
	page.screenshot({path: join(SHOTS, `${name}.png`), fullPage: true});

export async function isSound(page) {
	assert.deepEqual(page.troubles, []);
}

// A policy that lets in nothing but the page's own files.
export function isStrict(page) {
	const policy = page.answer.headers()['content-security-policy'];
	assert.match(policy, /^default-src 'none'/);
	assert.doesNotMatch(policy, /unsafe|\*|https?:/);
}

export async function isAccessible(page) {
	await page.evaluate(axe);
	const found = await page.evaluate(() => axe.run(document, {resultTypes: ['violations']}));
	const serious = found.violations
		.filter(fault => ['serious', 'critical'].includes(fault.impact))
		.map(fault => `${fault.id}: ${fault.nodes.slice(0, 3).map(node => node.html).join(' | ')}`);
	assert.deepEqual(serious, []);
}

// Nothing but what is meant to scroll is wider than the window.
export async function fits(page) {
	const wide = await page.evaluate(() =>
		document.documentElement.scrollWidth - document.documentElement.clientWidth);
	assert.equal(wide, 0, 'the page scrolls sideways');
}
