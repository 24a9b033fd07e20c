#ifndef FACEQ_CNETTLE_H
#define FACEQ_CNETTLE_H

#include <nettle/sha2.h>
#include <nettle/version.h>

/// The digest of what `context` was given, SHA256_DIGEST_SIZE bytes.
static inline void nettle_finish_sha256(struct sha256_ctx *context, uint8_t *digest) {
#if NETTLE_VERSION_MAJOR >= 4
  nettle_sha256_digest(context, digest);
#else
  nettle_sha256_digest(context, SHA256_DIGEST_SIZE, digest);
#endif
}

#endif
