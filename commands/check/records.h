#ifndef COMMANDS_CHECK_RECORDS_H
#define COMMANDS_CHECK_RECORDS_H

#include "commands/check/check.h"
#include "exchange/output.h"

/*
 * A check as records: "address", one for each (address, method) asked, the
 * silent ones too, in csv and jsonl; "block" in jsonl and tables; "sweep" in
 * jsonl. Columns: docs/FORMATS.md.
 */
void check_records(const struct check *check, struct outputs *outputs);

#endif
