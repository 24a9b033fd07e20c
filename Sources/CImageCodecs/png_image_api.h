// libpng's simplified API, declared by hand so that no libc header is needed (this module is also compiled for the
// bare-metal ARM triple). Follows png.h of libpng 1.6.39; `PNG_IMAGE_VERSION` guards the layout of `png_image`.
// No stable API: for FaceImages only.
#pragma once
#include <stddef.h>
#include <stdint.h>

enum { PNG_IMAGE_VERSION = 1 };
enum { PNG_FORMAT_RGB = 2 };
enum { PNG_IMAGE_FLAG_16BIT_sRGB = 4 };

typedef struct {
  struct png_control *opaque;
  uint32_t version;
  uint32_t width;
  uint32_t height;
  uint32_t format;
  uint32_t flags;
  uint32_t colormap_entries;
  uint32_t warning_or_error;
  char message[64];
} png_image;

typedef struct png_color_struct {
  uint8_t red;
  uint8_t green;
  uint8_t blue;
} png_color;

int png_image_begin_read_from_memory(png_image *image, const void *memory, size_t size);
int png_image_finish_read(png_image *image, const png_color *background, void *buffer, int32_t rowStride,
                          void *colormap);
void png_image_free(png_image *image);

/// With a null `memory` only `*size` is set.
int png_image_write_to_memory(png_image *image, void *memory, size_t *size, int convertTo8Bit, const void *buffer,
                              int32_t rowStride, const void *colormap);

/// zlib's CRC-32, by which a chunk ends; `crc` is 0, or the result for what comes before `bytes`.
unsigned long png_crc32(unsigned long crc, const unsigned char *bytes, unsigned int count) __asm__("crc32");

/// Swift imports `message` as a tuple; this is its address.
static inline const char *png_image_message(const png_image *image) { return image->message; }
