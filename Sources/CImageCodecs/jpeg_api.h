// libjpeg's API (jpeglib.h of libjpeg-turbo, ABI 6.2) for Swift, which cannot jump over its own frames: libjpeg reports
// an error by calling a function that must not return, so every call that may fail is wrapped in a function here that
// returns false instead. No stable API: for FaceImages only.
#pragma once

#include <stddef.h>
#include <stdint.h>

// jpeglib.h wants to know FILE, for functions that are not used here. No libc header is included, because this module is
// also compiled for the bare-metal ARM triple.
typedef struct _IO_FILE FILE;
#include <jpeglib.h>
#include <jerror.h>

/// Large enough for glibc's jmp_buf, which has 200 bytes on x86-64 and 312 on AArch64.
typedef struct {
  _Alignas(16) unsigned char bytes[512];
} jpeg_return_point;

__attribute__((returns_twice)) int jpeg_set_return_point(jpeg_return_point *point) __asm__("_setjmp");
_Noreturn void jpeg_return_to(jpeg_return_point *point, int value) __asm__("longjmp");

typedef struct {
  /// One of jerror.h's JWRN_ codes.
  int code;
  char text[JMSG_LENGTH_MAX];
} jpeg_warning;

/// What libjpeg has reported of one file. `client_data` of its structs points here.
typedef struct {
  struct jpeg_error_mgr manager;
  jpeg_return_point return_point;
  /// The text of the error, where a function has returned false.
  char error[JMSG_LENGTH_MAX];
  /// The first warning of each code.
  jpeg_warning warnings[16];
  int warning_count;
} jpeg_reports;

static inline void jpeg_report_error(j_common_ptr common) {
  jpeg_reports *reports = (jpeg_reports *)common->client_data;
  common->err->format_message(common, reports->error);
  jpeg_return_to(&reports->return_point, 1);
}

/// libjpeg calls a warning a message of level −1.
static inline void jpeg_report_message(j_common_ptr common, int level) {
  jpeg_reports *reports = (jpeg_reports *)common->client_data;
  if (level >= 0) return;
  for (int index = 0; index < reports->warning_count; index++) {
    if (reports->warnings[index].code == common->err->msg_code) return;
  }
  if (reports->warning_count == sizeof reports->warnings / sizeof *reports->warnings) return;
  jpeg_warning *warning = &reports->warnings[reports->warning_count++];
  warning->code = common->err->msg_code;
  common->err->format_message(common, warning->text);
}

static inline void jpeg_report_to(jpeg_reports *reports, j_common_ptr common) {
  *reports = (jpeg_reports){0};
  common->err = jpeg_std_error(&reports->manager);
  common->err->error_exit = jpeg_report_error;
  common->err->emit_message = jpeg_report_message;
  common->client_data = reports;
}

static inline const char *jpeg_warning_text(const jpeg_warning *warning) { return warning->text; }

// Reading. A reader must not move in memory from `jpeg_reader_open` to `jpeg_reader_close`.

typedef struct {
  struct jpeg_decompress_struct decoder;
  struct jpeg_progress_mgr progress;
  jpeg_reports reports;
  /// The decoder then holds the coefficients of the whole picture at its full size.
  _Bool has_several_scans;
  /// A file without its end marker may lack pixels and show no other trace of it: arithmetic codes that are cut short,
  /// or scans that have not come.
  _Bool needs_end_marker;
} jpeg_reader;

/// A hostile file of a few kilobytes can have thousands of scans of a picture of millions of pixels.
enum { JPEG_LARGEST_SCAN_COUNT = 500 };

static inline void jpeg_limit_scans(j_common_ptr common) {
  jpeg_reader *reader = (jpeg_reader *)common;
  if (reader->decoder.input_scan_number <= JPEG_LARGEST_SCAN_COUNT) return;
  static const char text[] = "more than 500 scans";
  __builtin_memcpy(reader->reports.error, text, sizeof text);
  jpeg_return_to(&reader->reports.return_point, 1);
}

/// Reads the file's header, and keeps its APP1 segments. `jpeg_reader_close` is due whatever this returns.
static inline _Bool jpeg_reader_open(jpeg_reader *reader, const uint8_t *bytes, size_t count) {
  jpeg_report_to(&reader->reports, (j_common_ptr)&reader->decoder);
  // What `jpeg_reader_close` looks at, where even the decoder cannot be made.
  reader->decoder.mem = NULL;
  if (jpeg_set_return_point(&reader->reports.return_point)) return 0;
  jpeg_create_decompress(&reader->decoder);
  reader->decoder.progress = &reader->progress;
  reader->progress.progress_monitor = jpeg_limit_scans;
  jpeg_mem_src(&reader->decoder, bytes, count);
  jpeg_save_markers(&reader->decoder, JPEG_APP0 + 1, 0xffff);
  jpeg_read_header(&reader->decoder, TRUE);
  reader->has_several_scans = jpeg_has_multiple_scans(&reader->decoder);
  return 1;
}

/// Makes ready for rows of 1 / `reduction` (1, 2, 4, 8) of the picture's size, in `colours`.
static inline _Bool jpeg_reader_start(jpeg_reader *reader, unsigned int reduction, J_COLOR_SPACE colours) {
  if (jpeg_set_return_point(&reader->reports.return_point)) return 0;
  reader->decoder.scale_num = 1;
  reader->decoder.scale_denom = reduction;
  reader->decoder.out_color_space = colours;
  reader->decoder.dct_method = JDCT_ISLOW;
  jpeg_start_decompress(&reader->decoder);
  return 1;
}

/// Whether every coefficient of a progressive file has come with all its bits.
static inline _Bool jpeg_reader_has_all_bits(const jpeg_reader *reader) {
  if (!reader->decoder.coef_bits) return 0;
  for (int component = 0; component < reader->decoder.num_components; component++) {
    for (int coefficient = 0; coefficient < DCTSIZE2; coefficient++) {
      if (reader->decoder.coef_bits[component][coefficient] != 0) return 0;
    }
  }
  return 1;
}

/// Leaves the columns beside these out; `left` and `width`, at the reduced size, are widened to whole blocks.
static inline _Bool jpeg_reader_crop(jpeg_reader *reader, JDIMENSION *left, JDIMENSION *width) {
  if (jpeg_set_return_point(&reader->reports.return_point)) return 0;
  jpeg_crop_scanline(&reader->decoder, left, width);
  return 1;
}

/// Reads `count` rows from the row `first` on into `pixels`, `row_bytes` apart.
static inline _Bool jpeg_reader_read(jpeg_reader *reader, uint8_t *pixels, size_t row_bytes, JDIMENSION first,
                                     JDIMENSION count) {
  if (jpeg_set_return_point(&reader->reports.return_point)) return 0;
  if (first > 0) jpeg_skip_scanlines(&reader->decoder, first);
  while (reader->decoder.output_scanline < first + count) {
    JSAMPROW row = pixels + (reader->decoder.output_scanline - first) * row_bytes;
    jpeg_read_scanlines(&reader->decoder, &row, 1);
  }
  reader->needs_end_marker =
      reader->decoder.arith_code || (reader->has_several_scans && !jpeg_reader_has_all_bits(reader));
  return 1;
}

/// Reads what follows the pixels, to the end of the image. The decoder then forgets the picture, and the segments that
/// it has kept.
static inline _Bool jpeg_reader_finish(jpeg_reader *reader) {
  if (jpeg_set_return_point(&reader->reports.return_point)) return 0;
  jpeg_finish_decompress(&reader->decoder);
  return 1;
}

static inline const char *jpeg_reader_error(const jpeg_reader *reader) { return reader->reports.error; }

/// Whether a function has returned false for want of memory.
static inline _Bool jpeg_reader_lacks_memory(const jpeg_reader *reader) {
  return reader->reports.manager.msg_code == JERR_OUT_OF_MEMORY;
}

/// Null past the last one.
static inline const jpeg_warning *jpeg_reader_warning(const jpeg_reader *reader, int index) {
  return index < reader->reports.warning_count ? &reader->reports.warnings[index] : NULL;
}

static inline void jpeg_reader_close(jpeg_reader *reader) {
  if (reader->decoder.mem) jpeg_destroy_decompress(&reader->decoder);
}

// Writing.

typedef struct {
  struct jpeg_compress_struct encoder;
  jpeg_reports reports;
} jpeg_writer;

/// Makes a baseline JPEG file with full colour resolution (4:4:4) of RGB pixels, [row][column][3]. The caller frees
/// `*file`, which is null where this returns false.
static inline _Bool jpeg_writer_write(jpeg_writer *writer, const uint8_t *pixels, unsigned int width,
                                      unsigned int height, int quality, unsigned char **file, unsigned long *count) {
  *file = NULL;
  *count = 0;
  jpeg_report_to(&writer->reports, (j_common_ptr)&writer->encoder);
  writer->encoder.mem = NULL;
  if (jpeg_set_return_point(&writer->reports.return_point)) {
    if (writer->encoder.mem) jpeg_destroy_compress(&writer->encoder);
    // libjpeg may have replaced the memory without saying so.
    *file = NULL;
    return 0;
  }
  jpeg_create_compress(&writer->encoder);
  jpeg_mem_dest(&writer->encoder, file, count);
  writer->encoder.image_width = width;
  writer->encoder.image_height = height;
  writer->encoder.input_components = 3;
  writer->encoder.in_color_space = JCS_RGB;
  jpeg_set_defaults(&writer->encoder);
  jpeg_set_quality(&writer->encoder, quality, TRUE);
  writer->encoder.dct_method = JDCT_ISLOW;
  for (int component = 0; component < 3; component++) {
    writer->encoder.comp_info[component].h_samp_factor = 1;
    writer->encoder.comp_info[component].v_samp_factor = 1;
  }
  jpeg_start_compress(&writer->encoder, TRUE);
  while (writer->encoder.next_scanline < height) {
    JSAMPROW row = (JSAMPROW)(pixels + (size_t)writer->encoder.next_scanline * width * 3);
    jpeg_write_scanlines(&writer->encoder, &row, 1);
  }
  jpeg_finish_compress(&writer->encoder);
  jpeg_destroy_compress(&writer->encoder);
  return 1;
}

static inline const char *jpeg_writer_error(const jpeg_writer *writer) { return writer->reports.error; }

/// As `jpeg_reader_lacks_memory`.
static inline _Bool jpeg_writer_lacks_memory(const jpeg_writer *writer) {
  return writer->reports.manager.msg_code == JERR_OUT_OF_MEMORY;
}
