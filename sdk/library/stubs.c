// What the codecs call of libc, and never should: build-library redirects it here. Pictures come from memory, errors are
// handled by the callers, and the library reads no environment and prints nothing.

#include <stddef.h>

char codec_file[1];
void *codec_stderr = codec_file;

char *codec_getenv(const char *name) { return (void)name, NULL; }
int codec_fprintf(void *file, int flag, const char *format, ...) { return (void)file, (void)flag, (void)format, 0; }
void *codec_fopen(const char *path, const char *mode) { return (void)path, (void)mode, NULL; }
int codec_fclose(void *file) { return (void)file, 0; }
size_t codec_fread(void *bytes, size_t size, size_t count, void *file) {
  return (void)bytes, (void)size, (void)count, (void)file, 0;
}
size_t codec_fwrite(const void *bytes, size_t size, size_t count, void *file) {
  return (void)bytes, (void)size, (void)count, (void)file, 0;
}
int codec_fputc(int character, void *file) { return (void)file, character; }
int codec_fflush(void *file) { return (void)file, 0; }
int codec_ferror(void *file) { return (void)file, 1; }
int codec_remove(const char *path) { return (void)path, -1; }
// libjpeg's own error handler, which FaceImages replaces.
_Noreturn void codec_exit(int status) { (void)status, __builtin_trap(); }
_Noreturn void codec_abort(void) { __builtin_trap(); }

// Of glibc since 2.36 only. Swift seeds its hash tables with it; nothing that a stranger chooses is a key here.
void arc4random_buf(void *bytes, size_t count) { __builtin_memset(bytes, 0x5a, count); }
