#ifndef FACEQ_CSQLITE_H
#define FACEQ_CSQLITE_H

#include <sqlite3.h>

/// SQLITE_TRANSIENT, a macro that Swift does not see: SQLite copies what it is given.
static inline sqlite3_destructor_type sqlite_copies(void) { return SQLITE_TRANSIENT; }

#endif
