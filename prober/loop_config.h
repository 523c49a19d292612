#ifndef PROBER_LOOP_CONFIG_H
#define PROBER_LOOP_CONFIG_H

#include <stdbool.h>

#include "core/settings.h"
#include "core/text.h"
#include "prober/io/capture.h"
#include "prober/io/notify.h"
#include "prober/io/transmit.h"
#include "prober/report.h"
#include "prober/request.h"
#include "prober/storing.h"
#include "store/store.h"
#include "targets/targets.h"

/* What the loop works with; all of it is borrowed. */
struct loop_config {
	struct request *request; /* read again on SIGHUP; has the next two */
	const struct settings *settings;
	struct target_set *targets; /* routers met on the path are added */
	struct transmit *transmit;
	struct capture *capture;
	struct store *store;     /* read in the beginning */
	struct store_reader **history; /* to learn from, then closed and NULL; NULL: nothing */
	struct storing *storing; /* sweeps go to it */
	struct notify *notify;   /* the service manager */
	bool once;               /* one full sweep, now */
	bool partial;            /* ... told as a watch sweep: prober/schedule/series.h */
	enum report_style style;
	int ifindex; /* -I: of the interface that counts; 0: any, or there is none now */
};

#endif
