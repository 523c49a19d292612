#ifndef COMMANDS_STATUS_ROWS_H
#define COMMANDS_STATUS_ROWS_H

#include "exchange/output.h"
#include "live/scene.h"

/* The rows of `lightsout status`, from what a scene says: docs/FORMATS.md. */
struct status_sheet {
	struct outputs *outputs;
	struct wall now;
	bool named; /* a table tells whose a block is: there are several stores */
};

/* Before any row: so that there is a header, whatever comes. */
void status_declare(struct outputs *outputs);
/* A row a block, then one of the country. */
void status_blocks(const struct status_sheet *sheet, const struct scene *scene);
/* A row a vantage point, in jsonl and tables. */
void status_vantages(const struct status_sheet *sheet, const struct scene *scene);

#endif
