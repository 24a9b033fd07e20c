// The message digests of OpenSSL 1.1 and 3 (EVP_DigestInit(3)), declared by hand so that only libcrypto is needed to
// build, whichever version's headers are installed.
#pragma once

#include <stddef.h>

#pragma clang assume_nonnull begin

typedef struct evp_md_ctx_st EVP_MD_CTX;
typedef struct evp_md_st EVP_MD;

EVP_MD_CTX *_Nullable EVP_MD_CTX_new(void);
void EVP_MD_CTX_free(EVP_MD_CTX *context);
const EVP_MD *EVP_sha256(void);
int EVP_DigestInit_ex(EVP_MD_CTX *context, const EVP_MD *type, void *_Nullable engine);
int EVP_DigestUpdate(EVP_MD_CTX *context, const void *_Nullable bytes, size_t count);
int EVP_DigestFinal_ex(EVP_MD_CTX *context, unsigned char *digest, unsigned int *_Nullable count);

#pragma clang assume_nonnull end
