#ifndef EXCHANGE_DATASET_COLUMNS_H
#define EXCHANGE_DATASET_COLUMNS_H

#include "exchange/dataset_rows.h"

/* The columns of each file, in the order they are written; shared by the
 * reading and the writing half of dataset_rows. */
struct dataset_columns {
	const struct csv_column *columns;
	size_t count;
};

struct dataset_columns dataset_columns(enum dataset_file file);

enum target_column { TARGET_PREFIX, TARGET_ROLE, TARGET_LABEL };

enum sweep_column {
	SWEEPS_SWEEP,
	SWEEPS_VANTAGE,
	SWEEPS_TIER,
	SWEEPS_START,
	SWEEPS_END,
	SWEEPS_PROBED,
	SWEEPS_SENT,
	SWEEPS_RECEIVED,
	SWEEPS_CAPTURE_DROPPED,
	SWEEPS_SEND_ERRORS,
	SWEEPS_ANCHORS_PROBED,
	SWEEPS_ANCHORS_UP,
	SWEEPS_EPOCH,
	SWEEPS_INTERVAL,
	SWEEPS_METHODS,
	SWEEPS_SOURCE,
	SWEEPS_FLAGS,
	SWEEPS_CLOCK_ERROR,
	SWEEPS_COUNTS,
	SWEEPS_SERIES_SWEEP, /* written where sweeps were renumbered only */
};

enum observation_column {
	OBS_SWEEP,
	OBS_ADDRESS,
	OBS_PROBED_AT,
	OBS_METHOD,
	OBS_OUTCOME,
	OBS_RTT,
	OBS_RESPONDER,
	OBS_ICMP_TYPE,
	OBS_ICMP_CODE,
	OBS_REPLY_TTL,
	OBS_IP_ID,
	OBS_TCP_TS,
	OBS_ATTEMPT,
	OBS_ATTEMPTS,
};

enum path_column {
	PATH_SWEEP,
	PATH_ADDRESS,
	PATH_TTL,
	PATH_PROBED_AT,
	PATH_RESPONDER,
	PATH_RTT,
	PATH_OUTCOME,
};

enum boot_column { BOOT_SWEEP, BOOT_ADDRESS, BOOT_EPOCH };

enum route_column { ROUTES_TIME, ROUTES_PREFIX, ROUTES_PEER, ROUTES_EVENT, ROUTES_PATH, ROUTES_UNTIL };

#endif
