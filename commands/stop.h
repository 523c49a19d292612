#ifndef COMMANDS_STOP_H
#define COMMANDS_STOP_H

#include <stdbool.h>

/*
 * For commands that write into a store: from here on SIGINT, SIGTERM and SIGHUP end what runs at
 * the next row, so that nothing is half there. What was ignored (nohup) stays so.
 */
void stop_on_signals(void);
bool stop_asked(void);

#endif
