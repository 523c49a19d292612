#include "exchange/foreign/xml.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <expat.h>

#include "core/mem.h"

struct xml {
	XML_Parser parser;
	struct xml_events events;
	bool stopped;
};

static void stop(struct xml *x, bool go_on)
{
	if (go_on || x->stopped)
		return;
	x->stopped = true;
	XML_StopParser(x->parser, XML_FALSE);
}

static void XMLCALL on_begin(void *data, const XML_Char *name, const XML_Char **attributes)
{
	struct xml *x = data;

	if (!x->stopped)
		stop(x, x->events.begin(x->events.ctx, name, (const char *const *)attributes));
}

static void XMLCALL on_end(void *data, const XML_Char *name)
{
	struct xml *x = data;

	if (!x->stopped)
		stop(x, x->events.end(x->events.ctx, name));
}

struct xml *xml_open(struct xml_events events)
{
	struct xml *x = mem_zeroed(1, sizeof(*x));

	x->events = events;
	x->parser = mem_checked(XML_ParserCreate(NULL));
	XML_SetUserData(x->parser, x);
	XML_SetElementHandler(x->parser, on_begin, on_end);
	return x;
}

void xml_close(struct xml *x)
{
	if (!x)
		return;
	XML_ParserFree(x->parser);
	free(x);
}

int xml_feed(struct xml *x, const char *bytes, size_t len, bool last, struct diag *why)
{
	if (XML_Parse(x->parser, bytes, (int)len, last) == XML_STATUS_OK)
		return 0;
	why->text[0] = '\0';
	if (!x->stopped)
		diag_set(why, "no XML: %s", XML_ErrorString(XML_GetErrorCode(x->parser)));
	return -EINVAL;
}

unsigned long xml_line(const struct xml *x)
{
	return (unsigned long)XML_GetCurrentLineNumber(x->parser);
}
