/* What moves: the line under the pointer, keys, and the page itself when something is told.
   Everything here is also there without it. */
(function () {
	'use strict';
	var d = document, root = d.documentElement, $ = function (id) { return d.getElementById(id); };

	/* light and dark */
	var theme = $('theme'), kept = null;
	try { kept = localStorage.getItem('theme'); } catch (e) { /* none kept */ }
	if (kept) root.dataset.theme = kept;
	if (theme) {
		theme.hidden = false;
		theme.onclick = function () {
			var dark = root.dataset.theme === 'dark' ||
				(!root.dataset.theme && matchMedia('(prefers-color-scheme:dark)').matches);
			root.dataset.theme = dark ? 'light' : 'dark';
			try { localStorage.setItem('theme', root.dataset.theme); } catch (e) { /* not kept */ }
		};
	}

	/* the line through all rows, and what it says */
	function stack(s) {
		var from = +s.dataset.a, to = +s.dataset.b, at = null, down = null;
		function add(name) { var e = d.createElement('div'); e.className = name; s.appendChild(e); return e; }
		var cross = add('cross'), read = add('read'), drag = add('drag');
		read.setAttribute('aria-live', 'polite');
		function plot() { return (s.querySelector('.strip') || s.querySelector('.plot')).getBoundingClientRect(); }
		function left(t, p) { return p.left - s.getBoundingClientRect().left + p.width * (t - from) / (to - from); }
		function time(x) { var p = plot(); return from + (to - from) * (x - p.left) / p.width; }
		function show(t) {
			at = Math.max(from, Math.min(to, t));
			var p = plot(), x = left(at, p), words = [];
			s.querySelectorAll('.strip').forEach(function (strip) {
				var w = '?';
				strip.querySelectorAll('g[data-s]').forEach(function (g) { if (+g.dataset.s <= at) w = g.dataset.w; });
				words.push(w);
			});
			if (words.length > 16) {
				var n = {};
				words.forEach(function (w) { n[w] = (n[w] || 0) + 1; });
				words = Object.keys(n).map(function (w) { return n[w] + ' ' + w; });
			}
			cross.style.left = x + 'px';
			read.textContent = new Date(at).toISOString().slice(0, 19).replace('T', ' ') + ' UTC    ' + words.join('  ');
			cross.style.display = read.style.display = 'block';
			read.style.left = Math.max(0, Math.min(s.offsetWidth - read.offsetWidth, x - read.offsetWidth / 2)) + 'px';
		}
		function hide() { cross.style.display = read.style.display = drag.style.display = 'none'; at = down = null; }
		s.addEventListener('pointermove', function (e) {
			var p = plot();
			if (e.clientX < p.left || e.clientX > p.right) { if (down === null) hide(); return; }
			show(time(e.clientX));
			if (down !== null) {
				var a = left(Math.min(down, at), p), b = left(Math.max(down, at), p);
				drag.style.left = a + 'px';
				drag.style.width = b - a + 'px';
				drag.style.display = 'block';
			}
		});
		s.addEventListener('pointerleave', hide);
		s.addEventListener('pointerdown', function (e) {
			if (e.pointerType === 'mouse' && e.button === 0 && !e.target.closest('a')) { down = time(e.clientX); e.preventDefault(); s.focus(); }
		});
		s.addEventListener('pointerup', function (e) {
			var a = down, b = time(e.clientX);
			down = null;
			drag.style.display = 'none';
			if (a !== null && Math.abs(a - b) > (to - from) / 100)
				location.search = '?from=' + new Date(Math.min(a, b)).toISOString() + '&to=' + new Date(Math.max(a, b)).toISOString();
		});
		s.addEventListener('keydown', function (e) {
			var step = (to - from) / (e.shiftKey ? 24 : 240);
			if (e.key === 'ArrowLeft' || e.key === 'ArrowRight') {
				show((at === null ? to : at) + (e.key === 'ArrowLeft' ? -step : step));
				e.preventDefault();
			} else if (e.key === 'Escape') {
				hide();
			} else if (e.key === 'Enter' && at !== null) {
				var x = 100 * (at - from) / (to - from);
				s.querySelectorAll('.brk a').forEach(function (a) {
					if (x >= +a.dataset.a - 0.2 && x <= +a.dataset.b + 0.2) location.href = a.getAttribute('href');
				});
			}
		});
		var asked = new URLSearchParams(location.search).get('at');
		if (asked && !isNaN(Date.parse(asked))) show(Date.parse(asked));
	}
	d.querySelectorAll('.stack').forEach(stack);
	d.addEventListener('keydown', function (e) {
		var i = 'hdwmy'.indexOf(e.key), links = d.querySelectorAll('.seg a');
		if (e.key.length === 1 && i >= 0 && links[i] && !e.ctrlKey && !e.metaKey && !e.altKey) location.href = links[i].href;
	});

	/* ages grow by themselves */
	function words(ms) {
		var s = Math.max(0, Math.floor(ms / 1000)), units = [['d', 86400], ['h', 3600], ['min', 60], ['s', 1]], i = 0, out = [];
		while (i < 3 && s < units[i][1]) i++;
		for (var k = i; k < 4 && k < i + 2; k++) {
			var n = Math.floor(s / units[k][1]);
			s %= units[k][1];
			if (n || k === i) out.push(n + ' ' + units[k][0]);
		}
		return out.join(' ');
	}

	/* live: told by events, the page is asked for again and what differs is put in */
	var main = $('live');
	if (!main || !window.EventSource || main.dataset.live !== '1') return;
	var heard = Date.now(), last = null, busy = false, again = false, first = true;
	function refresh() {
		if (busy) { again = true; return; }
		busy = true;
		fetch(location.href, {headers: {Accept: 'text/html'}}).then(function (r) {
			if (!r.ok) throw new Error(r.status);
			return r.text();
		}).then(function (text) {
			var next = new DOMParser().parseFromString(text, 'text/html');
			var fresh = next.getElementById('live'), held = d.activeElement, kept = held && held.className;
			if (!fresh) return;
			var open = Array.prototype.map.call(main.querySelectorAll('details'), function (e) { return e.open; });
			main.innerHTML = fresh.innerHTML;
			main.querySelectorAll('details').forEach(function (e, i) { e.open = !!open[i]; });
			d.title = next.title;
			if ($('clock') && next.getElementById('clock')) $('clock').textContent = next.getElementById('clock').textContent;
			main.querySelectorAll('.stack').forEach(stack);
			if (kept === 'stack' && main.querySelector('.stack')) main.querySelector('.stack').focus({preventScroll: true});
			main.dataset.fresh = Date.now();
		}).catch(function () { /* the next event asks again */ }).then(function () {
			busy = false;
			if (again) { again = false; refresh(); }
		});
	}
	if ($('reading')) setTimeout(refresh, 1500);
	var source = new EventSource('/events');
	function told(e) {
		heard = Date.now();
		var now = null;
		try { now = JSON.parse(e.data); } catch (x) { return; }
		if (main.dataset.store && now.store && now.store !== main.dataset.store) return;
		if (e.type === 'state' && first) { first = false; return; }
		refresh();
		if (e.type === 'sweep') setTimeout(refresh, 1500); /* the hosts are read a moment later */
	}
	['state', 'change', 'vantage', 'sweep'].forEach(function (n) { source.addEventListener(n, told); });
	source.addEventListener('beat', function () { heard = Date.now(); });
	source.onopen = function () { heard = Date.now(); };
	setInterval(function () {
		var now = Date.now(), stale = $('stale');
		stale.hidden = now - heard < 90000;
		if (!stale.hidden) stale.textContent = 'not live since ' + new Date(heard).toISOString().slice(11, 19);
		d.querySelectorAll('[data-age]').forEach(function (e) { e.textContent = words(now - e.dataset.age); });
		if ($('clock')) $('clock').textContent = $('clock').textContent.replace(/\d\d:\d\d:\d\d$/, new Date(now).toISOString().slice(11, 19));
	}, 1000);
})();
