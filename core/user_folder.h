#ifndef CORE_USER_FOLDER_H
#define CORE_USER_FOLDER_H

/*
 * Folders in which a user's programs keep what they make (the XDG Base Directory Specification,
 * 0.8), or a service its own (systemd.exec(5), CacheDirectory= and the like).
 */

/*
 * `service` and `xdg` are names of environment variables: the first folder that the one names,
 * or ours in the folder that the other names, or `home` in the home directory. Owned by the
 * caller; NULL: there is none, as the variable that should name it is no absolute path. It need
 * not exist yet.
 */
char *user_folder(const char *service, const char *xdg, const char *home);

/* Made, with all above it that are not there, for this user alone. A descriptor, or a negative
 * errno. */
int user_folder_open(const char *folder);

#endif
