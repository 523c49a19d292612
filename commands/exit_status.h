#ifndef COMMANDS_EXIT_STATUS_H
#define COMMANDS_EXIT_STATUS_H

/* What lightsout says to whom started it. */
enum exit_status {
	EXIT_ANSWERED = 0,   /* done; of check: every argument has an answer */
	EXIT_NO_ANSWER = 1,  /* of check: measured, and an argument has none */
	EXIT_TROUBLE = 2,    /* usage or system error */
	EXIT_UNMEASURED = 3, /* of check: not measured, or its silence not proven */
};

#endif
