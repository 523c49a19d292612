#include "tests/bench/histories/spans.h"

#include <stdlib.h>

#include "core/mem.h"

void spans_add(struct spans *spans, struct span span)
{
	if (span.end <= span.start)
		return;
	spans->items = mem_grow(spans->items, &spans->capacity, spans->count + 1, sizeof(span));
	spans->items[spans->count++] = span;
}

void spans_finish(struct spans *spans)
{
	free(spans->items);
	*spans = (struct spans){0};
}

static int by_start(const void *a, const void *b)
{
	const struct span *x = a;
	const struct span *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return (x->end < y->end) - (x->end > y->end);
}

void spans_settle(struct spans *spans)
{
	size_t kept = 0;
	int64_t end = INT64_MIN;

	if (spans->count == 0)
		return;
	qsort(spans->items, spans->count, sizeof(*spans->items), by_start);
	for (size_t i = 0; i < spans->count; i++) {
		struct span span = spans->items[i];
		if (span.start < end)
			span.start = end;
		if (span.end <= span.start)
			continue;
		end = span.end;
		spans->items[kept++] = span;
	}
	spans->count = kept;
	spans->cursor = 0;
}

const struct span *spans_at(struct spans *spans, int64_t t)
{
	size_t i = spans->cursor;

	if (spans->count == 0)
		return NULL;
	while (i > 0 && spans->items[i].start > t)
		i--;
	while (i + 1 < spans->count && spans->items[i].end <= t)
		i++;
	spans->cursor = i;
	const struct span *span = &spans->items[i];
	return span->start <= t && t < span->end ? span : NULL;
}

static double along(const struct span *span, int64_t t, double from, double to)
{
	return from + (to - from) * (double)(t - span->start) / (double)(span->end - span->start);
}

double span_share(const struct span *span, int64_t t)
{
	return span ? along(span, t, span->from, span->to) : 0;
}

double span_extra(const struct span *span, int64_t t)
{
	return span ? along(span, t, span->extra_from, span->extra_to) : 0;
}

void instants_add(struct instants *instants, int64_t t)
{
	instants->items =
		mem_grow(instants->items, &instants->capacity, instants->count + 1, sizeof(t));
	instants->items[instants->count++] = t;
}

static int ascending(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a;
	int64_t y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

void instants_settle(struct instants *instants)
{
	if (instants->count)
		qsort(instants->items, instants->count, sizeof(int64_t), ascending);
}

int64_t instants_before(const struct instants *instants, int64_t t)
{
	size_t i = instants->count;

	while (i > 1 && instants->items[i - 1] > t)
		i--;
	return instants->items[i ? i - 1 : 0];
}
