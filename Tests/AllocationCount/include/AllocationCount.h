#pragma once

/// How often the calling thread has asked for memory so far: malloc, calloc, realloc and their aligned relatives.
long allocation_count(void);
