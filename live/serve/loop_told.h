#ifndef LIVE_SERVE_LOOP_TOLD_H
#define LIVE_SERVE_LOOP_TOLD_H

#include "live/serve/serve.h"

/*
 * Telling, on the loop: what changed is looked for, kept in a journal, and told by a thread for
 * each channel, one event at a time. Nothing here waits.
 */
struct uv_loop_s;
struct tellers;

/* 0, or a negative errno with *why. *ret is NULL where nobody is to be told. */
int tellers_open(const struct serve_config *config, struct diag *why, struct tellers **ret);
/* After the loop has ended. NULL is fine, here and below. */
void tellers_close(struct tellers *tellers);

void tellers_look(
	struct tellers *tellers, size_t store, const struct scene *scene, struct wall now);
/* Begin with what is due. */
void tellers_run(struct tellers *tellers, struct uv_loop_s *loop);
/* What is being told is given up, and told again by the next run. */
void tellers_stop(struct tellers *tellers);

#endif
