// Video4Linux2's calls and structures (linux/videodev2.h) on 64-bit Linux, as far as a camera that streams into mapped
// buffers needs them: declared by hand, like system.h and for its reasons.

#pragma once

#include <stdint.h>

#include "system.h"

#pragma clang assume_nonnull begin

int system_ioctl(int descriptor, unsigned long request, void *argument) __asm__("ioctl");

/// `struct v4l2_capability`.
typedef struct {
  uint8_t driver[16], card[32], bus[32];
  uint32_t version, capabilities, device_capabilities, reserved[3];
} video_capability;

/// `struct v4l2_fmtdesc`.
typedef struct {
  uint32_t index, type, flags;
  uint8_t description[32];
  uint32_t pixel_format, media_code, reserved[3];
} video_format_description;

/// `struct v4l2_format` of a picture in one plane.
typedef struct {
  uint32_t type, padding;
  uint32_t width, height, pixel_format, field, row_bytes, bytes, rest[44];
} video_format;

/// `struct v4l2_requestbuffers`.
typedef struct {
  uint32_t count, type, memory, capabilities, flags;
} video_buffer_request;

/// `struct v4l2_buffer` of a buffer that is mapped.
typedef struct {
  uint32_t index, type, bytes_used, flags, field, padding;
  int64_t seconds, microseconds;
  uint32_t timecode[4], sequence, memory;
  uint64_t offset;
  uint32_t length, reserved[3];
} video_buffer;

_Static_assert(sizeof(video_capability) == 104, "struct v4l2_capability has 104 bytes");
_Static_assert(sizeof(video_format_description) == 64, "struct v4l2_fmtdesc has 64 bytes");
_Static_assert(sizeof(video_format) == 208, "struct v4l2_format has 208 bytes");
_Static_assert(sizeof(video_buffer_request) == 20, "struct v4l2_requestbuffers has 20 bytes");
_Static_assert(sizeof(video_buffer) == 88, "struct v4l2_buffer has 88 bytes");

static const uint32_t video_capture = 1;           // V4L2_BUF_TYPE_VIDEO_CAPTURE
static const uint32_t video_can_capture = 1;       // V4L2_CAP_VIDEO_CAPTURE
static const uint32_t video_can_stream = 1 << 26;  // V4L2_CAP_STREAMING
static const uint32_t video_has_device_capabilities = 1u << 31;
static const uint32_t video_memory_mapped = 1;     // V4L2_MEMORY_MMAP
static const uint32_t video_buffer_is_broken = 64; // V4L2_BUF_FLAG_ERROR
static const uint32_t video_field_any = 0;

static const uint32_t video_mjpg = 'M' | 'J' << 8 | 'P' << 16 | 'G' << 24;
static const uint32_t video_jpeg = 'J' | 'P' << 8 | 'E' << 16 | 'G' << 24;
static const uint32_t video_yuyv = 'Y' | 'U' << 8 | 'Y' << 16 | 'V' << 24;

// The requests as _IOR, _IOW and _IOWR make them on x86-64 and AArch64.
static const unsigned long video_query_capability = 0x80685600;  // VIDIOC_QUERYCAP
static const unsigned long video_describe_format = 0xc0405602;   // VIDIOC_ENUM_FMT
static const unsigned long video_set_format = 0xc0d05605;        // VIDIOC_S_FMT
static const unsigned long video_request_buffers = 0xc0145608;   // VIDIOC_REQBUFS
static const unsigned long video_query_buffer = 0xc0585609;      // VIDIOC_QUERYBUF
static const unsigned long video_queue_buffer = 0xc058560f;      // VIDIOC_QBUF
static const unsigned long video_dequeue_buffer = 0xc0585611;    // VIDIOC_DQBUF
static const unsigned long video_start_streaming = 0x40045612;   // VIDIOC_STREAMON
static const unsigned long video_stop_streaming = 0x40045613;    // VIDIOC_STREAMOFF

static const int system_try_again = 11;       // EAGAIN
static const int system_not_a_terminal = 25;  // ENOTTY: what devices say to requests that they do not know
static const int system_invalid = 22;         // EINVAL
static const int system_busy = 16;            // EBUSY
static const int system_no_device = 19;       // ENODEV

/// Opens a camera for reading and writing, without waiting in any call.
static inline int system_open_device(const char *path) {
  return open(path, /* O_RDWR */ 2 | SYSTEM_NONBLOCKING | SYSTEM_CLOSE_ON_EXEC);
}

/// Maps a device's buffer, shared with the device; null with errno where that fails.
static inline void *_Nullable system_map_device(int descriptor, size_t length, long offset) {
  void *address = mmap(NULL, length, /* PROT_READ | PROT_WRITE */ 3, /* MAP_SHARED */ 1, descriptor, offset);
  return address == (void *)-1 ? NULL : address;
}

#pragma clang assume_nonnull end
